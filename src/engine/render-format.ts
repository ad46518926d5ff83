import type { SampleFormat } from '../formats/sample-format.js';

/**
 * The format that holds what a codec decodes to. Lossy codecs decode to floats, often beyond full scale, so that any
 * integers would change them; integers of 32 bits and floats of 64 were rounded to floats of 32 when they were read.
 *
 * @param codec short name, see `AudioProbe`
 * @param depth bits a sample; null where they are unknown
 */
export function formatThatHolds(codec: string, depth: number | null): SampleFormat {
  const isLaw = codec === 'ulaw' || codec === 'alaw';
  const isInteger = codec === 'flac' || /^pcm-[us]\d/.test(codec);
  if (isLaw || (isInteger && depth !== null && depth <= 16)) return 'pcm16';
  return isInteger && depth !== null && depth <= 24 ? 'pcm24' : 'float32';
}

/** Bits a sample, where a codec's name says so. */
export function depthOfCodec(codec: string): number | null {
  const stated = /^pcm-[us](\d+)/.exec(codec)?.[1];
  return stated === undefined ? null : Number(stated);
}
