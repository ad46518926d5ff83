import { expect } from '@open-wc/testing';
import { mixdown } from '../../src/dsp/index.js';
import { noise } from './signals.js';

describe('mixdown', () => {
  it('is the mean of the channels', () => {
    const channels = [
      [1, 0.5, -0.25],
      [0, 0.5, 0.75],
      [-0.5, 0.5, 1],
      [0.5, 0.5, 0],
    ].map((samples) => Float32Array.from(samples));
    expect([...mixdown(channels.slice(0, 2))]).to.deep.equal([0.5, 0.5, 0.25]);
    expect([...mixdown(channels)]).to.deep.equal([0.25, 0.5, 0.375]);
  });

  it('leaves a single channel as it is and does not share its memory', () => {
    const channel = noise(100);
    const mono = mixdown([channel]);
    expect(mono).to.deep.equal(channel);
    expect(mono.buffer).not.to.equal(channel.buffer);
  });

  it('hears samples that are not finite numbers as silence', () => {
    const broken = Float32Array.from([0.5, NaN, Infinity, -Infinity, 0.25]);
    expect([...mixdown([broken])]).to.deep.equal([0.5, 0, 0, 0, 0.25]);
    expect([...mixdown([broken, new Float32Array(5)])]).to.deep.equal([0.25, 0, 0, 0, 0.125]);
    expect([...mixdown([broken, broken, broken])]).to.deep.equal([0.5, 0, 0, 0, 0.25]);
  });

  it('refuses no channel and channels of different lengths', () => {
    expect(() => mixdown([])).to.throw(RangeError, 'at least one channel');
    expect(() => mixdown([new Float32Array(3), new Float32Array(4)])).to.throw(RangeError, '3 and 4 samples');
  });
});
