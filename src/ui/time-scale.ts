import type { EarmarkStore } from '../plugin/earmark-api.js';
import type { Seconds } from '../dsp/units.js';

/** How a stretch of the timeline, `[start, end]` in seconds, lies on `width` CSS pixels. */
export interface TimeScale {
  readonly start: Seconds;
  readonly end: Seconds;
  readonly width: number;
}

export function timeToX(scale: TimeScale, time: Seconds): number {
  return ((time - scale.start) / (scale.end - scale.start)) * scale.width;
}

export function xToTime(scale: TimeScale, x: number): Seconds {
  return scale.start + (x / scale.width) * (scale.end - scale.start);
}

/** What is on screen: the host's visible range, or the whole recording where there is no host. Never of zero length. */
export function visibleScale(store: EarmarkStore | null, width: number): TimeScale {
  const range = store?.host?.getVisibleRange() ?? { start: 0, end: store?.getState().source?.duration ?? 0 };
  return { start: range.start, end: range.end > range.start ? range.end : range.start + 1, width: Math.max(1, width) };
}

const STEPS: readonly Seconds[] = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
  14400, 43200, 86400,
];

/** Distances of the ruler's marks in seconds, and how many decimals a label needs to tell its neighbours apart. */
export interface RulerSteps {
  readonly major: Seconds;
  readonly minor: Seconds;
  readonly decimals: number;
}

/** The densest round steps whose labels stay `labelWidth` CSS pixels apart. */
export function rulerSteps(scale: TimeScale, labelWidth = 84): RulerSteps {
  const secondsPerPixel = (scale.end - scale.start) / scale.width;
  const major = STEPS.find((step) => step >= secondsPerPixel * labelWidth) ?? STEPS.at(-1)!;
  const divides = (step: Seconds) => Math.abs(major / step - Math.round(major / step)) < 1e-9;
  const minor = STEPS.find((step) => step >= secondsPerPixel * 16 && divides(step)) ?? major;
  return { major, minor, decimals: Math.max(0, Math.ceil(-Math.log10(major) - 1e-9)) };
}
