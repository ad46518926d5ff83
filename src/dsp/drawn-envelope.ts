import { firstAfter, gainAt, type GainEnvelope, type GainPoint } from './gain-envelope.js';
import type { Seconds } from './units.js';

/** Seconds of the line that leads from an envelope to a stretch that was drawn elsewhere: no step, so no click. */
const JOIN: Seconds = 0.005;

/** Gains nearer to each other than this need no line between them. */
const SAME_GAIN = 1e-6;

/** A stretch of an envelope that was drawn by hand, from its first point to its last. Never empty. */
export type DrawnStretch = readonly [GainPoint, ...GainPoint[]];

function endOf(stretch: DrawnStretch): GainPoint {
  return stretch.at(-1)!;
}

/**
 * Draws one more stretch: within its ends it takes the place of what was drawn there before, and with what it touches
 * it becomes one.
 *
 * @param stretches sorted, apart from each other
 * @returns the same
 */
export function drawStretch(stretches: readonly DrawnStretch[], drawn: DrawnStretch): readonly DrawnStretch[] {
  const [start, end] = [drawn[0].time, endOf(drawn).time];
  const touches = (stretch: DrawnStretch) => stretch[0].time <= end && endOf(stretch).time >= start;
  const touched = stretches.filter(touches).flat();
  const joined = [
    ...touched.filter(({ time }) => time < start),
    ...drawn,
    ...touched.filter(({ time }) => time > end),
  ] as [GainPoint, ...GainPoint[]];
  return [...stretches.filter((stretch) => !touches(stretch)), joined].sort((a, b) => a[0].time - b[0].time);
}

/**
 * The envelope with the drawn stretches in their places. What lies between them is untouched, but for the lines of 5 ms
 * that lead to a stretch where the envelope is elsewhere.
 *
 * @param stretches sorted, apart from each other
 * @param duration seconds; what was drawn later than that is cut off
 */
export function drawOver(envelope: GainEnvelope, stretches: readonly DrawnStretch[], duration: Seconds): GainEnvelope {
  if (stretches.length === 0) return envelope;
  const points: GainPoint[] = [];
  let from: Seconds = 0;
  for (const stretch of stretches) {
    const first = stretch[0];
    if (first.time >= duration) break;
    const into = isSame(gainBefore(envelope, first.time), first.gain) ? first.time : Math.max(0, first.time - JOIN);
    points.push(...part(envelope, from, into));
    const inside = stretch.filter(({ time }) => time <= duration);
    points.push(...inside);
    if (inside.length < stretch.length) points.push({ time: duration, gain: gainAt(stretch, duration) });
    const last = endOf(stretch);
    from = isSame(gainAt(envelope, last.time), last.gain) ? last.time : Math.min(duration, last.time + JOIN);
  }
  points.push(...part(envelope, from, duration));
  return points;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_GAIN;
}

/** The points of an envelope from one time to another, with one at either end; none where there is no time between. */
function part(envelope: GainEnvelope, from: Seconds, to: Seconds): GainPoint[] {
  if (!(to > from)) return [];
  const inside = envelope.slice(firstAfter(envelope, from), firstFrom(envelope, to));
  return [{ time: from, gain: gainAt(envelope, from) }, ...inside, { time: to, gain: gainBefore(envelope, to) }];
}

/** The gain of an envelope at a time; at a step, what comes before it. */
function gainBefore(envelope: GainEnvelope, time: Seconds): number {
  const point = envelope[firstFrom(envelope, time)];
  return point?.time === time ? point.gain : gainAt(envelope, time);
}

/** Index of the first point that is not earlier than a time. */
function firstFrom(envelope: GainEnvelope, time: Seconds): number {
  let index = firstAfter(envelope, time);
  while (index > 0 && envelope[index - 1].time === time) index -= 1;
  return index;
}
