import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { Resampler } from '../../src/dsp/index.js';
import { fitSine, noise, sameBits, sine, sineEquivalent } from './signals.js';

const decibels = (ratio: number) => 20 * Math.log10(ratio);

/** Both directions, a pure decimation and interpolation, ratios of many phases, and two without a common divisor. */
const RATES: [number, number][] = [
  [48_000, 32_000],
  [44_100, 32_000],
  [44_100, 48_000],
  [22_050, 32_000],
  [11_025, 48_000],
  [8000, 48_000],
  [192_000, 32_000],
  [44_101, 32_000],
  [37_799, 48_000],
];

function resampleAll(resampler: Resampler, input: Float32Array): Float32Array {
  return resampler.resample(input, 0, 0, resampler.outputLength(input.length));
}

for (const [source, target] of RATES) {
  describe(`resampling ${source} Hz to ${target} Hz`, () => {
    const resampler = new Resampler(source, target);
    const lower = Math.min(source, target);
    const length = Math.round(source / 10);
    /** Output samples near an end, where the silence beyond it is heard. */
    const margin = Math.ceil((50 * target) / lower);

    it('is flat within 0.0001 dB, without delay or images above −100 dB, up to 0.45 of the lower rate', () => {
      for (let step = 1; step <= 30; step++) {
        const frequency = (lower * 0.45 * step) / 30;
        const output = resampleAll(resampler, sine(length, frequency, source));
        const { amplitude, phase, residual } = fitSine(output, frequency, target, margin);
        expect(Math.abs(decibels(amplitude)), `gain at ${frequency} Hz`).to.be.below(1e-4);
        expect(Math.abs(phase), `phase at ${frequency} Hz`).to.be.below(1e-6);
        expect(decibels(residual), `images of ${frequency} Hz`).to.be.below(-100);
      }
    });

    if (target < source) {
      it('stops what lies above 0.517 of the lower rate by 100 dB', () => {
        for (let step = 0; step <= 30; step++) {
          const frequency = lower * 0.517 + ((source * 0.4999 - lower * 0.517) * step) / 30;
          const output = resampleAll(resampler, sine(length, frequency, source));
          expect(decibels(sineEquivalent(output, margin)), `${frequency} Hz`).to.be.below(-100);
        }
      });
    }

    it('keeps a constant, and the length of the recording', () => {
      const output = resampleAll(resampler, new Float32Array(length).fill(1));
      expect(output.length).to.equal(Math.ceil((length * target) / source));
      for (const value of output.subarray(margin, -margin)) expect(value).to.be.closeTo(1, 5e-7);
    });

    it('gives the same bits from any span that holds the needed input', () => {
      const input = noise(6000);
      const outputs = resampler.outputLength(input.length);
      const whole = resampleAll(resampler, input);
      fc.assert(
        fc.property(fc.nat(outputs - 1), fc.nat(outputs), (start, wanted) => {
          const count = Math.min(wanted, outputs - start);
          const needed = resampler.neededInput(start, count);
          const span = input.subarray(needed.start, needed.end);
          const part = resampler.resample(span, needed.start, start, count);
          expect(sameBits(part, whole.subarray(start, start + count))).to.equal(true);
        }),
        { numRuns: 40 },
      );
    });
  });
}

describe('resampler', () => {
  it('leaves an impulse where it is and spreads it evenly to both sides', () => {
    const impulse = new Float32Array(9600);
    impulse[4800] = 1;
    const output = resampleAll(new Resampler(48_000, 32_000), impulse);
    expect(output.reduce((best, value, n) => (value > output[best]! ? n : best), 0)).to.equal(3200);
    for (let n = 1; n < 100; n++) expect(output[3200 + n]).to.be.closeTo(output[3200 - n]!, 1e-8);
    expect(output.subarray(0, 3100).every((value) => value === 0)).to.equal(true);
  });

  it('is exact hours into a recording', () => {
    const resampler = new Resampler(44_101, 32_000);
    const outStart = 32_000 * 3600 * 10 + 17;
    const { start, end } = resampler.neededInput(outStart, 2000);
    const frequency = 1000;
    const input = Float32Array.from({ length: end - start }, (_, n) =>
      Math.sin(2 * Math.PI * frequency * (((start + n) % 44_101) / 44_101)),
    );
    const output = resampler.resample(input, start, outStart, 2000);
    output.forEach((value, n) => {
      const expected = Math.sin(2 * Math.PI * frequency * (((outStart + n) % 32_000) / 32_000));
      expect(value).to.be.closeTo(expected, 1e-5);
    });
  });

  it('gives the samples themselves between equal rates', () => {
    const resampler = new Resampler(32_000, 32_000);
    const input = noise(1000);
    expect(resampler.neededInput(100, 50)).to.deep.equal({ start: 100, end: 150 });
    expect(resampler.resample(input.subarray(40), 40, 100, 50)).to.deep.equal(input.subarray(100, 150));
  });

  it('resamples recordings of a few samples, and none', () => {
    const resampler = new Resampler(48_000, 32_000);
    expect(resampleAll(resampler, new Float32Array()).length).to.equal(0);
    expect(resampleAll(resampler, Float32Array.of(1)).length).to.equal(1);
    expect(resampleAll(resampler, new Float32Array(10).fill(0.5)).every(Number.isFinite)).to.equal(true);
  });

  it('keeps two ratios in turn apart', () => {
    const input = noise(3000);
    const down = new Resampler(48_000, 32_000);
    const up = new Resampler(44_100, 48_000);
    const before = resampleAll(down, input);
    resampleAll(up, input);
    expect(resampleAll(down, input)).to.deep.equal(before);
  });

  it('refuses input that begins too late, and rates that no recording has', () => {
    const resampler = new Resampler(48_000, 32_000);
    expect(() => resampler.resample(new Float32Array(100), 1000, 600, 10)).to.throw(RangeError, 'begins at 1000');
    for (const rate of [0, -1, 44_100.5, NaN, 4e9])
      expect(() => new Resampler(rate, 32_000)).to.throw(RangeError, 'sample rate');
  });
});
