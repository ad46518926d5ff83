import type { Score } from '../dsp/units.js';
import { countIntersections, type IntersectionCriteria } from './intersection.js';
import { spansOf, type LabelledRecording } from './labelled-recording.js';
import { mergeSpans } from './time-span.js';

/** Parameters of a polyphonic sound detection score. */
export interface PsdsSettings extends IntersectionCriteria {
  /** Weight of cross triggers in the false positive rate (α_CT). */
  readonly crossTriggerCost: number;
  /** Weight of the standard deviation over labels (α_ST): what is taken off for being good at few labels only. */
  readonly spreadPenalty: number;
}

/** PSDS1 of the DCASE challenges since 2021: quick and exact in time. */
export const PSDS1: PsdsSettings = {
  detectionTolerance: 0.7,
  groundTruthIntersection: 0.7,
  crossTriggerTolerance: null,
  crossTriggerCost: 0,
  spreadPenalty: 1,
};
/** PSDS1 as the plain mean over labels, as some papers give it. */
export const PSDS1_NO_PENALTY: PsdsSettings = { ...PSDS1, spreadPenalty: 0 };
/** PSDS2 of the same challenges: forgiving in time, strict about confusing labels. */
export const PSDS2: PsdsSettings = {
  detectionTolerance: 0.1,
  groundTruthIntersection: 0.1,
  crossTriggerTolerance: 0.3,
  crossTriggerCost: 0.5,
  spreadPenalty: 1,
};

/** False positives an hour at which the score stops looking (e_max). */
const MAX_FALSE_POSITIVE_RATE = 100;

export interface PolyphonicDetectionScore {
  /** Area under the curve over all labels, 0…1. */
  readonly value: Score;
  /** Area under each label's own curve, 0…1; the spread penalty has no part in it. */
  readonly perLabel: ReadonlyMap<string, Score>;
}

interface OperatingPoint {
  /** Effective false positives an hour. */
  readonly rate: number;
  /** Part of the events that were found. */
  readonly recall: number;
}

/**
 * Polyphonic sound detection score (Bilen et al., ICASSP 2020), exact: every distinct confidence is a threshold
 * (Ebbers et al., "Threshold-independent evaluation of sound event detection scores", ICASSP 2022), curves are
 * staircases, 0 before their first point.
 *
 * @param labels the labels that were asked of every recording
 */
export function polyphonicDetectionScore(
  recordings: readonly LabelledRecording[],
  labels: readonly string[],
  settings: PsdsSettings,
): PolyphonicDetectionScore {
  const curves = labels.map((label) => detectionCurve(recordings, labels, label, settings));
  const rates = [...new Set(curves.flat().map(({ rate }) => rate))].sort((a, b) => a - b);
  const recalls = curves.map((curve) => sampleStaircase(curve, rates));
  const effective = rates.map((_, i) => {
    const values = recalls.map((recall) => recall[i]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return Math.max(0, mean - settings.spreadPenalty * Math.sqrt(variance));
  });
  return {
    value: staircaseArea(rates, effective, MAX_FALSE_POSITIVE_RATE) / MAX_FALSE_POSITIVE_RATE,
    perLabel: new Map(
      labels.map((label, i) => {
        const own = curves[i];
        const area = staircaseArea(
          own.map(({ rate }) => rate),
          own.map(({ recall }) => recall),
          MAX_FALSE_POSITIVE_RATE,
        );
        return [label, area / MAX_FALSE_POSITIVE_RATE];
      }),
    ),
  };
}

/**
 * Area under a staircase that keeps each value until the next `x`, from the first `x` to `end`.
 *
 * @param x ascending; of equal ones the last counts
 */
export function staircaseArea(x: readonly number[], y: readonly number[], end: number): number {
  let area = 0;
  for (let i = 0; i < x.length && x[i] < end; i++) area += y[i] * (Math.min(x[i + 1] ?? end, end) - x[i]);
  return area;
}

function sampleStaircase(curve: readonly OperatingPoint[], rates: readonly number[]): number[] {
  let next = 0;
  return rates.map((rate) => {
    while (next < curve.length && curve[next].rate <= rate) next++;
    return curve[next - 1]?.recall ?? 0;
  });
}

/**
 * Where every threshold puts one label. A lower threshold adds boxes and changes none, so that neither rate nor recall
 * ever falls.
 */
function detectionCurve(
  recordings: readonly LabelledRecording[],
  labels: readonly string[],
  label: string,
  settings: PsdsSettings,
): OperatingPoint[] {
  const others = labels.filter((other) => other !== label);
  const totalSeconds = recordings.reduce((sum, { duration }) => sum + duration, 0);
  const eventCount = recordings.reduce((sum, { reference }) => sum + mergeSpans(spansOf(reference, label)).length, 0);
  const otherSeconds = others.map((other) =>
    recordings.reduce((sum, { reference }) => {
      return sum + mergeSpans(spansOf(reference, other)).reduce((length, { start, end }) => length + end - start, 0);
    }, 0),
  );
  let truePositives = 0;
  let falsePositives = 0;
  const crossTriggers = others.map(() => 0);
  const points: OperatingPoint[] = [{ rate: 0, recall: 0 }];
  for (const { changes } of countChanges(recordings, others, label, settings)) {
    for (const change of changes) {
      truePositives += change.truePositives;
      falsePositives += change.falsePositives;
      change.crossTriggers.forEach((count, i) => (crossTriggers[i] += count));
    }
    const crossTriggerRates = crossTriggers.map((count, i) => count / Math.max(otherSeconds[i], 1e-12));
    const crossTriggerRate = crossTriggerRates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, others.length);
    const rate = 3600 * (falsePositives / totalSeconds + settings.crossTriggerCost * crossTriggerRate);
    points.push({ rate, recall: truePositives / Math.max(1, eventCount) });
  }
  return points;
}

interface CountChange {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly crossTriggers: readonly number[];
}

/** How the counts of one label change as the threshold sinks, one entry for each distinct confidence, descending. */
function countChanges(
  recordings: readonly LabelledRecording[],
  others: readonly string[],
  label: string,
  settings: PsdsSettings,
): { threshold: Score; changes: CountChange[] }[] {
  const byThreshold = new Map<Score, CountChange[]>();
  for (const { reference, found } of recordings) {
    const boxes = spansOf(found, label);
    const otherReferences = others.map((other) => spansOf(reference, other));
    let before = countIntersections([], spansOf(reference, label), otherReferences, settings);
    for (const threshold of new Set(boxes.map(({ confidence }) => confidence).sort((a, b) => b - a))) {
      const kept = boxes.filter(({ confidence }) => confidence >= threshold);
      const counts = countIntersections(kept, spansOf(reference, label), otherReferences, settings);
      const change = {
        truePositives: counts.truePositives - before.truePositives,
        falsePositives: counts.falsePositives - before.falsePositives,
        crossTriggers: counts.crossTriggers.map((count, i) => count - before.crossTriggers[i]),
      };
      byThreshold.set(threshold, [...(byThreshold.get(threshold) ?? []), change]);
      before = counts;
    }
  }
  return [...byThreshold]
    .map(([threshold, changes]) => ({ threshold, changes }))
    .sort((a, b) => b.threshold - a.threshold);
}
