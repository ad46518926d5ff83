import type { Samples } from '../dsp/units.js';

/**
 * Arrays that serve block after block: a pass over an hour would leave gigabytes of them behind, faster than they are
 * collected. Each is allocated when it is first asked for.
 *
 * What a method gives is overwritten by the next call of the same method (and channel), and holds what was left in it.
 */
export class BlockBuffers {
  #integers: (Int32Array<ArrayBuffer> | undefined)[] = [];
  #gains: Float64Array<ArrayBuffer> | undefined;
  #bytes: ArrayBuffer | undefined;

  /** @param capacity samples a channel in the longest block */
  constructor(private readonly capacity: Samples) {}

  integers(channel: number, length: Samples): Int32Array<ArrayBuffer> {
    return (this.#integers[channel] ??= new Int32Array(this.capacity)).subarray(0, length);
  }

  gains(length: Samples): Float64Array<ArrayBuffer> {
    return (this.#gains ??= new Float64Array(this.capacity)).subarray(0, length);
  }

  /** @param blockBytes in one sample of all channels */
  bytes(blockBytes: number): ArrayBuffer {
    return (this.#bytes ??= new ArrayBuffer(this.capacity * blockBytes));
  }
}
