import type { Seconds } from '../dsp/units.js';
import type { Region } from '../plugin/region.js';

/** Shortest region that dragging can make. */
const MIN_LENGTH: Seconds = 0.01;

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
    ? { start: Math.max(0, Math.min(millis(start + distance), end - MIN_LENGTH)), end }
    : { start, end: Math.min(duration, Math.max(millis(end + distance), start + MIN_LENGTH)) };
}
