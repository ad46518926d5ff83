import type { Score } from '../dsp/units.js';

/** The probability that a logit stands for; NaN stays NaN. */
export function probability(logit: number): Score {
  return 1 / (1 + Math.exp(-logit));
}
