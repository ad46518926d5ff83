import { expect } from '@open-wc/testing';
import { parseMp3FrameHeader } from '../../src/engine/mp3-frame-header.js';
import { Mp3Parts } from '../../src/engine/mp3-parts.js';
import { fixture, maxDifference, withAudio } from './audio-fixtures.js';

const RATE = 44100;
const FRAME = 1152;
/** Of no-xing.mp3. */
const FRAMES = 59;
const PERIOD = FRAMES * FRAME;
/** What the parts are at least long. */
const PART = Math.ceil((300 * RATE) / FRAME) * FRAME;

/** The same second and a half over and over: decoded, every period is the one before. */
async function longMp3(copies: number): Promise<Blob> {
  const part = await fixture('no-xing.mp3');
  return new Blob(Array.from({ length: copies }, () => part));
}

describe('long MP3 files', () => {
  it('are decoded in parts that join to the sample', async () => {
    const file = await longMp3(500);
    await withAudio(file, async ({ source }) => {
      expect(source.length).to.equal(500 * PERIOD);
      for (const border of [PART, 2 * PART]) {
        const start = border - RATE;
        const [samples] = await source.read(start, 2 * RATE);
        expect(samples.some((sample) => Math.abs(sample) > 0.5)).to.equal(true);
        const [before] = await source.read(start - PERIOD, 2 * RATE);
        expect(maxDifference(samples, before), `around ${border}`).to.equal(0);
      }
    });
  });

  it('are decoded over a border as they are after a jump behind it', async () => {
    await withAudio(await longMp3(300), async ({ source }) => {
      const [behind] = await source.read(PART + 5000, 20_000);
      const [over] = await source.read(PART - RATE, 2 * RATE);
      expect(maxDifference(behind, over.subarray(RATE + 5000, RATE + 25_000))).to.equal(0);
    });
  });
});

describe('Mp3Parts', () => {
  it('walks no further than it is asked for', async () => {
    let read = 0;
    const file = await longMp3(1000);
    const slice = file.slice.bind(file);
    file.slice = (start, end) => {
      read = Math.max(read, end!);
      return slice(start, end);
    };
    const parts = new Mp3Parts(file, 0, 0.3);
    expect(await parts.at(10)).to.deep.include({ start: 0, from: 0, to: PART });
    expect(read).to.be.below(file.size / 2);
    expect(await parts.length()).to.equal(1000 * PERIOD);
    const last = await parts.at(1000 * PERIOD - 1);
    expect(last!.to).to.equal(1000 * PERIOD);
    expect(last!.start).to.be.below(last!.from - 0.3 * RATE + FRAME);
    expect(await parts.at(1000 * PERIOD)).to.equal(null);
  });

  it('leaves out what is no frame, and a frame that the file has no end of', async () => {
    const part = await fixture('no-xing.mp3');
    const rubbish = new Uint8Array(3000).fill(0x41);
    const file = new Blob([rubbish, part, rubbish, part, part.slice(0, 100)]);
    expect(await new Mp3Parts(file, 0, 0.3).length()).to.equal(2 * PERIOD);
    expect(await new Mp3Parts(new Blob([rubbish]), 0, 0.3).length()).to.equal(0);
  });

  it('goes on after a read that failed', async () => {
    const file = await longMp3(10);
    const slice = file.slice.bind(file);
    let failures = 1;
    file.slice = (start, end) => {
      if (failures-- > 0) throw new DOMException('It could not be read.', 'NotReadableError');
      return slice(start, end);
    };
    const parts = new Mp3Parts(file, 0, 0.3);
    await parts.length().then(
      () => expect.fail(),
      (error: DOMException) => expect(error.name).to.equal('NotReadableError'),
    );
    expect(await parts.length()).to.equal(10 * PERIOD);
  });
});

describe('parseMp3FrameHeader', () => {
  // Lengths from ISO/IEC 11172-3: samples / 8 · bit rate / sampling rate, in whole slots.
  const headers: [string, number, object][] = [
    ['MPEG 1 Layer III, 128 kbit/s, 44.1 kHz', 0xfffb9000, { byteLength: 417, sampleRate: 44100, samples: 1152 }],
    ['the same, padded', 0xfffb9200, { byteLength: 418, sampleRate: 44100, samples: 1152 }],
    ['MPEG 1 Layer III, 320 kbit/s, 48 kHz, mono', 0xfffbe4c0, { byteLength: 960, isMono: true, tagOffset: 21 }],
    ['MPEG 2 Layer III, 64 kbit/s, 22.05 kHz', 0xfff38000, { byteLength: 208, sampleRate: 22050, samples: 576 }],
    ['MPEG 2.5 Layer III, 8 kbit/s, 8 kHz', 0xffe31800, { byteLength: 72, sampleRate: 8000, samples: 576 }],
    ['MPEG 1 Layer II, 192 kbit/s, 48 kHz', 0xfffda400, { byteLength: 576, sampleRate: 48000, samples: 1152 }],
    ['MPEG 1 Layer I, 384 kbit/s, 32 kHz', 0xffffc800, { byteLength: 576, sampleRate: 32000, samples: 384 }],
  ];
  for (const [name, word, expected] of headers) {
    it(`reads ${name}`, () => {
      expect(parseMp3FrameHeader(word)).to.include(expected);
    });
  }

  it('takes nothing else for a header', () => {
    for (const word of [0, 0xffffffff, 0x49443303, 0xfffb0000, 0xfffbf000, 0xfffb9c00, 0xffeb9000, 0xfff99000])
      expect(parseMp3FrameHeader(word), word.toString(16)).to.equal(null);
  });
});
