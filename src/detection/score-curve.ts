import type { FrameGrid } from './frame-grid.js';

/** A calibrated score for every frame of a grid: `values[i]` is the probability that the prompt is audible in frame *i*. */
export interface ScoreCurve {
  readonly grid: FrameGrid;
  /** `[frameCount]`, 0…1; NaN where nothing has been analysed yet. */
  readonly values: Float32Array;
}
