import { expect } from '@open-wc/testing';
import { frameLevels } from '../../src/dsp/index.js';
import { noise, sine } from './signals.js';

const grid = { offset: 0, hop: 160 };

describe('frame levels', () => {
  it('are −3.01 dBFS for a full-scale sine, 0 dBFS for a full-scale square wave and −∞ for silence', () => {
    const total = 160;
    const level = (samples: Float32Array) => frameLevels(samples, { start: 0, total }, grid, 0, 1)[0];
    expect(level(sine(total, 1000, 16_000))).to.be.closeTo(-3.0103, 1e-4);
    expect(level(Float32Array.from({ length: total }, (_, n) => (n % 2 === 0 ? 1 : -1)))).to.equal(0);
    expect(level(new Float32Array(total))).to.equal(-Infinity);
  });

  it('are the same from a span as from the whole recording', () => {
    const samples = noise(1600);
    const whole = frameLevels(samples, { start: 0, total: 1600 }, grid, 0, 10);
    const part = frameLevels(samples.subarray(640, 1280), { start: 640, total: 1600 }, grid, 4, 4);
    expect([...part]).to.deep.equal([...whole.subarray(4, 8)]);
  });

  it('measure a frame at the end, or one before sample 0, over the part that exists', () => {
    const half = new Float32Array(240).fill(0.5);
    const levels = frameLevels(half, { start: 0, total: 240 }, { offset: -80, hop: 160 }, 0, 3);
    expect(levels[0]).to.be.closeTo(-6.0206, 1e-4);
    expect(levels[1]).to.be.closeTo(-6.0206, 1e-4);
    expect(levels[2]).to.equal(-Infinity);
  });

  it('refuse a span that lacks samples', () => {
    const samples = new Float32Array(160);
    expect(() => frameLevels(samples, { start: 160, total: 1600 }, grid, 1, 2)).to.throw(RangeError, 'frame 2');
    expect(() => frameLevels(samples, { start: 160, total: 1600 }, grid, 0, 1)).to.throw(RangeError, 'frame 0');
  });
});
