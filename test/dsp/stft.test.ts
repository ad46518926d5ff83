import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { RealFft } from '../../src/dsp/fft.js';
import { frameSizeFor, Stft } from '../../src/dsp/stft.js';
import { noise } from './signals.js';

const UNITY = (stft: Stft) => () => new Float32Array(stft.binCount).fill(1);

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('inverse FFT', () => {
  for (const size of [8, 16, 64, 128, 1024, 2048]) {
    it(`gives a frame of ${size} samples back`, () => {
      const fft = new RealFft(size);
      const frame = Float64Array.from(noise(size, size));
      const re = new Float64Array(size / 2 + 1);
      const im = new Float64Array(size / 2 + 1);
      const back = new Float64Array(size);
      fft.transform(frame, re, im);
      fft.inverse(re, im, back);
      expect(frame.reduce((worst, value, i) => Math.max(worst, Math.abs(value - back[i]!)), 0)).to.be.below(
        1e-14 * size,
      );
    });
  }
});

describe('short-time Fourier transform', () => {
  it('gives any stretch of any recording back to 1e-6 at gains of 1', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16, 64, 256),
        fc.integer({ min: 1, max: 700 }),
        fc.nat(700),
        fc.nat(700),
        (size, length, a, b) => {
          const stft = new Stft(size);
          const samples = noise(length, length);
          const [start, end] = [Math.min(a, b, length), Math.min(Math.max(a, b), length)];
          const [back] = stft.filter({ start: 0, channels: [samples] }, { start, end }, UNITY(stft));
          expect(back!.length).to.equal(end - start);
          expect(largestDifference(back!, samples.subarray(start, end))).to.be.below(1e-6);
        },
      ),
    );
  });

  it('computes a stretch alike whatever run it is cut from', () => {
    const stft = new Stft(64);
    const samples = noise(1000);
    const gains = (frame: number) => Float32Array.from({ length: stft.binCount }, (_, k) => ((frame + k) % 5) / 5);
    const range = { start: 300, end: 420 };
    const [whole] = stft.filter({ start: 0, channels: [samples] }, range, gains);
    const [cut] = stft.filter({ start: 236, channels: [samples.subarray(236, 484)] }, range, gains);
    expect(largestDifference(whole!, cut!)).to.equal(0);
  });

  it('knows the frames that lie within a range and those that touch it', () => {
    const stft = new Stft(16);
    const range = { start: 20, end: 60 };
    const within = stft.framesWithin(range);
    const over = stft.framesOver(range);
    expect(stft.samplesUnder(within)).to.deep.equal({ start: 20, end: 60 });
    expect(stft.samplesUnder({ first: over.first, end: over.first + 1 }).end).to.be.above(20);
    expect(stft.samplesUnder({ first: over.first - 1, end: over.first }).end).to.be.at.most(20);
    expect(stft.samplesUnder({ first: over.end - 1, end: over.end }).start).to.be.below(60);
    expect(stft.samplesUnder({ first: over.end, end: over.end + 1 }).start).to.be.at.least(60);
    expect(stft.framesWithin({ start: 0, end: 5 })).to.deep.equal({ first: 3, end: 3 });
  });

  it('takes the mean power of the channels, so that opposite phases do not cancel', () => {
    const stft = new Stft(64);
    const left = noise(64);
    const power = new Float64Array(stft.binCount);
    const alone = new Float64Array(stft.binCount);
    stft.meanPower({ start: 0, channels: [left, left.map((value) => -value)] }, 3, power);
    stft.meanPower({ start: 0, channels: [left] }, 3, alone);
    expect([...power]).to.deep.equal([...alone]);
  });

  it('keeps samples that are no numbers from spoiling others', () => {
    const stft = new Stft(16);
    const samples = noise(64);
    samples[30] = NaN;
    samples[31] = Infinity;
    const [back] = stft.filter({ start: 0, channels: [samples] }, { start: 0, end: 64 }, UNITY(stft));
    expect(back!.every(Number.isFinite)).to.equal(true);
    expect(back![29]).to.be.closeTo(samples[29]!, 1e-6);
  });

  it('chooses frames of about the same time at any rate', () => {
    expect(frameSizeFor(48_000, 0.043)).to.equal(2048);
    expect(frameSizeFor(44_100, 0.043)).to.equal(2048);
    expect(frameSizeFor(96_000, 0.043)).to.equal(4096);
    expect(frameSizeFor(8_000, 0.043)).to.equal(256);
    expect(frameSizeFor(20, 0.043)).to.equal(8);
  });
});
