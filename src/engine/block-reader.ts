import { mixdown } from '../dsp/mixdown.js';
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import { SampleRing } from './sample-ring.js';

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
  /**
   * Decodes from a position on; may begin with earlier blocks, in order. A block has been copied when the next one is
   * asked for. Closed by `return()` when given up.
   */
  readonly decodeFrom: (position: Samples) => AsyncGenerator<PcmBlock, void, unknown>;
}

/** Decoded ahead of the last read, so that decoding goes on while the caller works; 3 MB for stereo at 48 kHz. */
const READ_AHEAD_SECONDS = 8;
/** A jump forward up to this far is decoded through; a longer one seeks. */
const SKIP_SECONDS = 2;
/** Most samples of all channels that are held, 128 MB: many channels at a high rate have less ahead and behind. */
const MOST_SAMPLES = 2 ** 25;

interface DecodingRun {
  stopped: boolean;
  ended: boolean;
  error: unknown;
}

/**
 * Turns a decoder's blocks into exact stretches of samples: blocks are placed by their positions, gaps between them are
 * silence, what overlaps or lies before the beginning is dropped.
 */
export class BlockReader {
  readonly #options: BlockReaderOptions;
  readonly #ring: SampleRing;
  /** Decoded at most so far behind the end of the last read. */
  readonly #ahead: Samples;
  /** End of the last read. */
  #position: Samples = 0;
  #lastBlockLength: Samples = 0;
  #run: DecodingRun | null = null;
  /** Of those who wait for a change. */
  #waiting: (() => void)[] = [];
  #lastRead: Promise<unknown> = Promise.resolve();

  constructor(options: BlockReaderOptions) {
    this.#options = options;
    const { channelCount, history, sampleRate } = options;
    const seconds = history + READ_AHEAD_SECONDS;
    const capacity = Math.ceil(Math.min(seconds * sampleRate, MOST_SAMPLES / channelCount));
    this.#ring = new SampleRing(channelCount, capacity);
    this.#ahead = Math.ceil((capacity * READ_AHEAD_SECONDS) / seconds);
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
    const { length, sampleRate } = this.#options;
    const ring = this.#ring;
    const end = start + size;
    if (this.#run === null || start < ring.start || start > ring.end + SKIP_SECONDS * sampleRate) this.#seek(start);
    this.#goTo(start);
    let filled = start;
    while (filled < end && (ring.end > filled || (await this.#more(signal)))) {
      const from = filled;
      filled = Math.max(from, Math.min(ring.end, end));
      ring.visit(from, filled, (channels, at) => take(channels, from - start + at));
      this.#goTo(filled);
    }
    // A decoder may swallow a last packet of silence, which is not a recording cut short.
    if (filled < end && length - filled > this.#lastBlockLength) return filled - start;
    return size;
  }

  /** Ends decoding. */
  close(): void {
    if (this.#run !== null) this.#run.stopped = true;
    this.#changed();
  }

  #seek(position: Samples): void {
    this.close();
    this.#ring.restart(position);
    this.#position = position;
    void this.#decode(position);
  }

  /** Lets the decoder go on. */
  #goTo(position: Samples): void {
    this.#position = position;
    this.#changed();
  }

  /** Waits for more to be decoded; false if nothing more comes. */
  async #more(signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    const run = this.#run;
    if (run === null || run.stopped || run.ended) return false;
    if (run.error !== null) {
      this.#run = null;
      throw run.error;
    }
    await this.#change();
    signal?.throwIfAborted();
    return true;
  }

  async #decode(position: Samples): Promise<void> {
    const run = { stopped: false, ended: false, error: null as unknown };
    this.#run = run;
    const ring = this.#ring;
    try {
      for await (const { start, channels } of this.#options.decodeFrom(position)) {
        if (run.stopped) return;
        const { length } = channels[0];
        this.#lastBlockLength = length;
        await this.#append(run, null, 0, start - ring.end);
        await this.#append(run, channels, ring.end - start, start + length - ring.end);
        if (run.stopped) return;
      }
      run.ended = true;
    } catch (error) {
      run.error = error;
    }
    this.#changed();
  }

  /** Appends samples as there is room for them. */
  async #append(
    run: DecodingRun,
    channels: readonly Float32Array[] | null,
    from: number,
    count: Samples,
  ): Promise<void> {
    for (let appended = 0; appended < count && !run.stopped;) {
      const room = Math.min(count - appended, this.#position + this.#ahead - this.#ring.end);
      if (room > 0) {
        this.#ring.append(channels, from + appended, room);
        appended += room;
        this.#changed();
      } else {
        await this.#change();
      }
    }
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
