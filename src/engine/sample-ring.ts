import type { Samples } from '../dsp/units.js';

/** The last samples of a stream, planar, in memory that is never given up. Positions are those of the stream. */
export class SampleRing {
  readonly #channels: readonly Float32Array<ArrayBuffer>[];
  #first: Samples = 0;
  #end: Samples = 0;

  /** @param capacity samples a channel that it holds */
  constructor(
    channelCount: number,
    private readonly capacity: Samples,
  ) {
    this.#channels = Array.from({ length: channelCount }, () => new Float32Array(capacity));
  }

  /** Position of the oldest sample. */
  get start(): Samples {
    return Math.max(this.#first, this.#end - this.capacity);
  }

  /** Position behind the newest sample. */
  get end(): Samples {
    return this.#end;
  }

  /** Forgets everything; what is appended next belongs at a position. */
  restart(position: Samples): void {
    this.#first = position;
    this.#end = position;
  }

  /**
   * Appends samples in the place of the oldest.
   *
   * @param channels where there are fewer than the ring has, the first one stands for the rest; null: silence
   * @param from index of the first one
   * @param count at most the capacity
   */
  append(channels: readonly Float32Array[] | null, from: number, count: Samples): void {
    this.#forStretches(this.#end, this.#end + count, (slot, length, at) => {
      this.#channels.forEach((ring, channel) => {
        if (channels === null) ring.fill(0, slot, slot + length);
        else ring.set((channels[channel] ?? channels[0]).subarray(from + at, from + at + length), slot);
      });
    });
    this.#end += count;
  }

  /**
   * Goes through the samples of `[start, end)`, which the ring has to hold.
   *
   * @param take gets views of all channels, and where they begin, counted from `start`
   */
  visit(start: Samples, end: Samples, take: (channels: Float32Array<ArrayBuffer>[], at: Samples) => void): void {
    this.#forStretches(start, end, (slot, length, at) => {
      take(
        this.#channels.map((ring) => ring.subarray(slot, slot + length)),
        at,
      );
    });
  }

  /** Positions as stretches of the arrays: two, where they reach over the end. */
  #forStretches(start: Samples, end: Samples, each: (slot: number, length: Samples, at: Samples) => void): void {
    for (let position = start; position < end;) {
      const slot = position % this.capacity;
      const length = Math.min(end - position, this.capacity - slot);
      each(slot, length, position - start);
      position += length;
    }
  }
}
