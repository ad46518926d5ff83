import type { Hertz } from '../dsp/units.js';
import { SAMPLE_BYTES, type SampleFormat } from './sample-format.js';
import { viewOf } from './riff-chunks.js';

const INTEGER = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** What follows the format tag in the GUID of a sub-format (KSDATAFORMAT_SUBTYPE). */
const GUID_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** What a `fmt ` chunk says of how samples are stored. */
export interface WavFormat {
  /** 1 for integers, 3 for floats; that of the sub-format where the chunk is a WAVE_FORMAT_EXTENSIBLE. */
  readonly formatTag: number;
  readonly channelCount: number;
  readonly sampleRate: Hertz;
  /** Bits that mean something, which may be fewer than are stored. */
  readonly validBits: number;
  /** Loudspeaker positions, a bit each (WAVEFORMATEXTENSIBLE's dwChannelMask); null where the chunk has none. */
  readonly channelMask: number | null;
}

/** @returns null where the payload is too short to be one */
export function parseWavFormat(payload: Uint8Array): WavFormat | null {
  if (payload.length < 16) return null;
  const view = viewOf(payload);
  const bits = view.getUint16(14, true);
  const tag = view.getUint16(0, true);
  const isExtensible = tag === EXTENSIBLE && payload.length >= 40;
  const validBits = isExtensible ? view.getUint16(18, true) : 0;
  return {
    formatTag: isExtensible ? view.getUint16(24, true) : tag,
    channelCount: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    validBits: validBits > 0 && validBits <= bits ? validBits : bits,
    channelMask: isExtensible ? view.getUint32(20, true) : null,
  };
}

export interface WavFormatOptions {
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  readonly sampleFormat: SampleFormat;
  /** Loudspeaker positions; null where the source names none. */
  readonly channelMask: number | null;
}

/**
 * The payload of a `fmt ` chunk: WAVE_FORMAT_EXTENSIBLE where a channel mask is to be kept or there are more than two
 * channels, which the plain form leaves undefined; the plain form, which every program reads, for the rest.
 *
 * @throws RangeError for rates and numbers of channels that the chunk's fields cannot hold
 */
export function formatWavFormat(options: WavFormatOptions): Uint8Array<ArrayBuffer> {
  const { sampleRate, channelCount, sampleFormat, channelMask } = options;
  const sampleBytes = SAMPLE_BYTES[sampleFormat];
  const frameBytes = sampleBytes * channelCount;
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate * frameBytes > 0xffffffff) {
    throw new RangeError(`A WAV file cannot hold a sample rate of ${sampleRate} Hz with ${channelCount} channels.`);
  }
  if (!Number.isInteger(channelCount) || channelCount < 1 || frameBytes > 0xffff) {
    throw new RangeError(`A WAV file cannot hold ${channelCount} channels.`);
  }
  const tag = sampleFormat === 'float32' ? FLOAT : INTEGER;
  const isExtensible = channelMask !== null || channelCount > 2;
  const payload = new Uint8Array(isExtensible ? 40 : tag === FLOAT ? 18 : 16);
  const view = viewOf(payload);
  view.setUint16(0, isExtensible ? EXTENSIBLE : tag, true);
  view.setUint16(2, channelCount, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * frameBytes, true);
  view.setUint16(12, frameBytes, true);
  view.setUint16(14, 8 * sampleBytes, true);
  if (isExtensible) {
    view.setUint16(16, 22, true);
    view.setUint16(18, 8 * sampleBytes, true);
    view.setUint32(20, channelMask ?? 0, true);
    view.setUint16(24, tag, true);
    payload.set(GUID_TAIL, 26);
  }
  return payload;
}
