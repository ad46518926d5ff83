import { expect } from '@open-wc/testing';
import { SampleRing } from '../../src/engine/sample-ring.js';

const ramp = (from: number, length: number) => Float32Array.from({ length }, (_, i) => from + i);

/** All channels of `[start, end)`, joined. */
function contentOf(ring: SampleRing, channelCount: number, start: number, end: number): number[][] {
  const channels = Array.from({ length: channelCount }, () => new Array<number>(end - start).fill(NaN));
  ring.visit(start, end, (pieces, at) => {
    pieces.forEach((piece, channel) => piece.forEach((sample, i) => (channels[channel][at + i] = sample)));
  });
  return channels;
}

describe('SampleRing', () => {
  it('holds the last samples in order, also where its memory begins anew', () => {
    const ring = new SampleRing(1, 10);
    ring.restart(5);
    for (let position = 5; position < 26; position += 3) ring.append([ramp(position, 3)], 0, 3);
    expect([ring.start, ring.end]).to.deep.equal([16, 26]);
    expect(contentOf(ring, 1, 16, 26)).to.deep.equal([[...ramp(16, 10)]]);
    expect(contentOf(ring, 1, 18, 22)).to.deep.equal([[...ramp(18, 4)]]);
  });

  it('begins where it was restarted', () => {
    const ring = new SampleRing(1, 10);
    ring.append([ramp(0, 8)], 0, 8);
    ring.restart(100);
    ring.append([ramp(90, 20)], 10, 4);
    expect([ring.start, ring.end]).to.deep.equal([100, 104]);
    expect(contentOf(ring, 1, 100, 104)).to.deep.equal([[...ramp(100, 4)]]);
  });

  it('puts silence, and the first channel in the place of those that are missing', () => {
    const ring = new SampleRing(2, 6);
    ring.append([ramp(1, 5), ramp(11, 5)], 0, 5);
    ring.append(null, 0, 2);
    ring.append([ramp(7, 2)], 0, 2);
    expect(contentOf(ring, 2, 3, 9)).to.deep.equal([
      [4, 5, 0, 0, 7, 8],
      [14, 15, 0, 0, 7, 8],
    ]);
  });
});
