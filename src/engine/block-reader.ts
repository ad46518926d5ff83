import { mixdown } from '../dsp/mixdown.js';
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import { releaseMemory } from './release-memory.js';

/** Decoded samples and where they belong. */
export interface PcmBlock {
  /** Position of the first sample; negative for what an encoder put before the beginning. */
  readonly start: Samples;
  /** Planar, −1…1, all of one length. */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
}

export interface BlockReaderOptions {
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** Reads beyond it come back short. */
  readonly length: Samples;
  /** Kept of what was read last, for callers whose reads overlap. */
  readonly history: Seconds;
  /** Decodes from a position on; may begin with earlier blocks, in order. The blocks become the reader's. Closed by `return()` when given up. */
  readonly decodeFrom: (position: Samples) => AsyncGenerator<PcmBlock, void, unknown>;
}

/** Decoded ahead of the last read, so that decoding goes on while the caller works; 3 MB for stereo at 48 kHz. */
const READ_AHEAD_SECONDS = 8;
/** A jump forward up to this far is decoded through; a longer one seeks. */
const SKIP_SECONDS = 2;

/**
 * Turns a decoder's blocks into exact stretches of samples: blocks are placed by their positions, gaps between them are
 * silence, what overlaps or lies before the beginning is dropped.
 */
export class BlockReader {
  readonly #options: BlockReaderOptions;
  #blocks: PcmBlock[] = [];
  /** First position that `#blocks` and what follows can still serve. */
  #tail: Samples = 0;
  /** End of the last read. */
  #position: Samples = 0;
  /** End of the last decoded block. */
  #head: Samples = 0;
  #lastBlockLength: Samples = 0;
  #run: { stopped: boolean; ended: boolean; error: unknown } | null = null;
  /** Of those who wait for a change. */
  #waiting: (() => void)[] = [];
  #lastRead: Promise<unknown> = Promise.resolve();

  constructor(options: BlockReaderOptions) {
    this.#options = options;
  }

  /**
   * Planar samples of `[start, start + count)`, shorter at the end. Reads are served one after another.
   *
   * @param into arrays of at least `count` samples that receive them; default: new ones
   */
  read(
    start: Samples,
    count: Samples,
    signal?: AbortSignal,
    into?: readonly Float32Array<ArrayBuffer>[],
  ): Promise<Float32Array<ArrayBuffer>[]> {
    return this.#inTurn(async () => {
      const size = this.#sizeOf(start, count);
      const output = Array.from(
        { length: this.#options.channelCount },
        (_, channel) => into?.[channel]?.subarray(0, size).fill(0) ?? new Float32Array(size),
      );
      const filled = await this.#visit(start, size, signal, (block, at) => {
        output.forEach((samples, channel) => samples.set(block[channel], at));
      });
      return filled < size ? output.map((samples) => samples.slice(0, filled)) : output;
    });
  }

  /**
   * The same of one channel, or of the mean of all.
   *
   * @param channel counted from 0; null for the mean
   */
  readMono(
    start: Samples,
    count: Samples,
    channel: number | null,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    return this.#inTurn(async () => {
      const size = this.#sizeOf(start, count);
      const output = new Float32Array(size);
      const filled = await this.#visit(start, size, signal, (block, at) => {
        const heard = channel === null ? block : [block[channel]];
        mixdown(heard, output.subarray(at, at + block[0].length));
      });
      return filled < size ? output.slice(0, filled) : output;
    });
  }

  #inTurn<T>(read: () => Promise<T>): Promise<T> {
    const result = this.#lastRead.then(read);
    this.#lastRead = result.catch(() => {});
    return result;
  }

  /** Samples of `[start, start + count)` that the recording has. */
  #sizeOf(start: Samples, count: Samples): Samples {
    return Math.max(0, Math.min(start + count, this.#options.length) - start);
  }

  /**
   * Goes through the decoded samples of `[start, start + size)`. What is left out is silence.
   *
   * @param take gets the channels of a piece, and where it belongs, counted from `start`
   * @returns how much there was, silence included
   */
  async #visit(
    start: Samples,
    size: Samples,
    signal: AbortSignal | undefined,
    take: (channels: Float32Array[], at: Samples) => void,
  ): Promise<Samples> {
    signal?.throwIfAborted();
    if (size === 0) return 0;
    const { channelCount, length, sampleRate } = this.#options;
    const end = start + size;
    if (this.#run === null || start < this.#tail || start > this.#head + SKIP_SECONDS * sampleRate) this.#seek(start);
    this.#advance(start);
    let filled = start;
    for (let index = 0; filled < end; index += 1) {
      const block = await this.#blockAt(index, signal);
      if (block === null) break;
      const from = Math.max(block.start, filled);
      const to = Math.min(block.start + block.channels[0].length, end);
      if (to > from) {
        const piece = Array.from({ length: channelCount }, (_, channel) =>
          (block.channels[channel] ?? block.channels[0]).subarray(from - block.start, to - block.start),
        );
        take(piece, from - start);
      }
      filled = Math.max(filled, Math.min(end, Math.max(block.start, to)));
      index -= this.#advance(filled);
    }
    // A decoder may swallow a last packet of silence, which is not a recording cut short.
    if (filled < end && length - filled > this.#lastBlockLength) return filled - start;
    return size;
  }

  /** Ends decoding. */
  close(): void {
    if (this.#run !== null) this.#run.stopped = true;
    this.#blocks = [];
    this.#changed();
  }

  #seek(position: Samples): void {
    this.close();
    this.#tail = position;
    this.#position = position;
    this.#head = position;
    void this.#decode(position);
  }

  /** Forgets what lies further back than the history and lets the decoder go on; returns the number of blocks dropped. */
  #advance(position: Samples): number {
    this.#position = position;
    const keepFrom = position - this.#options.history * this.#options.sampleRate;
    let dropped = 0;
    while (dropped < this.#blocks.length - 1 && this.#blocks[dropped + 1].start <= keepFrom) dropped += 1;
    if (dropped > 0) {
      for (const { channels } of this.#blocks.splice(0, dropped)) releaseMemory(channels);
      this.#tail = Math.max(this.#tail, this.#blocks[0].start);
    }
    this.#changed();
    return dropped;
  }

  async #blockAt(index: number, signal?: AbortSignal): Promise<PcmBlock | null> {
    const run = this.#run;
    while (index >= this.#blocks.length) {
      signal?.throwIfAborted();
      if (run === null || run.stopped || run.ended) return null;
      if (run.error !== null) {
        this.#run = null;
        throw run.error;
      }
      await this.#change();
    }
    signal?.throwIfAborted();
    return this.#blocks[index];
  }

  async #decode(position: Samples): Promise<void> {
    const run = { stopped: false, ended: false, error: null as unknown };
    this.#run = run;
    try {
      for await (const block of this.#options.decodeFrom(position)) {
        if (run.stopped) return;
        this.#blocks.push(block);
        this.#head = block.start + block.channels[0].length;
        this.#lastBlockLength = block.channels[0].length;
        this.#changed();
        while (!run.stopped && this.#head - this.#position > READ_AHEAD_SECONDS * this.#options.sampleRate) {
          await this.#change();
        }
        if (run.stopped) return;
      }
      run.ended = true;
    } catch (error) {
      run.error = error;
    }
    this.#changed();
  }

  /** The queue or the run's state is another one now. */
  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
