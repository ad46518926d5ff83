import type { Hertz } from './units.js';

/**
 * - `slaney`: linear below 1 kHz, logarithmic above (Slaney's Auditory Toolbox, librosa's default)
 * - `htk`: 2595·log10(1 + f/700) (the HTK book)
 * - `kaldi`: 1127·ln(1 + f/700)
 */
export type MelScale = 'slaney' | 'htk' | 'kaldi';

export interface MelFilterbankOptions {
  readonly sampleRate: Hertz;
  readonly fftSize: number;
  readonly bands: number;
  /** Lower edge of the first band. */
  readonly lowFrequency: Hertz;
  /** Upper edge of the last band. */
  readonly highFrequency: Hertz;
  readonly scale: MelScale;
  /** `slaney` divides each triangle by half its width, so that its area is one; `none` leaves the peaks at one. */
  readonly norm: 'slaney' | 'none';
  /** The axis along which the slopes of a triangle are straight. */
  readonly slopes: 'hertz' | 'mel';
}

/** One triangle: weights of the bins from `firstBin` on; without a weight when the triangle falls between two bins. */
export interface MelBand {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

const SLANEY_HERTZ_PER_MEL = 200 / 3;
const SLANEY_LOG_START_HERTZ = 1000;
const SLANEY_LOG_START_MEL = SLANEY_LOG_START_HERTZ / SLANEY_HERTZ_PER_MEL;
/** Above 1 kHz 27 mels are a factor of 6.4. */
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** Position of a frequency on a mel scale. */
export function hertzToMel(hertz: Hertz, scale: MelScale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700);
  if (scale === 'kaldi') return 1127 * Math.log(1 + hertz / 700);
  if (hertz < SLANEY_LOG_START_HERTZ) return hertz / SLANEY_HERTZ_PER_MEL;
  return SLANEY_LOG_START_MEL + Math.log(hertz / SLANEY_LOG_START_HERTZ) / SLANEY_LOG_STEP;
}

/** Inverse of {@link hertzToMel}. */
export function melToHertz(mel: number, scale: MelScale): Hertz {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  if (scale === 'kaldi') return 700 * (Math.exp(mel / 1127) - 1);
  if (mel < SLANEY_LOG_START_MEL) return mel * SLANEY_HERTZ_PER_MEL;
  return SLANEY_LOG_START_HERTZ * Math.exp((mel - SLANEY_LOG_START_MEL) * SLANEY_LOG_STEP);
}

/**
 * Overlapping triangles whose edges are equally spaced on the mel scale: band *b* rises from edge *b* to edge *b*+1 and
 * falls to edge *b*+2. They weigh the power spectrum of bins 0…fftSize/2.
 *
 * @returns one entry a band, low to high
 */
export function melFilterbank(options: MelFilterbankOptions): MelBand[] {
  const { sampleRate, fftSize, bands, scale, norm, slopes } = options;
  const lowMel = hertzToMel(options.lowFrequency, scale);
  const highMel = hertzToMel(options.highFrequency, scale);
  const axis = (hertz: Hertz) => (slopes === 'mel' ? hertzToMel(hertz, scale) : hertz);
  const edges = Array.from({ length: bands + 2 }, (_, edge) => {
    const mel = lowMel + ((highMel - lowMel) * edge) / (bands + 1);
    return slopes === 'mel' ? mel : melToHertz(mel, scale);
  });
  const bins = Array.from({ length: fftSize / 2 + 1 }, (_, bin) => axis((bin * sampleRate) / fftSize));
  return Array.from({ length: bands }, (_, band) => {
    const [left, centre, right] = edges.slice(band, band + 3) as [number, number, number];
    const height = norm === 'slaney' ? 2 / (right - left) : 1;
    const inside = bins.flatMap((position, bin) => (position > left && position < right ? [bin] : []));
    const weights = inside.map((bin) => {
      const position = bins[bin]!;
      return height * Math.min((position - left) / (centre - left), (right - position) / (right - centre));
    });
    return { firstBin: inside[0] ?? 0, weights: Float64Array.from(weights) };
  });
}
