import { expect } from '@open-wc/testing';
import { pcmDeinterleaver } from '../../src/engine/pcm-codec.js';

describe('PCM of WAV files', () => {
  const extremes: [string, ArrayLike<number>, number[]][] = [
    ['pcm-u8', [0, 128, 255, 64], [-1, 0, 127 / 128, -0.5]],
    ['pcm-s16', [0, 0x80, 0, 0, 0xff, 0x7f, 0, 0xc0], [-1, 0, 32767 / 32768, -0.5]],
    ['pcm-s24', [0, 0, 0x80, 0, 0, 0, 0xff, 0xff, 0x7f, 0, 0, 0xc0], [-1, 0, 1 - 2 ** -23, -0.5]],
    ['pcm-s32', [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0x7f, 0, 0, 0, 0xc0], [-1, 0, 1 - 2 ** -23, -0.5]],
    ['pcm-f32', new Uint8Array(new Float32Array([-1, 0, 1.5, -0.5]).buffer), [-1, 0, 1.5, -0.5]],
  ];
  for (const [codec, bytes, [a, b, c, d]] of extremes) {
    it(`reads the extremes of ${codec}, also at odd addresses, and separates the channels`, () => {
      for (const shift of [0, 1]) {
        const placed = new Uint8Array(bytes.length + shift);
        placed.set(Array.from(bytes), shift);
        const channels = pcmDeinterleaver(codec)?.(placed.subarray(shift), 2);
        expect(channels).to.deep.equal([Float32Array.of(a, c), Float32Array.of(b, d)]);
      }
    });
  }

  it('leaves what it does not know to a decoder', () => {
    for (const codec of ['pcm-s16be', 'pcm-f64', 'ulaw', 'mp3']) expect(pcmDeinterleaver(codec)).to.equal(null);
  });
});
