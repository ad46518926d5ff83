import { expect } from '@open-wc/testing';
import { pcmDeinterleaver } from '../../src/engine/pcm-codec.js';
import { floatBytes, integerBytes } from '../../src/formats/pcm-bytes.js';

describe('Sample bytes', () => {
  it('hold the extremes of 16 and 24 bits in their place', () => {
    expect(Array.from(integerBytes([Int32Array.of(-32_768, 1), Int32Array.of(32_767, -2)], 16))).to.deep.equal([
      0x00, 0x80, 0xff, 0x7f, 0x01, 0x00, 0xfe, 0xff,
    ]);
    expect(Array.from(integerBytes([Int32Array.of(-8_388_608, 0x123456)], 24))).to.deep.equal([
      0x00, 0x00, 0x80, 0x56, 0x34, 0x12,
    ]);
  });

  it('come back as the decoder reads them', () => {
    const channels = [Int32Array.of(5, -6, 7), Int32Array.of(-8_388_608, 8_388_607, 0)];
    const read = pcmDeinterleaver('pcm-s24')!(integerBytes(channels, 24), 2);
    expect(read.map((samples) => Array.from(samples, (value) => value * 2 ** 23))).to.deep.equal(
      channels.map((samples) => Array.from(samples)),
    );
    const floats = [Float32Array.of(1.5, NaN), Float32Array.of(-0, 1e-40)];
    expect(pcmDeinterleaver('pcm-f32')!(floatBytes(floats), 2)).to.deep.equal(floats);
  });
});
