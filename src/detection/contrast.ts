import { probability } from './calibration.js';

/**
 * Probability of a target against its contrasts ("dog bark, but not growling"): the softmax of the target among itself,
 * the contrasts and "none of them" (logit 0). Without contrasts that is the plain probability; a contrast that is
 * itself unlikely changes nothing, one as likely as a certain target halves it.
 */
export function contrastedLogit(target: number, contrasts: readonly number[]): number {
  let others = 1;
  for (const contrast of contrasts) others += Math.exp(contrast);
  return target - Math.log(others);
}

/** @see contrastedLogit */
export function contrastedProbability(target: number, contrasts: readonly number[]): number {
  return probability(contrastedLogit(target, contrasts));
}
