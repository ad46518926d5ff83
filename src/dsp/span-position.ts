import type { Samples } from './units.js';

/** Where a run of samples lies in its recording; both count samples of the same rate as the run. */
export interface SpanPosition {
  /** Position of the run's first sample in the recording. */
  readonly start: Samples;
  /** Length of the whole recording. */
  readonly total: Samples;
}

/** The samples `[start, end)` of a recording. */
export interface SampleRange {
  readonly start: Samples;
  readonly end: Samples;
}
