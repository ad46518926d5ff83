import type { Hertz, Samples } from '../dsp/units.js';

/** What the four bytes before an MPEG audio frame say (ISO/IEC 11172-3 §2.4.1.3, 13818-3; MPEG 2.5 as encoders write it). */
export interface Mp3FrameHeader {
  /** Header included. */
  readonly byteLength: number;
  readonly sampleRate: Hertz;
  /** In each channel. */
  readonly samples: Samples;
  readonly isMono: boolean;
  /** Bytes from the frame's beginning to where an encoder puts its tag in a frame without audio (Layer III). */
  readonly tagOffset: number;
  /** What all frames of a recording share: version, layer, rate and number of channels. */
  readonly kind: number;
}

export const MP3_HEADER_BYTES = 4;

const SAMPLE_RATES: readonly Hertz[] = [44_100, 48_000, 32_000];
/** kbit/s by index; 0 is "free", whose length nothing states. By layer I, II, III of MPEG 1, and I, II/III of MPEG 2. */
const BIT_RATES = {
  mpeg1: [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  mpeg2: [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const;

/**
 * Reads a frame's header.
 *
 * @param word its four bytes, big-endian
 * @returns null for what is none
 */
export function parseMp3FrameHeader(word: number): Mp3FrameHeader | null {
  if (word >>> 21 !== 0x7ff) return null;
  const version = (word >>> 19) & 3;
  const layer = 4 - ((word >>> 17) & 3);
  const bitRateIndex = (word >>> 12) & 15;
  const rateIndex = (word >>> 10) & 3;
  if (version === 1 || layer === 4 || bitRateIndex === 0 || bitRateIndex === 15 || rateIndex === 3) return null;
  const isMpeg1 = version === 3;
  const sampleRate = SAMPLE_RATES[rateIndex] / (isMpeg1 ? 1 : version === 2 ? 2 : 4);
  const bitRate = 1000 * BIT_RATES[isMpeg1 ? 'mpeg1' : 'mpeg2'][layer - 1][bitRateIndex];
  const padding = (word >>> 9) & 1;
  const isMono = ((word >>> 6) & 3) === 3;
  const samples = layer === 1 ? 384 : layer === 3 && !isMpeg1 ? 576 : 1152;
  // A slot of Layer I has four bytes, of the others one.
  const slotBytes = layer === 1 ? 4 : 1;
  const byteLength = (Math.floor((samples * bitRate) / (8 * slotBytes * sampleRate)) + padding) * slotBytes;
  return {
    byteLength,
    sampleRate,
    samples,
    isMono,
    tagOffset: MP3_HEADER_BYTES + (isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17),
    kind: (version << 5) | (layer << 3) | (rateIndex << 1) | Number(isMono),
  };
}
