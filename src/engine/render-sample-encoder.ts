import { Quantiser } from '../dsp/quantiser.js';
import { floatBytes, integerBytes } from '../formats/pcm-bytes.js';
import { SAMPLE_BYTES, type SampleFormat } from '../formats/sample-format.js';
import type { BlockBuffers } from './block-buffers.js';

/** Planar samples as a file will have them: integers, or floats. */
export type EncodedSamples = readonly Int32Array<ArrayBuffer>[] | readonly Float32Array<ArrayBuffer>[];

/** Tells the dither of channels and files apart: multiples of the golden ratio of 2³², never 0. */
const ditherSeed = (stream: number, channel: number): number => Math.imul(0x9e3779b1, 2 * (stream * 64 + channel) + 1);

/** Turns samples of a recording into those of a file, at a gain. One a file, because dither goes on from block to block. */
export interface SampleEncoder {
  /** Samples so far that were beyond full scale. */
  readonly clipped: number;
  encode(channels: readonly Float32Array<ArrayBuffer>[], gains: number | Float64Array): EncodedSamples;
  /** What is left of encoded samples when others are taken off. */
  subtract(from: EncodedSamples, others: readonly EncodedSamples[]): EncodedSamples;
  toBytes(samples: EncodedSamples): Uint8Array<ArrayBuffer>;
}

/**
 * @param ditherStream where the file holds fewer bits than the recording: which dither it gets, one a file; else null
 * @param buffers what the encoder gives lies in these, until it is called again; default: in arrays of its own
 */
export function createSampleEncoder(
  format: SampleFormat,
  channelCount: number,
  ditherStream: number | null,
  buffers?: BlockBuffers,
): SampleEncoder {
  const bytes = () => buffers?.bytes(channelCount * SAMPLE_BYTES[format]);
  return format === 'float32'
    ? new FloatEncoder(bytes)
    : new IntegerEncoder(format === 'pcm16' ? 16 : 24, channelCount, ditherStream, buffers, bytes);
}

class IntegerEncoder implements SampleEncoder {
  readonly #quantisers: readonly Quantiser[];
  #subtractionsClipped = 0;

  constructor(
    private readonly bits: 16 | 24,
    channelCount: number,
    ditherStream: number | null,
    private readonly buffers: BlockBuffers | undefined,
    private readonly byteBuffer: () => ArrayBuffer | undefined,
  ) {
    this.#quantisers = Array.from(
      { length: channelCount },
      (_, channel) => new Quantiser(bits, ditherStream === null ? null : ditherSeed(ditherStream, channel)),
    );
  }

  get clipped(): number {
    return this.#quantisers.reduce((sum, { clipped }) => sum + clipped, this.#subtractionsClipped);
  }

  encode(channels: readonly Float32Array<ArrayBuffer>[], gains: number | Float64Array): Int32Array<ArrayBuffer>[] {
    return channels.map((samples, channel) =>
      this.#quantisers[channel].quantise(samples, gains, this.buffers?.integers(channel, samples.length)),
    );
  }

  subtract(from: EncodedSamples, others: readonly EncodedSamples[]): Int32Array<ArrayBuffer>[] {
    const most = 2 ** (this.bits - 1) - 1;
    return from.map((samples, channel) => {
      const output = Int32Array.from(samples);
      for (const other of others) {
        const taken = other[channel];
        for (let i = 0; i < output.length; i += 1) output[i] -= taken[i];
      }
      for (let i = 0; i < output.length; i += 1) {
        if (output[i] <= most && output[i] >= -most - 1) continue;
        this.#subtractionsClipped += 1;
        output[i] = Math.max(-most - 1, Math.min(most, output[i]));
      }
      return output;
    });
  }

  toBytes(samples: EncodedSamples): Uint8Array<ArrayBuffer> {
    return integerBytes(samples as readonly Int32Array[], this.bits, this.byteBuffer());
  }
}

class FloatEncoder implements SampleEncoder {
  readonly clipped = 0;

  constructor(private readonly byteBuffer: () => ArrayBuffer | undefined) {}

  encode(channels: readonly Float32Array<ArrayBuffer>[], gains: number | Float64Array): Float32Array<ArrayBuffer>[] {
    return channels.map((samples) => {
      if (gains === 1) return samples;
      if (typeof gains === 'number') {
        return gains === 0 ? new Float32Array(samples.length) : samples.map((value) => value * gains);
      }
      // What is silenced is silent, whatever was there: 0 · ∞ is no number.
      return samples.map((value, i) => (gains[i] === 0 ? 0 : value * gains[i]));
    });
  }

  subtract(from: EncodedSamples, others: readonly EncodedSamples[]): Float32Array<ArrayBuffer>[] {
    return from.map((samples, channel) => {
      const sums = Float64Array.from(samples);
      for (const other of others) other[channel].forEach((value, i) => (sums[i] -= value));
      return Float32Array.from(sums);
    });
  }

  toBytes(samples: EncodedSamples): Uint8Array<ArrayBuffer> {
    return floatBytes(samples as readonly Float32Array[], this.byteBuffer());
  }
}
