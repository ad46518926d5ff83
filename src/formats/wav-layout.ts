import type { Samples } from '../dsp/units.js';
import { formatChunk, SIZE_ELSEWHERE, viewOf, writeAscii } from './riff-chunks.js';
import { SAMPLE_BYTES } from './sample-format.js';
import { formatWavFormat, type WavFormatOptions } from './wav-format.js';

/** A WAV file whose length is known before its first sample is. */
export interface WavFile extends WavFormatOptions {
  /** Samples a channel. */
  readonly frameCount: Samples;
  /** Whole chunks (see {@link formatChunk}) to stand in front of the audio. */
  readonly before?: readonly Uint8Array[];
  /** Whole chunks to stand behind it. */
  readonly after?: readonly Uint8Array[];
}

/** The bytes of a WAV file around its audio: `head`, then `dataBytes` of interleaved samples, then `tail`. */
export interface WavLayout {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly dataBytes: number;
  readonly tail: Uint8Array<ArrayBuffer>;
  readonly byteLength: number;
}

/** A `fmt ` chunk without extensions. */
const PLAIN_FORMAT_BYTES = 24;

/**
 * Lays out a WAV file. Where a 32-bit size would overflow it becomes an RF64 (EBU Tech 3306), whose first chunk `ds64`
 * has the sizes in 64 bits.
 *
 * @throws RangeError for what `fmt ` cannot hold
 */
export function layOutWav(file: WavFile): WavLayout {
  const { frameCount, channelCount, sampleFormat, before = [], after = [] } = file;
  const dataBytes = frameCount * channelCount * SAMPLE_BYTES[sampleFormat];
  const tail = concatenate([new Uint8Array(dataBytes & 1), ...after]);
  const format = formatChunk('fmt ', formatWavFormat(file));
  // All but plain integers state their length here too.
  const isPlain = sampleFormat !== 'float32' && format.length === PLAIN_FORMAT_BYTES;
  const fact = isPlain ? [] : [formatChunk('fact', uint32(Math.min(frameCount, SIZE_ELSEWHERE)))];
  const dataHead = formatChunk('data', new Uint8Array());
  const inner = [format, ...fact, ...before, dataHead];
  const shortHead = 12 + totalLength(inner);
  const isLong = shortHead + dataBytes + tail.length - 8 >= SIZE_ELSEWHERE;
  viewOf(dataHead).setUint32(4, isLong ? SIZE_ELSEWHERE : dataBytes, true);
  const headLength = shortHead + (isLong ? 36 : 0);
  const byteLength = headLength + dataBytes + tail.length;
  const form = new Uint8Array(12);
  writeAscii(form, 0, isLong ? 'RF64' : 'RIFF');
  viewOf(form).setUint32(4, isLong ? SIZE_ELSEWHERE : byteLength - 8, true);
  writeAscii(form, 8, 'WAVE');
  const long = isLong ? [formatChunk('ds64', longSizes(byteLength - 8, dataBytes, frameCount))] : [];
  return { head: concatenate([form, ...long, ...inner]), dataBytes, tail, byteLength };
}

function longSizes(riffBytes: number, dataBytes: number, frameCount: Samples): Uint8Array {
  const payload = new Uint8Array(28);
  const view = viewOf(payload);
  view.setBigUint64(0, BigInt(riffBytes), true);
  view.setBigUint64(8, BigInt(dataBytes), true);
  view.setBigUint64(16, BigInt(frameCount), true);
  return payload;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(totalLength(parts));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
