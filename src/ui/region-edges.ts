import type { Seconds } from '../dsp/units.js';
import { SHORTEST_REGION, type Region } from '../plugin/region.js';

/** The region with one edge moved by `distance`, inside the recording and never turned inside out. Whole milliseconds. */
export function moveEdge(
  region: Region,
  side: 'start' | 'end',
  distance: Seconds,
  duration: Seconds,
): { start: Seconds; end: Seconds } {
  const millis = (time: Seconds) => Math.round(time * 1000) / 1000;
  const { start, end } = region;
  return side === 'start'
    ? { start: Math.max(0, Math.min(millis(start + distance), end - SHORTEST_REGION)), end }
    : { start, end: Math.min(duration, Math.max(millis(end + distance), start + SHORTEST_REGION)) };
}
