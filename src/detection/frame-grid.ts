import type { Hertz, Samples, Seconds } from '../dsp/units.js';

/**
 * Where the frames of a curve lie. Frame *i* covers the samples `[offset + i·hop, offset + (i+1)·hop)`
 * of a signal of `sampleRate`. All four are integers, so positions never drift.
 */
export interface FrameGrid {
  readonly sampleRate: Hertz;
  readonly offset: Samples;
  readonly hop: Samples;
  readonly frameCount: number;
}

/** Length of one frame in seconds. */
export function frameSeconds(grid: FrameGrid): Seconds {
  return grid.hop / grid.sampleRate;
}

/** Start of frame `frame` (fractional frames allowed) in seconds. */
export function frameToSeconds(grid: FrameGrid, frame: number): Seconds {
  return (grid.offset + frame * grid.hop) / grid.sampleRate;
}

/** The fractional frame position of a time; frame *i* covers the positions `[i, i + 1)`. */
export function secondsToFrame(grid: FrameGrid, time: Seconds): number {
  return (time * grid.sampleRate - grid.offset) / grid.hop;
}
