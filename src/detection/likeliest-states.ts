/**
 * The sequence of states with the largest sum of evidence, less `switchingCost` for each change of state: Viterbi's
 * algorithm (G. D. Forney, Proc. IEEE 61 (1973) 268–278) with the same cost for all changes.
 *
 * Of two equal sequences the one that changes later wins, then the state of the lower index. Takes time and memory in
 * proportion to frames × states; of the way back only one byte a frame and state is kept.
 *
 * @param evidence `[stateCount][frameCount]`, finite; at most 255 states
 * @param switchingCost 0 or more, in units of the evidence
 * @returns the index of a state for each frame
 */
export function likeliestStates(evidence: readonly Float32Array[], switchingCost: number): Uint8Array {
  const stateCount = evidence.length;
  const frameCount = evidence[0].length;
  const totals = Float64Array.from(evidence, (values) => values[0]);
  /** Where the best sequence that is in a state at a frame was one frame earlier, `[frameCount][stateCount]`. */
  const origins = new Uint8Array(frameCount * stateCount);
  for (let frame = 1; frame < frameCount; frame += 1) {
    const best = indexOfLargest(totals);
    const afterSwitch = totals[best] - switchingCost;
    for (let state = 0; state < stateCount; state += 1) {
      const stays = totals[state] >= afterSwitch;
      origins[frame * stateCount + state] = stays ? state : best;
      totals[state] = (stays ? totals[state] : afterSwitch) + evidence[state][frame];
    }
  }
  const states = new Uint8Array(frameCount);
  let state = indexOfLargest(totals);
  for (let frame = frameCount - 1; frame >= 0; frame -= 1) {
    states[frame] = state;
    state = origins[frame * stateCount + state];
  }
  return states;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
  return best;
}
