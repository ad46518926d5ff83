import { firstAfter, type GainEnvelope } from '../dsp/gain-envelope.js';
import type { Hertz, Samples } from '../dsp/units.js';

/**
 * The gain of each sample of a recording, which is that of `gainAt` at its time. Blocks are read in order, so that no
 * point is sought twice.
 */
export class GainReader {
  /** First point that may be later than the next sample to be read. */
  #next = 0;

  /**
   * @param envelope in seconds of the recording
   * @param arrayOf gives an array for gains, of a length
   */
  constructor(
    private readonly envelope: GainEnvelope,
    private readonly sampleRate: Hertz,
    private readonly arrayOf = (length: Samples) => new Float64Array(length),
  ) {}

  /** One gain where all samples of the block have the same, else one each. */
  read(start: Samples, count: Samples): number | Float64Array {
    const { envelope, sampleRate } = this;
    if (this.#next === 0) this.#next = firstAfter(envelope, start / sampleRate);
    let gains: Float64Array | null = null;
    let i = 0;
    while (i < count) {
      while (this.#next < envelope.length && envelope[this.#next].time <= (start + i) / sampleRate) this.#next += 1;
      const before = envelope[this.#next - 1];
      const after = envelope[this.#next];
      const isConstant = !before || !after || before.gain === after.gain;
      // Rounding may put this a sample early, never late; the next round goes on from there.
      const until = after ? Math.min(count, Math.max(i + 1, Math.floor(after.time * sampleRate) - start)) : count;
      if (isConstant && i === 0 && until === count) return (before ?? after)?.gain ?? 1;
      gains ??= this.arrayOf(count);
      if (isConstant) {
        gains.fill((before ?? after)?.gain ?? 1, i, until);
      } else {
        const rise = after.gain - before.gain;
        const duration = after.time - before.time;
        for (let j = i; j < until; j += 1) {
          gains[j] = before.gain + (rise * ((start + j) / sampleRate - before.time)) / duration;
        }
      }
      i = until;
    }
    return gains ?? 1;
  }
}
