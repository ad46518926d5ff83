import type { Seconds } from '../../../dsp/units.js';
import type { GainPoint } from '../../../plugin/mask.js';
import { timeToX, type TimeScale } from '../../time-scale.js';
import { gainToY } from '../../overlay/envelope-painter.js';

/** Points that one is dragged against are pushed along, and stay at least this far from each other: a fade stays one. */
const PUSH_DISTANCE: Seconds = 0.01;

/** Least distance of a new point from its neighbours: a step would click. */
const MIN_DISTANCE: Seconds = 0.001;

/** What of an envelope lies under a pointer: a point, or the line that begins with a point. */
export interface EnvelopeTarget {
  readonly kind: 'point' | 'line';
  readonly index: number;
}

/** An envelope of which the points from one index to another have moved. */
export interface MovedPoints {
  readonly points: readonly GainPoint[];
  readonly from: number;
  readonly to: number;
}

/** What has to be drawn for points to be where they have moved to: they, and a neighbour on either side. */
export function stretchOf({ points, from, to }: MovedPoints): readonly GainPoint[] {
  return points.slice(Math.max(0, from - 1), to + 2);
}

/** Moves a point to a time and a gain, and pushes along those that are in its way; the first and the last stay. */
export function movePoint(points: readonly GainPoint[], index: number, to: GainPoint): MovedPoints {
  const point = points[index]!;
  const moved = [...points];
  const gap = (i: number) => Math.min(PUSH_DISTANCE, points[i + 1]!.time - points[i]!.time);
  const room = (from: number, until: number) => points.slice(from, until).reduce((sum, _, i) => sum + gap(from + i), 0);
  const last = points.length - 1;
  const isEnd = index === 0 || index === last;
  const earliest = points[0]!.time + room(0, index);
  const latest = points[last]!.time - room(index, last);
  const wanted = isEnd || to.time === point.time ? point.time : Math.round(to.time * 1000) / 1000;
  const time = Math.min(latest, Math.max(earliest, wanted));
  moved[index] = { time, gain: limited(to.gain) };
  let from = index;
  while (from > 0 && moved[from - 1]!.time > moved[from]!.time - gap(from - 1)) {
    moved[from - 1] = { time: moved[from]!.time - gap(from - 1), gain: moved[from - 1]!.gain };
    from -= 1;
  }
  let until = index;
  while (until < last && moved[until + 1]!.time < moved[until]!.time + gap(until)) {
    moved[until + 1] = { time: moved[until]!.time + gap(until), gain: moved[until + 1]!.gain };
    until += 1;
  }
  return { points: moved, from, to: until };
}

/** Makes both ends of the line that begins with a point louder, or softer. */
export function raiseLine(points: readonly GainPoint[], index: number, louder: number): MovedPoints {
  const moved = points.map(({ time, gain }, i) =>
    i === index || i === index + 1 ? { time, gain: limited(gain + louder) } : points[i]!,
  );
  return { points: moved, from: index, to: index + 1 };
}

function limited(gain: number): number {
  return Math.min(1, Math.max(0, gain));
}

/** The stretch with one point more on the line that begins with a point; null where there is no room. */
export function stretchWithNewPoint(
  points: readonly GainPoint[],
  index: number,
  point: GainPoint,
): readonly GainPoint[] | null {
  const [from, to] = [points[index]!, points[index + 1]];
  if (!to || point.time < from.time + MIN_DISTANCE || point.time > to.time - MIN_DISTANCE) return null;
  return [from, point, to];
}

/** The stretch without a point; null for the first and the last, without which there is no envelope. */
export function stretchWithoutPoint(points: readonly GainPoint[], index: number): readonly GainPoint[] | null {
  if (index === 0 || index === points.length - 1) return null;
  return [points[index - 1]!, points[index + 1]!];
}

/** What lies within `reach` CSS pixels of a place; the nearest point first, else the line. */
export function envelopeTarget(
  points: readonly GainPoint[],
  place: { readonly x: number; readonly y: number },
  view: { readonly scale: TimeScale; readonly height: number; readonly reach: number },
): EnvelopeTarget | null {
  const { scale, height, reach } = view;
  const at = ({ time, gain }: GainPoint) => ({ x: timeToX(scale, time), y: gainToY(gain, height) });
  let nearest = reach;
  let target: EnvelopeTarget | null = null;
  let lineDistance = reach;
  let line: EnvelopeTarget | null = null;
  for (let index = 0; index < points.length; index += 1) {
    const from = at(points[index]!);
    const distance = Math.hypot(from.x - place.x, from.y - place.y);
    if (distance <= nearest) {
      nearest = distance;
      target = { kind: 'point', index };
    }
    const next = points[index + 1];
    if (!next) break;
    const away = distanceToLine(place, from, at(next));
    if (away <= lineDistance) {
      lineDistance = away;
      line = { kind: 'line', index };
    }
  }
  return target ?? line;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function distanceToLine(place: Place, from: Place, to: Place): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((place.x - from.x) * dx + (place.y - from.y) * dy) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(place.x - from.x - share * dx, place.y - from.y - share * dy);
}
