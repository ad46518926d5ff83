import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { drawOver, drawStretch, type DrawnStretch } from '../../src/dsp/drawn-envelope.js';
import { gainAt, gainEnvelope } from '../../src/dsp/gain-envelope.js';

const DURATION = 10;
const SHAPE = { attack: 0.01, hold: 0, release: 0.01, padding: 0, floor: -Infinity };
const BARKS = gainEnvelope(
  [
    { start: 2, end: 3 },
    { start: 5, end: 6 },
  ],
  'mute',
  SHAPE,
  DURATION,
);

const stretch = (...points: [time: number, gain: number][]) =>
  points.map(([time, gain]) => ({ time, gain })) as unknown as DrawnStretch;

describe('an envelope drawn by hand', () => {
  it('is as drawn within the stretch, and as before elsewhere', () => {
    const drawn = drawOver(BARKS, [stretch([1.99, 1], [2, 0.25], [3, 0.25], [3.01, 1])], DURATION);
    expect([1, 2.5, 4, 5.5].map((time) => gainAt(drawn, time))).to.deep.equal([1, 0.25, 1, 0]);
    expect(drawn).to.deep.include({ time: 5.01 - 0.02, gain: 1 });
  });

  it('is led to within 5 ms where the envelope has gone elsewhere', () => {
    const drawn = drawOver([{ time: 0, gain: 1 }], [stretch([2, 0], [3, 0])], DURATION);
    expect([1.995, 2, 3, 3.005].map((time) => gainAt(drawn, time))).to.deep.equal([1, 0, 0, 1]);
    expect(gainAt(drawn, 1.9975)).to.be.closeTo(0.5, 1e-9);
  });

  it('has no step, whatever lies under it and however near two stretches are', () => {
    const time = fc.integer({ min: 0, max: 1000 * DURATION - 10 }).map((milliseconds) => milliseconds / 1000);
    const gain = fc.double({ min: 0, max: 1, noNaN: true });
    const spans = fc.array(fc.tuple(time, fc.double({ min: 0.01, max: 2, noNaN: true })), { maxLength: 8 });
    fc.assert(
      fc.property(
        spans,
        fc.array(fc.array(fc.tuple(time, gain), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        (starts, drawings) => {
          const automatic = gainEnvelope(
            starts.map(([start, length]) => ({ start, end: start + length })),
            'mute',
            { ...SHAPE, attack: 0, release: 0 },
            DURATION,
          );
          const stretches = drawings.reduce<readonly DrawnStretch[]>((all, points) => {
            const sorted = points
              .toSorted(([a], [b]) => a - b)
              .map(([at, g], i) => [at + i * 1e-3, g] as [number, number]);
            return drawStretch(all, stretch(...sorted));
          }, []);
          const drawn = drawOver(automatic, stretches, DURATION);
          expect(drawn.every(({ time: at }, i) => at >= (drawn[i - 1]?.time ?? 0) && at <= DURATION)).to.equal(true);
          for (const { time: at, gain: wanted } of stretches.flat()) {
            if (at < DURATION) expect(gainAt(drawn, at)).to.be.closeTo(wanted, 1e-6);
          }
          // A step in the automatic envelope stays one where nothing is drawn; at a stretch's ends there is none.
          for (const points of stretches) {
            for (const { time: at } of [points[0], points.at(-1)!]) {
              if (at < 0.001 || at > DURATION - 0.001) continue;
              const jump = drawn.some(
                (point, i) =>
                  point.time === at && drawn[i + 1]?.time === at && Math.abs(drawn[i + 1]!.gain - point.gain) > 1e-6,
              );
              expect(jump).to.equal(false);
            }
          }
        },
      ),
    );
  });

  it('replaces what was drawn there before, and keeps the rest of it', () => {
    const first = drawStretch([], stretch([1, 0.1], [2, 0.2], [3, 0.3]));
    const second = drawStretch(first, stretch([1.5, 0.9], [2.5, 0.9]));
    expect(second).to.deep.equal([stretch([1, 0.1], [1.5, 0.9], [2.5, 0.9], [3, 0.3])]);
    const apart = drawStretch(second, stretch([0.2, 1], [0.4, 0]));
    expect(apart.map(([{ time }]) => time)).to.deep.equal([0.2, 1]);
  });

  it('ends with the recording', () => {
    const drawn = drawOver(BARKS, [stretch([9, 0], [11, 1]), stretch([12, 0], [13, 0])], DURATION);
    expect(drawn.at(-1)).to.deep.equal({ time: 10, gain: 0.5 });
  });
});
