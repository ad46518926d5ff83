import { expect } from '@open-wc/testing';
import { Quantiser } from '../../src/dsp/quantiser.js';

const BITS = [16, 24] as const;

describe('Quantiser', () => {
  it('gives every integer back that it was made of', () => {
    for (const bits of BITS) {
      const fullScale = 2 ** (bits - 1);
      const integers = [-fullScale, -fullScale + 1, -1, 0, 1, 12_345, fullScale - 1];
      const samples = Float32Array.from(integers, (value) => value / fullScale);
      for (const ditherSeed of [null, 1]) {
        expect(Array.from(new Quantiser(bits, ditherSeed).quantise(samples, 1))).to.deep.equal(integers);
      }
    }
  });

  it('holds at full scale and counts what was beyond it', () => {
    const quantiser = new Quantiser(16, null);
    expect(Array.from(quantiser.quantise(Float32Array.of(1, 2, -1, -1.1, 0.5), 1))).to.deep.equal([
      32_767, 32_767, -32_768, -32_768, 16_384,
    ]);
    expect(quantiser.clipped).to.equal(3);
  });

  it('applies one gain or one a sample, rounding to nearest', () => {
    const quantiser = new Quantiser(16, null);
    const samples = Float32Array.from([1000, 1001, 1000], (value) => value / 32_768);
    expect(Array.from(quantiser.quantise(samples, 0.5))).to.deep.equal([500, 501, 500]);
    expect(Array.from(quantiser.quantise(samples, Float64Array.of(0, 1, 0.25)))).to.deep.equal([0, 1001, 250]);
  });

  it('makes the error of a slow ramp independent of it: mean 0, variance a quarter', () => {
    const quantiser = new Quantiser(16, 7);
    const samples = Float32Array.from({ length: 200_000 }, (_, i) => (100 + (i % 997) / 997) / 32_768);
    const errors = Array.from(quantiser.quantise(samples, 1), (value, i) => value - samples[i] * 32_768);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
    expect(mean).to.be.closeTo(0, 0.01);
    expect(variance).to.be.closeTo(0.25, 0.01);
  });

  it('leaves silence silent and turns what is no number into it', () => {
    const quantiser = new Quantiser(16, 7);
    expect(Array.from(quantiser.quantise(Float32Array.of(0, NaN, 0.3), Float64Array.of(1, 1, 0)))).to.deep.equal([
      0, 0, 0,
    ]);
  });
});
