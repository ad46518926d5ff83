import type { AudioRun } from '../dsp/stft.js';
import type { Samples } from '../dsp/units.js';
import type { SampleFormat } from '../formats/sample-format.js';
import { layOutWav } from '../formats/wav-layout.js';
import { chunksOfWhole } from '../formats/wav-metadata.js';
import { EarmarkError } from './errors.js';
import { createSampleEncoder, type SampleEncoder } from './render-sample-encoder.js';
import type { RenderSink } from './render-sink.js';
import type { RenderSource } from './render.js';

/** Samples a channel that are written at a time. */
const BLOCK_SAMPLES = 2 ** 16;

export interface SeparationSinks {
  readonly target: RenderSink;
  readonly residual: RenderSink;
}

export interface WriteSeparationOptions {
  readonly signal: AbortSignal;
  /** 0…1. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Writes target and residual of a recording as WAV files in the recording's own format, in one pass and in memory that
 * does not depend on its length. The two add up to the recording: exactly where it has integers of up to 24 bits,
 * within the rounding of one addition where it has floats.
 *
 * The sinks are neither finished nor discarded.
 *
 * @param targets runs of the target in their order, see `separateEvents`
 * @throws EarmarkError `bad-option` for what WAV cannot hold; what source and sinks throw
 * @throws DOMException `AbortError`
 */
export async function writeSeparation(
  source: RenderSource,
  targets: AsyncIterator<AudioRun>,
  sinks: SeparationSinks,
  { signal, onProgress }: WriteSeparationOptions,
): Promise<SampleFormat> {
  const { length, sampleFormat, channelCount } = source;
  const layout = layOutFile(source);
  const encoder = createSampleEncoder(sampleFormat, channelCount, null);
  let written = 0;
  const write = async (target: Uint8Array<ArrayBuffer>, residual: Uint8Array<ArrayBuffer>): Promise<void> => {
    await sinks.target.write(written, target);
    await sinks.residual.write(written, residual);
    written += target.length;
  };
  const reader = new TargetReader(targets, channelCount);
  await write(layout.head, layout.head);
  for (let position = 0; position < length; position += BLOCK_SAMPLES) {
    signal.throwIfAborted();
    const count = Math.min(BLOCK_SAMPLES, length - position);
    const original = padded(await source.read(position, count, signal), channelCount, count);
    const target = await reader.read(position, count);
    if (sampleFormat !== 'float32') limitTargets(target, original, sampleFormat === 'pcm16' ? 16 : 24);
    const [targetBytes, residualBytes] = encodePair(encoder, original, target);
    await write(targetBytes, residualBytes);
    onProgress((position + count) / length);
  }
  await write(layout.tail, layout.tail);
  return sampleFormat;
}

function encodePair(
  encoder: SampleEncoder,
  original: readonly Float32Array<ArrayBuffer>[],
  target: readonly Float32Array<ArrayBuffer>[],
): [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] {
  const encoded = encoder.encode(target, 1);
  const residual = encoder.subtract(encoder.encode(original, 1), [encoded]);
  return [encoder.toBytes(encoded), encoder.toBytes(residual)];
}

function layOutFile(source: RenderSource) {
  const { sampleRate, channelCount, channelMask, sampleFormat, metadata, length: frameCount } = source;
  try {
    const chunks = chunksOfWhole(metadata, []);
    return layOutWav({ sampleRate, channelCount, channelMask, sampleFormat, frameCount, ...chunks });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EarmarkError('bad-option', `${error.message} Convert the recording to a common rate first.`);
  }
}

/** A recording that ends before its length says so goes on in silence. */
function padded(channels: Float32Array<ArrayBuffer>[], channelCount: number, count: Samples) {
  if (channels[0]?.length === count) return channels;
  return Array.from({ length: channelCount }, (_, channel) => {
    const samples = new Float32Array(count);
    samples.set(channels[channel] ?? []);
    return samples;
  });
}

/** Keeps targets where neither they nor what they leave of the original overflow. */
function limitTargets(targets: readonly Float32Array[], originals: readonly Float32Array[], bits: 16 | 24): void {
  const step = 2 ** (1 - bits);
  targets.forEach((samples, channel) => {
    const original = originals[channel];
    for (let i = 0; i < samples.length; i += 1) {
      const least = Math.max(-1, original[i] - 1 + step);
      const most = Math.min(1 - step, original[i] + 1);
      samples[i] = Math.max(least, Math.min(most, samples[i]));
    }
  });
}

/** Lays runs that may overlap onto the recording's timeline. */
class TargetReader {
  #waiting: AudioRun[] = [];
  #next: AudioRun | null = null;
  #ended = false;

  constructor(
    private readonly targets: AsyncIterator<AudioRun>,
    private readonly channelCount: number,
  ) {}

  /** Positions only go forward. */
  async read(start: Samples, count: Samples): Promise<Float32Array<ArrayBuffer>[]> {
    const end = start + count;
    while (!this.#ended) {
      this.#next ??= await this.#pull();
      if (this.#next === null || this.#next.start >= end) break;
      this.#waiting.push(this.#next);
      this.#next = null;
    }
    const output = Array.from({ length: this.channelCount }, () => new Float32Array(count));
    for (const run of this.#waiting) {
      output.forEach((samples, channel) => {
        const added = run.channels[channel];
        const from = Math.max(start, run.start);
        const to = Math.min(end, run.start + added.length);
        for (let i = from; i < to; i += 1) samples[i - start] += added[i - run.start];
      });
    }
    this.#waiting = this.#waiting.filter((run) => run.start + run.channels[0].length > end);
    return output;
  }

  async #pull(): Promise<AudioRun | null> {
    const { done, value } = await this.targets.next();
    if (done !== true) return value;
    this.#ended = true;
    return null;
  }
}
