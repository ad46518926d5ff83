/** Frames `[start, end)` without a gap in the analysis. */
export interface FrameRange {
  readonly start: number;
  readonly end: number;
}

/** The longest stretches in which all curves are known; NaN marks a frame that has not been analysed. */
export function analysedRuns(...curves: readonly Float32Array[]): FrameRange[] {
  const frameCount = Math.min(...curves.map((curve) => curve.length));
  const isKnown = (frame: number): boolean => curves.every((curve) => !Number.isNaN(curve[frame]));
  const runs: FrameRange[] = [];
  for (let start = 0; start < frameCount; start += 1) {
    if (!isKnown(start)) continue;
    let end = start + 1;
    while (end < frameCount && isKnown(end)) end += 1;
    runs.push({ start, end });
    start = end;
  }
  return runs;
}
