/**
 * Turns samples −1…1 into integers of a depth.
 *
 * A sample on the depth's grid keeps its value exactly; one between two steps is rounded to the nearest, or, with
 * dither, to one near it by chance: triangular noise of ±1 step makes the error independent of the signal (Lipshitz,
 * Wannamaker and Vanderkooy, JAES 40, 1992). Silence stays silent. The noise is the same at every run.
 */
export class Quantiser {
  /** Samples so far that were beyond full scale and are held at it. */
  clipped = 0;
  readonly #fullScale: number;
  #random: number | null;

  /** @param ditherSeed different for channels that are heard together, not 0; null for no dither */
  constructor(bits: 16 | 24, ditherSeed: number | null) {
    this.#fullScale = 2 ** (bits - 1);
    this.#random = ditherSeed;
  }

  /**
   * @param gains linear; one for all samples, or one each
   * @param output receives the integers; as long as the samples
   */
  quantise(
    samples: Float32Array,
    gains: number | Float64Array,
    output = new Int32Array(samples.length),
  ): Int32Array<ArrayBuffer> {
    if (gains === 0) return output.fill(0);
    const fullScale = this.#fullScale;
    const [least, most] = [-fullScale, fullScale - 1];
    for (let i = 0; i < samples.length; i += 1) {
      const scaled = samples[i] * (typeof gains === 'number' ? gains : gains[i]) * fullScale;
      let value = Math.floor(scaled + 0.5);
      if (this.#random !== null && value !== scaled) value = Math.floor(scaled + 0.5 + this.#triangular());
      if (value > most || value < least) {
        this.clipped += 1;
        value = value > most ? most : least;
      }
      output[i] = value;
    }
    return output;
  }

  /** −1…1, densest at 0: the sum of two of xorshift32's numbers. */
  #triangular(): number {
    return (this.#uniform() + this.#uniform()) * 2 ** -32;
  }

  #uniform(): number {
    let value = this.#random!;
    value ^= value << 13;
    value ^= value >>> 17;
    value ^= value << 5;
    this.#random = value;
    return value;
  }
}
