import { expect } from '@open-wc/testing';
import { nextZeroCrossing } from '../../src/dsp/zero-crossing.js';

/** One period has 20 samples; its sign changes at every tenth. */
const tone = Float32Array.from({ length: 100 }, (_, i) => Math.sin((2 * Math.PI * (i + 0.25)) / 20));

describe('nextZeroCrossing', () => {
  it('goes from crossing to crossing, both ways, to the quieter sample of each', () => {
    const walk = (from: number, direction: 1 | -1): number[] => {
      const next = nextZeroCrossing(tone, from, direction);
      return next === null ? [] : [next, ...walk(next, direction)];
    };
    expect(walk(3, 1)).to.deep.equal([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(walk(37, -1)).to.deep.equal([30, 20, 10]);
  });

  it('starts at either end of the samples too', () => {
    expect(nextZeroCrossing(tone, 0, 1)).to.equal(10);
    expect(nextZeroCrossing(tone, tone.length, -1)).to.equal(90);
    expect(nextZeroCrossing(tone, tone.length, 1)).to.equal(null);
    expect(nextZeroCrossing(tone, 0, -1)).to.equal(null);
  });

  it('finds an exact zero once', () => {
    const samples = Float32Array.from([-0.5, 0, 0.5, 0.5, 0, -0.5]);
    expect(nextZeroCrossing(samples, 0, 1)).to.equal(1);
    expect(nextZeroCrossing(samples, 1, 1)).to.equal(4);
    expect(nextZeroCrossing(samples, 4, 1)).to.equal(null);
    expect(nextZeroCrossing(samples, 5, -1)).to.equal(4);
  });

  it('finds none in silence, in an offset, or in nothing', () => {
    for (const samples of [new Float32Array(50), new Float32Array(50).fill(0.2), new Float32Array(0)]) {
      expect(nextZeroCrossing(samples, 25, 1)).to.equal(null);
      expect(nextZeroCrossing(samples, 25, -1)).to.equal(null);
    }
  });
});
