import type { Milliseconds, Score } from '../dsp/units.js';
import { addCounts, fScore, NO_COUNTS, precision, recall } from './detection-counts.js';
import { isBackground, matchEvents } from './event-matching.js';
import { addFalseAlarms, countFalseAlarms, falseAlarmsPerMinute, NO_FALSE_ALARMS } from './false-alarms.js';
import { spansOf, type LabelledRecording } from './labelled-recording.js';
import { countSegments } from './segment-score.js';
import type { TimeSpan } from './time-span.js';

/** How good a set of decisions is, counts added up over all recordings and labels (micro average). */
export interface DetectionScore {
  /** Events matched by collars; labels that span a recording as its background are left out there. */
  readonly eventF1: Score;
  readonly eventPrecision: Score;
  readonly eventRecall: Score;
  /** Segments of 1 s. */
  readonly segmentF1: Score;
  readonly segmentPrecision: Score;
  readonly segmentRecall: Score;
  /** Per absent label and minute. */
  readonly falseAlarmsPerMinute: number;
  /** Median distance of matched onsets; null where nothing matched. */
  readonly onsetErrorMs: Milliseconds | null;
}

/** Scores the decisions on some recordings, all of which have been asked for all of the labels. */
export function scoreDetections(
  recordings: readonly LabelledRecording<TimeSpan>[],
  labels: readonly string[],
): DetectionScore {
  let events = NO_COUNTS;
  let segments = NO_COUNTS;
  let alarms = NO_FALSE_ALARMS;
  const onsetErrors: Milliseconds[] = [];
  for (const recording of recordings) {
    const { duration } = recording;
    for (const label of labels) {
      const reference = spansOf(recording.reference, label);
      const found = spansOf(recording.found, label);
      segments = addCounts(segments, countSegments(reference, found, duration));
      alarms = addFalseAlarms(alarms, countFalseAlarms(reference, found, duration));
      if (isBackground(reference, duration)) continue;
      const matching = matchEvents(reference, found);
      events = addCounts(events, matching);
      for (const match of matching.matches) {
        onsetErrors.push(Math.abs(match.reference.start - match.found.start) * 1000);
      }
    }
  }
  return {
    eventF1: fScore(events),
    eventPrecision: precision(events),
    eventRecall: recall(events),
    segmentF1: fScore(segments),
    segmentPrecision: precision(segments),
    segmentRecall: recall(segments),
    falseAlarmsPerMinute: falseAlarmsPerMinute(alarms),
    onsetErrorMs: onsetErrors.length > 0 ? median(onsetErrors) : null,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
