import type { Decibels, Score, Seconds } from '../dsp/units.js';

/** How evidence becomes events. None of these depends on the sensitivity. */
export interface DetectionOptions {
  /** Length of the step filter that finds boundaries (τ of cSEBB). Longer: fewer, smoother events. Seconds, .16…10. */
  readonly stepFilter: Seconds;
  /** Neighbouring events become one if their peaks are less than this many times the lowest score between them. 1…Infinity. */
  readonly mergeRatio: number;
  /** Frames below this level can be no event: a model's opinion of silence means nothing. dBFS, −Infinity…0. */
  readonly silence: Decibels;
  /** Boxes below this confidence are not kept at all: they are noise that nobody would look at. 0…1. */
  readonly weakest: Score;
}

/** Chosen by measurement on recordings the model has not seen; docs/detection.md has the tables. */
export const DETECTION_DEFAULTS: DetectionOptions = {
  stepFilter: 0.64,
  mergeRatio: 2,
  silence: -70,
  weakest: 0.05,
};
