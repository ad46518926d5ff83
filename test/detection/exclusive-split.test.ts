import { expect } from '@open-wc/testing';
import { exclusiveSplit, type SplitEvidence } from '../../src/detection/exclusive-split.js';
import { likeliestStates } from '../../src/detection/likeliest-states.js';

const PARTS = 8;
const FRAME = 0.16;

/** Curves of `count` frames at 1 %, with `[start, end, score]` events; levels are −20 dBFS unless given. */
function evidence(
  count: number,
  classes: readonly (readonly (readonly [start: number, end: number, score: number])[])[],
  levels = new Float32Array(count * PARTS).fill(-20),
): SplitEvidence {
  const scores = classes.map((events) => {
    const curve = new Float32Array(count).fill(0.01);
    for (const [start, end, score] of events) curve.fill(score, start, end);
    return curve;
  });
  return { grid: { sampleRate: 32_000, offset: 0, hop: 5120, frameCount: count }, scores, levels };
}

const short = (split: ReturnType<typeof exclusiveSplit>) =>
  split.map(({ classIndex, start, end }) => [classIndex, Math.round(start / FRAME), Math.round(end / FRAME)]);

describe('likeliest states', () => {
  it('finds what trying all sequences finds', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let trial = 0; trial < 40; trial += 1) {
      const frames = 7;
      const values = Array.from({ length: 3 }, () => Float32Array.from({ length: frames }, () => random() * 6 - 3));
      const worth = (path: ArrayLike<number>, cost: number) =>
        Array.from(path).reduce((sum, s, i) => sum + values[s][i] - (i > 0 && path[i - 1] !== s ? cost : 0), 0);
      for (const cost of [0, 0.7, 2.5, 20]) {
        let best = -Infinity;
        for (let code = 0; code < 3 ** frames; code += 1) {
          const path = Array.from({ length: frames }, (_, i) => Math.floor(code / 3 ** i) % 3);
          best = Math.max(best, worth(path, cost));
        }
        expect(worth(likeliestStates(values, cost), cost)).to.be.closeTo(best, 1e-9);
      }
    }
  });

  it('breaks ties by the order of the states, and never switches for nothing', () => {
    const even = Array.from({ length: 3 }, () => new Float32Array(5));
    expect([...likeliestStates(even, 0)]).to.deep.equal([0, 0, 0, 0, 0]);
    expect([...likeliestStates([Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 1, 1, 0)], 1)]).to.deep.equal([
      0, 0, 0, 0,
    ]);
  });
});

describe('the exclusive split', () => {
  it('gives each moment to the likelier class, and the rest to none', () => {
    const split = exclusiveSplit(
      evidence(100, [
        [[10, 40, 0.9]],
        [
          [30, 60, 0.6],
          [80, 90, 0.95],
        ],
      ]),
    );
    expect(short(split)).to.deep.equal([
      [0, 10, 40],
      [1, 40, 60],
      [1, 80, 90],
    ]);
    expect(split[0].score).to.be.closeTo(0.9, 0.03);
    expect(split[1].end).to.be.at.most(split[2].start);
  });

  it('takes a sound of 50 % from the length of the switching cost on', () => {
    const lasting = (frames: number, score: number) =>
      exclusiveSplit(evidence(200, [[[100, 100 + frames, score]]]), 10 * FRAME).length;
    expect(lasting(9, 0.5)).to.equal(0);
    expect(lasting(11, 0.5)).to.equal(1);
    expect(lasting(4, 0.95)).to.equal(0);
    expect(lasting(5, 0.95), 'a surer sound may be shorter').to.equal(1);
    expect(lasting(2, 1), 'but never under a quarter').to.equal(0);
  });

  it('bridges a dip that is not worth two switches', () => {
    const withDip = (frames: number) =>
      exclusiveSplit(
        evidence(100, [
          [
            [20, 50, 0.9],
            [50 + frames, 80, 0.9],
          ],
        ]),
        1,
      ).length;
    expect(withDip(2)).to.equal(1);
    expect(withDip(12)).to.equal(2);
  });

  it('has no more segments the more a switch costs', () => {
    const curve = Array.from({ length: 3 }, (_, k) =>
      Float32Array.from({ length: 400 }, (_v, i) => 0.5 + 0.45 * Math.sin(i * (0.3 + k / 7) + k)),
    );
    const counts = [0, 0.1, 0.4, 1, 3, 30].map(
      (cost) => exclusiveSplit({ ...evidence(400, []), scores: curve }, cost).length,
    );
    expect(counts).to.deep.equal([...counts].sort((a, b) => b - a));
    expect(counts[0]).to.be.above(counts[5]);
  });

  it('puts boundaries between two classes where their scores cross', () => {
    const { grid, levels } = evidence(20, []);
    const rising = Float32Array.from({ length: 20 }, (_, i) => 1 / (1 + Math.exp(-(i - 9.75))));
    const falling = rising.map((score) => 1 - score);
    const [first, second] = exclusiveSplit({ grid, scores: [falling, rising], levels }, 0.2);
    expect(second.start).to.be.closeTo(10.25 * FRAME, 1e-6);
    expect(first.end).to.equal(second.start);
  });

  it('moves the boundary to “other” to where the level changes', () => {
    const levels = new Float32Array(100 * PARTS).fill(-60);
    levels.fill(-20, 20 * PARTS + 3, 40 * PARTS - 2);
    const [only] = exclusiveSplit(evidence(100, [[[20, 40, 0.9]]], levels));
    expect(only.start).to.be.closeTo(20 * FRAME + 0.06, 1e-6);
    expect(only.end).to.be.closeTo(40 * FRAME - 0.04, 1e-6);
  });

  it('keeps order when the level jumps inside a short class at the edge of a long one', () => {
    const levels = new Float32Array(100 * PARTS).fill(-60);
    levels.fill(-10, 22 * PARTS, 60 * PARTS);
    const split = exclusiveSplit(evidence(100, [[[20, 21, 1]], [[21, 60, 1]]], levels), 0.1);
    expect(split.map(({ classIndex }) => classIndex)).to.deep.equal([0, 1]);
    for (const { start, end } of split) expect(start).to.be.below(end);
    expect(split[0].end).to.equal(split[1].start);
  });

  it('says nothing where any class has not been analysed, and reaches across nowhere', () => {
    const partial = evidence(60, [[[10, 50, 0.9]], []]);
    partial.scores[1].fill(NaN, 25, 35);
    expect(short(exclusiveSplit(partial))).to.deep.equal([
      [0, 10, 25],
      [0, 35, 50],
    ]);
    partial.scores[0].fill(NaN);
    expect(exclusiveSplit(partial)).to.deep.equal([]);
  });

  it('takes scores of exactly 0 and 1', () => {
    const split = exclusiveSplit(evidence(50, [[[10, 30, 1]], [[0, 50, 0]]]));
    expect(short(split)).to.deep.equal([[0, 10, 30]]);
  });

  it('is defined for no class, one class and thirty', () => {
    expect(exclusiveSplit(evidence(50, []))).to.deep.equal([]);
    expect(short(exclusiveSplit(evidence(50, [[[0, 50, 0.8]]])))).to.deep.equal([[0, 0, 50]]);
    const thirty = Array.from({ length: 30 }, (_, k) => [[k * 10, k * 10 + 10, 0.9]] as const);
    expect(exclusiveSplit(evidence(300, thirty)).map(({ classIndex }) => classIndex)).to.deep.equal(
      Array.from({ length: 30 }, (_, k) => k),
    );
  });

  it('gives equally likely classes to the one that was named first', () => {
    const same = [[5, 45, 0.9]] as const;
    expect(short(exclusiveSplit(evidence(50, [same, same])))).to.deep.equal([[0, 5, 45]]);
  });

  it('divides two hours among ten classes in a fraction of a second', () => {
    const frames = 45_000;
    const events = Array.from({ length: 10 }, (_, k) =>
      Array.from({ length: 450 }, (_v, n) => [n * 100 + k * 10, n * 100 + k * 10 + 9, 0.9] as const),
    );
    const long = evidence(frames, events);
    const start = performance.now();
    expect(exclusiveSplit(long).length).to.equal(4500);
    expect(performance.now() - start).to.be.below(1000);
  });
});
