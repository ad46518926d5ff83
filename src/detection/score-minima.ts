import type { Seconds } from '../dsp/units.js';
import { frameToSeconds, secondsToFrame } from './frame-grid.js';
import type { ScoreCurve } from './score-curve.js';

/**
 * The minimum that a score curve falls to from a moment: the valley before or after a sound, or between two. It lies at
 * the vertex of the parabola through the lowest frame and its neighbours, on a flat floor in the frame that it meets first, and at the
 * end of the curve where it falls until there.
 *
 * @param time where to look from
 * @param reach how far the minimum may lie from there
 * @returns null where no minimum is within reach, or where the way there has not been analysed
 */
export function scoreMinimumFrom({ grid, values }: ScoreCurve, time: Seconds, reach: Seconds): Seconds | null {
  // An edge at the very end of the recording lies behind the last frame.
  const first = Math.min(values.length - 1, Math.floor(secondsToFrame(grid, time)));
  if (!(first >= 0) || Number.isNaN(values[first])) return null;
  // Beyond its ends nothing is heard.
  const score = (frame: number): number => (frame >= 0 && frame < values.length ? values[frame] : -1);
  const direction = score(first + 1) < score(first - 1) ? 1 : -1;
  let lowest = first;
  while (score(lowest + direction) < score(lowest)) lowest += direction;
  const minimum = frameToSeconds(grid, vertex(score(lowest - 1), score(lowest), score(lowest + 1)) + lowest);
  return Math.abs(minimum - time) <= reach ? minimum : null;
}

/** Where in a frame, 0…1, the curve is lowest; NaN where a neighbour is unknown. */
function vertex(before: number, here: number, after: number): number {
  if (here < 0) return before >= 0 ? 0 : 1;
  if (Number.isNaN(before + after)) return NaN;
  const isRound = before > here && after > here;
  return 0.5 + (isRound ? (before - after) / (2 * (before - 2 * here + after)) : 0);
}
