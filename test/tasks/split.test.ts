import { expect } from '@open-wc/testing';
import { detect } from '../../src/detection/detect.js';
import { silenceScores } from '../../src/tasks/silence.js';
import { splitExclusively, splitWithOverlaps, type ClassEvidence } from '../../src/tasks/split.js';
import { evidenceOf, logitsWith, PARTS_PER_FRAME } from '../detection/evidence.js';

const FRAMES = 200;
const FRAME = 0.16;

/** A recording in two windows, of which the second may not have been analysed. */
function track(levels: Float32Array = new Float32Array(FRAMES * PARTS_PER_FRAME).fill(-20), analysed = [1, 1]) {
  const { grid } = evidenceOf(new Float32Array(FRAMES));
  const windows = [0, 1].map((index) => {
    const start = (index * FRAMES) / 2;
    return { index, start, length: FRAMES / 2, keepStart: start, keepEnd: start + FRAMES / 2 };
  });
  return {
    grid,
    levels,
    plan: { frameCount: FRAMES, melFramesPerFrame: 16, windows },
    analysed: Uint8Array.from(analysed),
  };
}

const heard = (...events: (readonly [number, number, number])[]) => detect(evidenceOf(logitsWith(FRAMES, -7, events)));
const classOf = (...detections: ReturnType<typeof heard>[]): ClassEvidence => ({ detections, silence: false });
const SILENCE: ClassEvidence = { detections: [], silence: true };

const short = (segments: readonly { classIndex: number; start: number; end: number }[]) =>
  segments.map(({ classIndex, start, end }) => [classIndex, Math.round(start / FRAME), Math.round(end / FRAME)]);

/** −20 dBFS with quiet frames at −75. */
function levelsWithQuiet(from: number, to: number): Float32Array {
  return new Float32Array(FRAMES * PARTS_PER_FRAME).fill(-20).fill(-75, from * PARTS_PER_FRAME, to * PARTS_PER_FRAME);
}

describe('a class of several prompts', () => {
  it('is heard where any of them is', () => {
    const split = splitExclusively(
      [classOf(heard([20, 40, 3]), heard([80, 100, 3])), classOf(heard([38, 60, 2]))],
      track(),
      0.4,
    );
    expect(short(split)).to.deep.equal([
      [0, 20, 40],
      [1, 40, 60],
      [0, 80, 100],
    ]);
  });

  it('has one segment where their hits overlap', () => {
    const split = splitWithOverlaps(
      [classOf(heard([20, 40, 3]), heard([30, 60, 4])), classOf(heard([50, 70, 3]))],
      track(),
    );
    expect(short(split)).to.deep.equal([
      [0, 20, 60],
      [1, 50, 70],
    ]);
    expect(split[0].score).to.be.above(0.95);
  });
});

describe('silence', () => {
  it('is what is far below the rest, in either mode', () => {
    const quiet = track(levelsWithQuiet(50, 90));
    const speech = classOf(heard([100, 150, 4]));
    expect(short(splitExclusively([speech, SILENCE], quiet, 0.4))).to.deep.equal([
      [1, 50, 90],
      [0, 100, 150],
    ]);
    expect(short(splitWithOverlaps([speech, SILENCE], quiet))).to.deep.equal([
      [1, 50, 90],
      [0, 100, 150],
    ]);
  });

  it('does not depend on the gain, up to what is loud by any measure', () => {
    const found = (gain: number) =>
      short(splitWithOverlaps([SILENCE], track(levelsWithQuiet(50, 90).map((level) => level + gain))));
    expect(found(-30)).to.deep.equal(found(0));
    expect(found(40), '−35 dBFS is not silent').to.deep.equal([]);
  });

  it('is broken by a click of 20 ms', () => {
    const levels = levelsWithQuiet(50, 90);
    levels[70 * PARTS_PER_FRAME + 3] = -20;
    expect(silenceScores(track(levels))[70]).to.be.below(0.01);
    expect(silenceScores(track(levels))[69]).to.be.above(0.99);
  });

  it('is digital silence in any case, and nothing where nothing was analysed', () => {
    const digital = track(new Float32Array(FRAMES * PARTS_PER_FRAME).fill(-Infinity));
    expect(short(splitWithOverlaps([SILENCE], digital))).to.deep.equal([[0, 0, FRAMES]]);
    const half = track(new Float32Array(FRAMES * PARTS_PER_FRAME).fill(-Infinity), [1, 0]);
    expect(short(splitExclusively([SILENCE], half, 0.4))).to.deep.equal([[0, 0, FRAMES / 2]]);
  });

  it('is not all of a recording that is quiet throughout', () => {
    const hiss = track(new Float32Array(FRAMES * PARTS_PER_FRAME).fill(-65));
    expect(splitWithOverlaps([SILENCE], hiss)).to.deep.equal([]);
  });
});
