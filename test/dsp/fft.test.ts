import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { RealFft } from '../../src/dsp/index.js';
import { noise } from './signals.js';

function directTransform(frame: Float64Array): { re: Float64Array; im: Float64Array } {
  const bins = frame.length / 2 + 1;
  const re = new Float64Array(bins);
  const im = new Float64Array(bins);
  for (let k = 0; k < bins; k++) {
    frame.forEach((sample, n) => {
      // Reduced before the division, so that the angle keeps its digits.
      const angle = (-2 * Math.PI * ((k * n) % frame.length)) / frame.length;
      re[k]! += sample * Math.cos(angle);
      im[k]! += sample * Math.sin(angle);
    });
  }
  return { re, im };
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('real FFT', () => {
  for (const size of [8, 16, 32, 64, 256, 512, 1024, 2048]) {
    it(`of ${size} samples equals the sum that defines it`, () => {
      const frame = Float64Array.from(noise(size, size));
      const expected = directTransform(frame);
      const fft = new RealFft(size);
      const re = new Float64Array(size / 2 + 1);
      const im = new Float64Array(size / 2 + 1);
      fft.transform(frame, re, im);
      expect(largestDifference(re, expected.re)).to.be.below(1e-12 * size);
      expect(largestDifference(im, expected.im)).to.be.below(1e-12 * size);
      const power = new Float64Array(size / 2 + 1);
      fft.power(frame, power);
      expect(
        largestDifference(
          power,
          re.map((value, k) => value ** 2 + im[k]! ** 2),
        ),
      ).to.be.below(1e-10 * size);
    });
  }

  it('keeps the energy of any frame (Parseval)', () => {
    const fft = new RealFft(64);
    const sample = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 64, maxLength: 64 }), (samples) => {
        const power = new Float64Array(33);
        fft.power(Float64Array.from(samples), power);
        const mirrored = power.reduce((sum, value, k) => sum + (k === 0 || k === 32 ? value : 2 * value), 0);
        const energy = samples.reduce((sum, value) => sum + value ** 2, 0);
        expect(mirrored / 64).to.be.closeTo(energy, 1e-12 * (1 + energy));
      }),
    );
  });

  it('refuses a size that is no power of two', () => {
    for (const size of [0, 4, 12, 1000, 16.5]) expect(() => new RealFft(size)).to.throw(RangeError, 'power of two');
  });
});
