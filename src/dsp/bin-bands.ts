/** Bins of the lowest bands, one each; at frames of 43 ms they reach up to 1.5 kHz. */
const SINGLE_BINS = 64;
/** Above them bands are this part of an octave wide. */
const BANDS_PER_OCTAVE = 24;

/**
 * Joins the bins of a spectrum to bands: single ones where partials of tones lie apart, wider ones above, where a
 * factorisation would otherwise spend its time. Some 160 bands instead of 1025 bins.
 */
export class BinBands {
  readonly bandCount: number;
  /** The band of every bin. */
  readonly #bandOf: Uint16Array;

  constructor(binCount: number) {
    this.#bandOf = new Uint16Array(binCount);
    let band = -1;
    let next = 0;
    for (let bin = 0; bin < binCount; bin++) {
      if (bin === next) {
        band += 1;
        next = bin < SINGLE_BINS ? bin + 1 : Math.max(bin + 1, Math.round(bin * 2 ** (1 / BANDS_PER_OCTAVE)));
      }
      this.#bandOf[bin] = band;
    }
    this.bandCount = band + 1;
  }

  /** Amplitudes of the bands: the roots of the power in each. */
  amplitudes(power: Float64Array, bands: Float64Array): void {
    bands.fill(0);
    for (let bin = 0; bin < power.length; bin++) bands[this.#bandOf[bin]!]! += power[bin]!;
    for (let band = 0; band < bands.length; band++) bands[band] = Math.sqrt(bands[band]!);
  }

  /** Gives every bin the value of its band. */
  spread(bands: Float64Array, bins: Float32Array): void {
    for (let bin = 0; bin < bins.length; bin++) bins[bin] = bands[this.#bandOf[bin]!]!;
  }
}
