/**
 * An array that serves again and again: what a pass over hours would leave behind otherwise is more than collectors of
 * several workers keep up with.
 */
export class GrowingBuffer {
  #array = new Float32Array();

  /** What it gives is overwritten after the next call, and holds what was left in it. */
  take(length: number): Float32Array<ArrayBuffer> {
    if (this.#array.length < length) this.#array = new Float32Array(length);
    return this.#array.subarray(0, length);
  }
}
