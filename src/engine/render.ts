import type { Samples } from '../dsp/units.js';
import { crc32 } from '../formats/crc32.js';
import { SAMPLE_BYTES, type SampleFormat } from '../formats/sample-format.js';
import { chunksOfSlice, chunksOfWhole, type WavMetadata } from '../formats/wav-metadata.js';
import { layOutWav } from '../formats/wav-layout.js';
import { centralDirectory, layOutZip, localHeader, type ZipEntry } from '../formats/zip-layout.js';
import { BlockBuffers } from './block-buffers.js';
import { EarmarkError } from './errors.js';
import type { PcmSource } from './pcm-source.js';
import { GainReader } from './render-gain.js';
import type { RenderOutput, RenderPlan, RenderReport } from './render-plan.js';
import { createSampleEncoder, type EncodedSamples, type SampleEncoder } from './render-sample-encoder.js';
import type { RenderSink } from './render-sink.js';

/** Samples a channel that are worked on at a time: long enough for calls not to count, short enough to cancel soon. */
const BLOCK_SAMPLES = 2 ** 16;

/** Messages are heard at least this often. */
const YIELD_MS = 50;

/** A recording as it is rendered. */
export interface RenderSource extends Pick<PcmSource, 'sampleRate' | 'channelCount' | 'length'> {
  /** As `PcmSource.read`; may give arrays of `into`, which are long enough, filled anew. */
  read(
    start: Samples,
    count: Samples,
    signal?: AbortSignal,
    into?: readonly Float32Array<ArrayBuffer>[],
  ): Promise<Float32Array<ArrayBuffer>[]>;
  /** The format that holds its samples exactly; for those that no format holds, float32. */
  readonly sampleFormat: SampleFormat;
  /** Loudspeaker positions, null where it names none. */
  readonly channelMask: number | null;
  readonly metadata: Pick<WavMetadata, 'chunks' | 'leftOut'>;
}

export interface RenderOptions {
  readonly signal: AbortSignal;
  /** 0…1. */
  readonly onProgress: (fraction: number) => void;
  /** Stands in the archive as the time of its files. */
  readonly now: Date;
}

/** A file while it is being written. */
interface OpenFile {
  /** In the plan. */
  readonly index: number;
  readonly output: RenderOutput;
  /** Of its first byte in what the sink gets. */
  readonly offset: number;
  readonly gain: GainReader;
  readonly encoder: SampleEncoder;
  /** Bytes written, head included. */
  written: number;
  crc: number;
}

/** The size in bytes of what a plan makes, without the chunks that are carried along. */
export function renderedBytes(plan: RenderPlan, source: Omit<RenderSource, 'read' | 'metadata'>): number {
  return layOut(plan, { ...source, metadata: { chunks: [] } }).byteLength;
}

/**
 * Makes the files of a plan in one pass over the recording, in memory that depends on neither's length. Where the
 * recording ends before its length says so, silence takes its place, so that all files keep their timelines.
 *
 * The sink is neither finished nor discarded.
 *
 * @throws EarmarkError `bad-option` for what WAV cannot hold; what the source and the sink throw
 * @throws DOMException `AbortError`
 */
export async function render(
  plan: RenderPlan,
  source: RenderSource,
  sink: RenderSink,
  { signal, onProgress, now }: RenderOptions,
): Promise<RenderReport> {
  const { entries, layouts, offsets, sampleFormat, zip } = layOut(plan, source);
  const reader = new PaddedReader(source, signal);
  const dither = SAMPLE_BYTES[sampleFormat] < SAMPLE_BYTES[source.sampleFormat];
  const takenOff = new Set(plan.outputs.flatMap(({ minus = [] }) => minus));
  const shared = new BlockBuffers(BLOCK_SAMPLES);
  const crcs = new Map<number, number>();
  let clippedSamples = 0;

  async function append(file: OpenFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (bytes.length === 0) return;
    if (zip) file.crc = crc32(bytes, file.crc);
    await sink.write(file.offset + file.written, bytes);
    file.written += bytes.length;
  }

  async function open(index: number): Promise<OpenFile> {
    const output = plan.outputs[index];
    // Samples that are taken off other files are needed until those have had their turn.
    const buffers = takenOff.has(index) ? new BlockBuffers(BLOCK_SAMPLES) : shared;
    const gain = new GainReader(output.envelope, source.sampleRate, (length) => buffers.gains(length));
    const encoder = createSampleEncoder(sampleFormat, source.channelCount, dither ? index : null, buffers);
    const file = { index, output, offset: offsets[index], gain, encoder, written: 0, crc: 0 };
    await append(file, layouts[index].head);
    return file;
  }

  async function close(file: OpenFile): Promise<void> {
    const { index } = file;
    await append(file, layouts[index].tail);
    clippedSamples += file.encoder.clipped;
    crcs.set(index, file.crc);
    if (zip) await sink.write(zip.headerOffsets[index], localHeader(entries[index], file.crc, now));
  }

  const totalSamples = plan.outputs.reduce((sum, { start, end }) => sum + end - start, 0);
  const lastEnd = plan.outputs.reduce((last, { end }) => Math.max(last, end), 0);
  let doneSamples = 0;
  let yieldedAt = performance.now();
  let openFiles: OpenFile[] = [];
  let next = 0;
  let position = 0;
  while (next < plan.outputs.length || openFiles.length > 0) {
    if (openFiles.length === 0) position = plan.outputs[next].start;
    const blockEnd = Math.min(position + BLOCK_SAMPLES, lastEnd);
    for (; next < plan.outputs.length && plan.outputs[next].start < blockEnd; next += 1) {
      openFiles.push(await open(next));
    }
    const channels = await reader.read(position, blockEnd - position);
    const encoded = new Map<number, EncodedSamples>();
    for (const file of openFiles) {
      const { encoder, gain, index, output } = file;
      const from = Math.max(output.start, position);
      const to = Math.min(output.end, blockEnd);
      const part = channels.map((samples) => samples.subarray(from - position, to - position));
      const others = output.minus?.map((other) => encoded.get(other)!);
      const samples = others
        ? encoder.subtract(encoder.encode(part, 1), others)
        : encoder.encode(part, gain.read(from, to - from));
      if (takenOff.has(index)) encoded.set(index, samples);
      await append(file, encoder.toBytes(samples));
      if (to === output.end) await close(file);
      doneSamples += to - from;
    }
    openFiles = openFiles.filter(({ output }) => output.end > blockEnd);
    position = blockEnd;
    onProgress(doneSamples / totalSamples);
    if (performance.now() - yieldedAt > YIELD_MS) {
      // Reading alone lets no message through in Chromium, and so no cancellation either.
      await new Promise((resolve) => setTimeout(resolve));
      yieldedAt = performance.now();
    }
    signal.throwIfAborted();
  }
  const crcList = entries.map((_, index) => crcs.get(index) ?? 0);
  if (zip) await sink.write(zip.directoryOffset, centralDirectory(entries, crcList, zip, now));
  return { sampleFormat, clippedSamples, sourceEndedAt: reader.endedAt, chunksLeftOut: source.metadata.leftOut };
}

/** Where every byte of every file is going to be. */
function layOut(
  plan: RenderPlan,
  source: Omit<RenderSource, 'read' | 'metadata'> & { metadata: Pick<WavMetadata, 'chunks'> },
) {
  const { sampleRate, channelCount, channelMask, metadata } = source;
  const sampleFormat = plan.sampleFormat === 'source' ? source.sampleFormat : plan.sampleFormat;
  const layouts = plan.outputs.map(({ start, end, markers = [] }) => {
    const isWhole = start === 0 && end === source.length;
    const chunks = isWhole ? chunksOfWhole(metadata, markers) : chunksOfSlice(metadata, start);
    const frameCount = end - start;
    return orBadOption(() => layOutWav({ sampleRate, channelCount, channelMask, sampleFormat, frameCount, ...chunks }));
  });
  const entries = plan.outputs.map(({ name }, i): ZipEntry => ({ name, size: layouts[i].byteLength }));
  const zip = plan.zip ? layOutZip(entries) : null;
  const offsets = zip?.contentOffsets ?? [0];
  return { entries, layouts, offsets, sampleFormat, zip, byteLength: zip?.byteLength ?? layouts[0].byteLength };
}

function orBadOption<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EarmarkError('bad-option', `${error.message} Convert the recording to a common rate first.`);
  }
}

/** Reads full blocks, whatever the source has left. */
class PaddedReader {
  endedAt: Samples | null = null;
  readonly #buffers: readonly Float32Array<ArrayBuffer>[];

  constructor(
    private readonly source: RenderSource,
    private readonly signal: AbortSignal,
  ) {
    this.#buffers = Array.from({ length: source.channelCount }, () => new Float32Array(BLOCK_SAMPLES));
  }

  /** What it gives is overwritten by the next call. */
  async read(start: Samples, count: Samples): Promise<Float32Array<ArrayBuffer>[]> {
    const { channelCount } = this.source;
    const silence = (): Float32Array<ArrayBuffer>[] =>
      Array.from({ length: channelCount }, () => new Float32Array(count));
    if (this.endedAt !== null) return silence();
    const channels = await this.source.read(start, count, this.signal, this.#buffers);
    const length = channels[0]?.length ?? 0;
    if (length === count) return channels;
    this.endedAt = start + length;
    const padded = silence();
    padded.forEach((samples, channel) => samples.set(channels[channel] ?? [], 0));
    return padded;
  }
}
