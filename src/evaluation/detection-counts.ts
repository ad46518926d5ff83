import type { Score } from '../dsp/units.js';

/** What a comparison with the ground truth comes down to; the unit (events, segments, recordings) is the comparison's. */
export interface DetectionCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

export const NO_COUNTS: DetectionCounts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };

export function addCounts(a: DetectionCounts, b: DetectionCounts): DetectionCounts {
  return {
    truePositives: a.truePositives + b.truePositives,
    falsePositives: a.falsePositives + b.falsePositives,
    falseNegatives: a.falseNegatives + b.falseNegatives,
  };
}

/** Harmonic mean of precision and recall; 0 where nothing was there to be found and nothing was found. */
export function fScore({ truePositives, falsePositives, falseNegatives }: DetectionCounts): Score {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
}

/** The part of what was found that is right; 0 where nothing was found. */
export function precision({ truePositives, falsePositives }: DetectionCounts): Score {
  return ratio(truePositives, truePositives + falsePositives);
}

/** The part of what was there that was found; 0 where nothing was there. */
export function recall({ truePositives, falseNegatives }: DetectionCounts): Score {
  return ratio(truePositives, truePositives + falseNegatives);
}

function ratio(part: number, whole: number): Score {
  return whole > 0 ? part / whole : 0;
}
