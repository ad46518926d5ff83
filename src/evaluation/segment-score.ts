import type { Seconds } from '../dsp/units.js';
import type { DetectionCounts } from './detection-counts.js';
import type { TimeSpan } from './time-span.js';

/** Marks every whole second that a span touches: `floor(start)` … `ceil(end)`. */
function activeSeconds(spans: readonly TimeSpan[], duration: Seconds): Uint8Array {
  const active = new Uint8Array(Math.ceil(duration));
  for (const { start, end } of spans) active.fill(1, Math.floor(start), Math.ceil(end));
  return active;
}

/** Compares one label in one recording in segments of 1 s (DCASE's segment-based metric). */
export function countSegments(
  reference: readonly TimeSpan[],
  found: readonly TimeSpan[],
  duration: Seconds,
): DetectionCounts {
  const there = activeSeconds(reference, duration);
  const claimed = activeSeconds(found, duration);
  const count = (inReference: number, inFound: number) =>
    there.reduce((sum, value, i) => sum + (value === inReference && claimed[i] === inFound ? 1 : 0), 0);
  return { truePositives: count(1, 1), falsePositives: count(0, 1), falseNegatives: count(1, 0) };
}
