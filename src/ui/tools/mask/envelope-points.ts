import type { Seconds } from '../../../dsp/units.js';
import type { GainPoint } from '../../../plugin/mask.js';
import { timeToX, type TimeScale } from '../../time-scale.js';
import { gainToY } from '../../overlay/envelope-painter.js';

/** Least distance of two points in time: a step would click. */
const MIN_DISTANCE: Seconds = 0.001;

/** What of an envelope lies under a pointer: a point, or the line that begins with a point. */
export interface EnvelopeTarget {
  readonly kind: 'point' | 'line';
  readonly index: number;
}

/** The points from one index to another, each end with its neighbour where there is one: what a stretch is drawn of. */
function withNeighbours(
  points: readonly GainPoint[],
  from: number,
  to: number,
  changed: readonly GainPoint[],
): readonly GainPoint[] {
  return [...points.slice(Math.max(0, from - 1), from), ...changed, ...points.slice(to + 1, to + 2)];
}

/** A point moved to a time and a gain, but never past its neighbours; the first and the last keep their time. */
export function movePoint(points: readonly GainPoint[], index: number, to: GainPoint): GainPoint {
  const point = points[index]!;
  const earliest = index === 0 ? point.time : points[index - 1]!.time + MIN_DISTANCE;
  const latest = index === points.length - 1 ? point.time : points[index + 1]!.time - MIN_DISTANCE;
  const wanted = to.time === point.time ? to.time : Math.round(to.time * 1000) / 1000;
  const time = earliest > latest ? point.time : Math.min(latest, Math.max(earliest, wanted));
  return { time, gain: Math.min(1, Math.max(0, to.gain)) };
}

/** The stretch in which one point is replaced. */
export function stretchWithPoint(points: readonly GainPoint[], index: number, moved: GainPoint): readonly GainPoint[] {
  return withNeighbours(points, index, index, [moved]);
}

/** The stretch in which both ends of the line that begins with a point are louder, or softer. */
export function stretchWithLine(points: readonly GainPoint[], index: number, louder: number): readonly GainPoint[] {
  const changed = points
    .slice(index, index + 2)
    .map(({ time, gain }) => ({ time, gain: Math.min(1, Math.max(0, gain + louder)) }));
  return withNeighbours(points, index, index + 1, changed);
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
  return withNeighbours(points, index, index, []);
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
