import type { Score, Seconds } from '../dsp/units.js';

/** The probability that a logit stands for; NaN stays NaN. */
export function probability(logit: number): Score {
  return 1 / (1 + Math.exp(-logit));
}

/** The logit of a probability; ±Infinity at 1 and 0. */
export function logit(probability: Score): number {
  return Math.log(probability / (1 - probability));
}

/** What the median logit of a prompt over a recording without its sound usually is (measured: −6.2, three quarters below −5.3). */
const USUAL_BASELINE = -6.5;
/** Above this the sound may well fill the recording, like rain; it is not held against the prompt any further. */
const HIGHEST_BASELINE = -3;
/** A shorter recording says less about what is usual in it, so less is taken off. */
const BASELINE_SECONDS: Seconds = 20;

/**
 * How far a prompt's logits stand above where they usually lie in this recording, to be taken off them.
 *
 * Some prompts ("music") answer a little to everything, and some recordings (hiss) answer a little to many prompts.
 * The median over the recording shows that, as long as the sound itself fills less than half of it; what it shows is
 * limited, so that a sound that does fill the recording loses at most one logit.
 *
 * @param logits NaN where not analysed
 * @param weight 0…1, the part of the elevation that is taken off
 * @returns 0 or more
 */
export function baselinePenalty(logits: Float32Array, weight: number, frameSeconds: Seconds): number {
  const known = analysedLogits(logits).sort();
  if (known.length === 0) return 0;
  const middle = known.length >> 1;
  const median = known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
  const certainty = Math.min(1, (known.length * frameSeconds) / BASELINE_SECONDS);
  return weight * certainty * (Math.min(Math.max(median, USUAL_BASELINE), HIGHEST_BASELINE) - USUAL_BASELINE);
}

/** A copy without the NaNs. */
function analysedLogits(logits: Float32Array): Float32Array {
  const known = new Float32Array(logits.length);
  let count = 0;
  for (const value of logits) if (!Number.isNaN(value)) known[count++] = value;
  return known.subarray(0, count);
}
