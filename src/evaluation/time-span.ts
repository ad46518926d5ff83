import type { Seconds } from '../dsp/units.js';

/** A stretch `[start, end)` of a recording, `start < end`. A sound event box is one, and so is an event of the ground truth. */
export interface TimeSpan {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** Length of the part that both have in common; 0 where they do not overlap. */
export function overlapSeconds(a: TimeSpan, b: TimeSpan): Seconds {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}

/** The same moments, sorted by start, with overlapping and touching spans made one. */
export function mergeSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: { start: Seconds; end: Seconds }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
