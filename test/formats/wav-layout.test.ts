import { expect } from '@open-wc/testing';
import { readRiffChunks } from '../../src/formats/riff-chunks.js';
import { parseWavFormat } from '../../src/formats/wav-format.js';
import { layOutWav } from '../../src/formats/wav-layout.js';
import { textChunk } from './wav-bytes.js';

const STEREO = { sampleRate: 48_000, channelCount: 2, sampleFormat: 'pcm16', channelMask: null } as const;

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

describe('layOutWav', () => {
  it('writes the canonical 44 bytes for 16-bit stereo', () => {
    const { head, tail, byteLength } = layOutWav({ ...STEREO, frameCount: 3 });
    const expected =
      '52494646 30000000 57415645 666d7420 10000000 0100 0200 80bb0000 00ee0200 0400 1000 64617461 0c000000';
    expect(Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('')).to.equal(
      expected.replaceAll(' ', ''),
    );
    expect(tail.length).to.equal(0);
    expect(byteLength).to.equal(56);
  });

  it('pads an odd number of audio bytes', () => {
    const layout = layOutWav({ ...STEREO, channelCount: 1, sampleFormat: 'pcm24', frameCount: 1 });
    expect(layout.dataBytes).to.equal(3);
    expect(layout.tail.length).to.equal(1);
    expect(new DataView(layout.head.buffer).getUint32(4, true)).to.equal(layout.byteLength - 8);
  });

  it('keeps a channel mask, and names more than two channels in the extensible form', () => {
    const surround = layOutWav({ ...STEREO, channelCount: 6, channelMask: 0x60f, frameCount: 1 });
    expect(parseWavFormat(surround.head.subarray(20))).to.deep.equal({
      formatTag: 1,
      channelCount: 6,
      sampleRate: 48_000,
      validBits: 16,
      channelMask: 0x60f,
    });
    const unknown = layOutWav({ ...STEREO, channelCount: 3, sampleFormat: 'float32', frameCount: 1 });
    expect(parseWavFormat(unknown.head.subarray(20))).to.include({ formatTag: 3, channelMask: 0, validBits: 32 });
  });

  it('becomes an RF64 where sizes pass 4 GiB, with the sizes in ds64', async () => {
    const frameCount = 2 ** 31;
    const { head, dataBytes, byteLength } = layOutWav({
      ...STEREO,
      sampleFormat: 'float32',
      frameCount,
      before: [textChunk('iXML', '<x/>')],
    });
    const view = new DataView(head.buffer);
    expect(ascii(head, 0)).to.equal('RF64');
    expect(view.getUint32(4, true)).to.equal(0xffffffff);
    expect(ascii(head, 12)).to.equal('ds64');
    expect(view.getBigUint64(20, true)).to.equal(BigInt(byteLength - 8));
    expect(view.getBigUint64(28, true)).to.equal(BigInt(frameCount * 8));
    expect(view.getBigUint64(36, true)).to.equal(BigInt(frameCount));
    expect(dataBytes).to.equal(2 ** 34);
    const chunks = await readRiffChunks(new Blob([head]));
    expect(chunks?.map(({ id }) => id)).to.deep.equal(['ds64', 'fmt ', 'fact', 'iXML', 'data']);
    expect(view.getUint32(head.length - 4, true)).to.equal(0xffffffff);
  });

  it('stays a RIFF up to the last byte that 32 bits can count', () => {
    const mono = { ...STEREO, channelCount: 1 };
    const most = (0xffffffff - 1 - 36) / 2;
    expect(ascii(layOutWav({ ...mono, frameCount: Math.floor(most) }).head, 0)).to.equal('RIFF');
    expect(ascii(layOutWav({ ...mono, frameCount: Math.floor(most) + 1 }).head, 0)).to.equal('RF64');
  });

  it('refuses what the header cannot hold', () => {
    const refused = [
      { sampleRate: 44_100.5 },
      { sampleRate: 0 },
      { sampleRate: 2 ** 31 },
      { channelCount: 40_000 },
      { channelCount: 0 },
      { sampleRate: NaN },
    ];
    for (const options of refused) {
      expect(() => layOutWav({ ...STEREO, ...options, frameCount: 1 }), JSON.stringify(options)).to.throw(
        RangeError,
        /^A WAV file cannot hold/,
      );
    }
  });
});
