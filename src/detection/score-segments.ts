import type { Score } from '../dsp/units.js';

/** One stretch of a score curve; positions in frames from the start of the scores, fractions allowed. */
export interface ScoreSegment {
  readonly onset: number;
  readonly offset: number;
}

/**
 * Divides a score curve into events: the stretches in which it stays at or above a low score. How likely each of them
 * is an event is another question (hysteresis, as in J. Canny, A computational approach to edge detection, 1986: a low
 * threshold for where, a high one for whether). So what a sensitivity does later cannot move a boundary.
 *
 * @param scores one run of scores 0…1, without NaN
 * @param lowest the score that all frames of an event reach
 * @returns sorted, apart from each other by a frame or more
 */
export function scoreSegments(scores: Float32Array, lowest: Score): ScoreSegment[] {
  const segments: ScoreSegment[] = [];
  for (let onset = 0; onset < scores.length; onset += 1) {
    if (!(scores[onset] >= lowest)) continue;
    let offset = onset + 1;
    while (offset < scores.length && scores[offset] >= lowest) offset += 1;
    segments.push({ onset, offset });
    onset = offset;
  }
  return segments;
}

/** Time-weighted mean of the scores over `[onset, offset)`. */
export function meanScore(scores: Float32Array, { onset, offset }: ScoreSegment): Score {
  let sum = 0;
  for (let i = Math.floor(onset); i < offset; i += 1) sum += scores[i] * (Math.min(i + 1, offset) - Math.max(i, onset));
  return sum / (offset - onset);
}

/**
 * How sure it is that a segment is an event: half its mean score, half its peak. The mean alone punishes short, decided
 * events whose flanks are blurred by the model's frames.
 */
export function confidenceOf(scores: Float32Array, segment: ScoreSegment): Score {
  const peak = scores
    .subarray(Math.floor(segment.onset), Math.ceil(segment.offset))
    .reduce((a, b) => Math.max(a, b), 0);
  return (meanScore(scores, segment) + peak) / 2;
}
