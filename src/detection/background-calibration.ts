import { similarityLogits, type TextQuery } from './similarity.js';

/** What a model makes of background sounds. */
export interface BackgroundEmbeddings {
  /** Embeddings as they stand in curves, `[count × D]` row-major, unit L2 norm; at least one. */
  readonly frames: Float32Array;
  /** Embeddings of whole windows, `[count × D]` row-major, unit L2 norm; at least one. */
  readonly clips: Float32Array;
}

/** How cosines with a prompt become logits, where the model does not say. */
export interface CalibratedQueries {
  /** For embeddings as they stand in curves. */
  readonly frames: TextQuery;
  /** For embeddings of whole windows. */
  readonly clips: TextQuery;
}

/** Logits a standard deviation; chosen on recordings, docs/calibration.md has the table. */
const LOGITS_PER_DEVIATION = 1.5;
/**
 * The logit of what is as like the prompt as the background is, a probability of .0025: about where the logits of a
 * calibrated model lie over a recording without the sound, which later steps count on.
 */
const BACKGROUND_LOGIT = -6;
/** Standard deviation of a normal distribution by its median absolute deviation. */
const DEVIATION_BY_MAD = 1.4826;
/** Cosine. A background that says less than this about a prompt's spread says nothing, and would make any sound a hit. */
const LEAST_DEVIATION = 0.005;

/**
 * Calibrates a prompt of a model that has no bias by what it answers to a background:
 *
 *     z = (cosine − median) / deviation,   logit = 1.5 · z − 6,   p = 1 / (1 + exp(−logit))
 *
 * with the median of the prompt's cosines with the background. So a sound has to stand out from the background by four
 * deviations to be as likely as not. The squared deviation is the mean of two estimates: that by the cosines' median
 * absolute deviation, and the variance that the coordinates' own variances would give the cosine if they were
 * independent. The first one knows the prompt, but from few sounds; the second one steadies it.
 * Medians, because a background of many kinds of sound holds some that are like the prompt.
 *
 * Clips have a median of their own, but the deviation of the frames: a few long windows do not tell a deviation.
 *
 * @param vector the prompt, `[D]`, unit L2 norm
 * @throws RangeError if nothing of the background compares with the prompt
 */
export function backgroundCalibrated(vector: Float32Array, { frames, clips }: BackgroundEmbeddings): CalibratedQueries {
  const cosines = sortedCosines(vector, frames);
  const centre = median(cosines);
  const spread = DEVIATION_BY_MAD * median(cosines.map((cosine) => Math.abs(cosine - centre)).sort());
  const deviation = Math.sqrt((spread ** 2 + independentVariance(vector, frames)) / 2);
  const scale = LOGITS_PER_DEVIATION / Math.max(LEAST_DEVIATION, deviation);
  const around = (middle: number): TextQuery => ({ vector, scale, bias: BACKGROUND_LOGIT - scale * middle });
  return { frames: around(centre), clips: around(median(sortedCosines(vector, clips))) };
}

/** Cosines that are numbers, ascending. */
function sortedCosines(vector: Float32Array, embeddings: Float32Array): Float32Array {
  const cosines = new Float32Array(Math.floor(embeddings.length / vector.length));
  similarityLogits(embeddings, { vector, scale: 1, bias: 0 }, cosines);
  const known = cosines.filter((cosine) => !Number.isNaN(cosine)).sort();
  if (known.length === 0) throw new RangeError('There is no background to calibrate a prompt by.');
  return known;
}

/** The variance of the cosine with `vector` if the coordinates of the embeddings were independent of each other. */
function independentVariance(vector: Float32Array, embeddings: Float32Array): number {
  const dimension = vector.length;
  let variance = 0;
  for (let d = 0; d < dimension; d += 1) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let i = d; i < embeddings.length; i += dimension) {
      const value = embeddings[i];
      if (Number.isNaN(value)) continue;
      count += 1;
      sum += value;
      squares += value * value;
    }
    if (count > 0) variance += vector[d] ** 2 * Math.max(0, squares / count - (sum / count) ** 2);
  }
  return variance;
}

/** @param sorted at least one */
function median(sorted: Float32Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
