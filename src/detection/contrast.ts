/**
 * Sets a target against its contrasts ("dog bark, but not growling"), frame by frame: the softmax of the target among
 * itself, the contrasts and "none of them" (logit 0), again as a logit.
 *
 * Without contrasts that is the plain logit. A contrast that is itself unlikely changes nothing; one as likely as a
 * likely target brings it down to one half; a target that fits clearly better than the contrast stays a hit.
 *
 * @param target overwritten with the result
 * @param contrasts the same length each
 */
export function applyContrasts(target: Float32Array, contrasts: readonly Float32Array[]): void {
  for (let i = 0; contrasts.length > 0 && i < target.length; i += 1) {
    let others = 1;
    for (const contrast of contrasts) others += Math.exp(contrast[i]);
    target[i] -= Math.log(others);
  }
}
