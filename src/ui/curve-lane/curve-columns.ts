import { secondsToFrame } from '../../detection/frame-grid.js';
import type { ScoreCurve } from '../../detection/score-curve.js';
import { xToTime, type TimeScale } from '../time-scale.js';

/** A curve reduced to one column a CSS pixel: `lowest[x]` and `highest[x]` score; NaN where nothing is known yet. */
export interface CurveColumns {
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
}

/**
 * Lowest and highest score under every pixel column, so that the shortest peak of an hour stays visible. Each frame is
 * read once. Columns narrower than a frame are interpolated between the frames' centres.
 */
export function curveColumns(curve: ScoreCurve, scale: TimeScale): CurveColumns {
  const width = Math.ceil(scale.width);
  const lowest = new Float32Array(width).fill(NaN);
  const highest = new Float32Array(width).fill(NaN);
  const { grid, values } = curve;
  const firstFrame = secondsToFrame(grid, scale.start);
  const framesPerColumn = (secondsToFrame(grid, xToTime(scale, scale.width)) - firstFrame) / scale.width;
  for (let x = 0; x < width; x += 1) {
    const from = firstFrame + x * framesPerColumn;
    const to = from + framesPerColumn;
    if (to <= 0 || from >= values.length) continue;
    if (framesPerColumn < 1) {
      const value = interpolate(values, (from + to) / 2 - 0.5);
      lowest[x] = value;
      highest[x] = value;
      continue;
    }
    let low = Infinity;
    let high = -Infinity;
    const end = Math.min(values.length, Math.ceil(to));
    for (let frame = Math.max(0, Math.floor(from)); frame < end; frame += 1) {
      const value = values[frame]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high >= low) {
      lowest[x] = low;
      highest[x] = high;
    }
  }
  return { lowest, highest };
}

function interpolate(values: Float32Array, position: number): number {
  const clamped = Math.min(values.length - 1, Math.max(0, position));
  const frame = Math.floor(clamped);
  const left = values[frame]!;
  const right = values[Math.min(values.length - 1, frame + 1)]!;
  // Beside an unknown frame the known one stands for itself.
  if (Number.isNaN(left) || Number.isNaN(right)) return clamped - frame < 0.5 ? left : right;
  return left + (right - left) * (clamped - frame);
}
