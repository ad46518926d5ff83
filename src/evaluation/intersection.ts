import type { Seconds } from '../dsp/units.js';
import { mergeSpans, overlapSeconds, type TimeSpan } from './time-span.js';

/**
 * When a detection counts, judged by overlap instead of collars (Bilen et al., "A framework for the robust evaluation
 * of sound event detection", ICASSP 2020). All are parts of a length, 0…1.
 */
export interface IntersectionCriteria {
  /** Detection tolerance (ρ_DTC): the part of a detection that lies on events of its label, or it is a false positive. */
  readonly detectionTolerance: number;
  /** Ground truth intersection (ρ_GTC): the part of an event that right detections cover, or it has been missed. */
  readonly groundTruthIntersection: number;
  /**
   * Cross-trigger tolerance (ρ_CTTC): the part of a false positive that lies on events of another label to count as
   * triggered by it. `null` counts no cross triggers.
   */
  readonly crossTriggerTolerance: number | null;
}

export interface IntersectionCounts {
  /** Events that were found; several detections may find one, and one detection several. */
  readonly truePositives: number;
  /** Detections that lie on too little of their own label, cross triggers among them. */
  readonly falsePositives: number;
  /** Cross triggers by the label that triggered them, in the order of `otherReferences`. */
  readonly crossTriggers: readonly number[];
}

/** Sums of decimals differ in the last bits; compared as whole microseconds they do not. */
function microseconds(time: Seconds): number {
  return Math.round(time * 1e6);
}

function coveredSeconds(span: TimeSpan, by: readonly TimeSpan[]): Seconds {
  return by.reduce((sum, other) => sum + overlapSeconds(span, other), 0);
}

function covers(span: TimeSpan, by: readonly TimeSpan[], part: number): boolean {
  return microseconds(coveredSeconds(span, by)) >= microseconds(part * (span.end - span.start));
}

/**
 * Compares the detections of one label in one recording with the ground truth. Overlapping events of the same label
 * are one event here.
 */
export function countIntersections(
  detections: readonly TimeSpan[],
  reference: readonly TimeSpan[],
  otherReferences: readonly (readonly TimeSpan[])[],
  criteria: IntersectionCriteria,
): IntersectionCounts {
  const events = mergeSpans(reference);
  const relevant: TimeSpan[] = [];
  const irrelevant: TimeSpan[] = [];
  for (const detection of detections) {
    (covers(detection, events, criteria.detectionTolerance) ? relevant : irrelevant).push(detection);
  }
  const { crossTriggerTolerance } = criteria;
  return {
    truePositives: events.filter((event) => covers(event, relevant, criteria.groundTruthIntersection)).length,
    falsePositives: irrelevant.length,
    crossTriggers: otherReferences.map((other) => {
      if (crossTriggerTolerance === null || other.length === 0) return 0;
      const others = mergeSpans(other);
      return irrelevant.filter((detection) => covers(detection, others, crossTriggerTolerance)).length;
    }),
  };
}
