import type { Region } from '../../plugin/region.js';
import { timeToX, type TimeScale } from '../time-scale.js';

/** What lies under the pointer in a lane. */
export type LaneTarget =
  | { readonly kind: 'edge'; readonly region: Region; readonly side: 'start' | 'end' }
  | { readonly kind: 'line' }
  | { readonly kind: 'region'; readonly region: Region }
  | { readonly kind: 'empty' };

/** How near, in CSS pixels to either side, counts as on it: fine for a mouse, wide for finger and pen. */
export function reachOf(pointerType: string): number {
  return pointerType === 'mouse' ? 5 : 14;
}

export interface LaneGeometry {
  readonly scale: TimeScale;
  readonly regions: readonly Region[];
  /** Height of the sensitivity line in CSS pixels; null where there is none. */
  readonly lineY: number | null;
  readonly reach: number;
}

/** Edges of accepted regions come first, then the sensitivity line, then the region itself; the nearest edge wins. */
export function hitTest(x: number, y: number, { scale, regions, lineY, reach }: LaneGeometry): LaneTarget {
  let edge: LaneTarget | null = null;
  let edgeDistance = reach;
  let inside: Region | null = null;
  for (const region of regions) {
    const start = timeToX(scale, region.start);
    const end = Math.max(start + 3, timeToX(scale, region.end));
    if (start - reach > x) break;
    if (x >= start && x <= end) inside = region;
    if (region.status !== 'accepted') continue;
    // From inside a short region its own half is its edge.
    for (const [side, at] of [
      ['start', start],
      ['end', end],
    ] as const) {
      const distance = Math.abs(x - at);
      if (distance <= edgeDistance) {
        edge = { kind: 'edge', region, side };
        edgeDistance = distance;
      }
    }
  }
  if (edge !== null) return edge;
  if (lineY !== null && Math.abs(y - lineY) <= reach) return { kind: 'line' };
  return inside === null ? { kind: 'empty' } : { kind: 'region', region: inside };
}
