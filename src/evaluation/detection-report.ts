import type { Score, Seconds } from '../dsp/units.js';
import type { Detection } from '../detection/detection.js';
import { DEFAULT_SENSITIVITY, selectHits } from '../detection/sensitivity.js';
import { scoreDetections, type DetectionScore } from './detection-score.js';
import { spansOf, type LabelledRecording } from './labelled-recording.js';
import { scorePresence, type PresenceScore } from './presence-score.js';
import { polyphonicDetectionScore, PSDS1, PSDS1_NO_PENALTY, PSDS2 } from './psds.js';
import type { TimeSpan } from './time-span.js';

/** A recording with its ground truth and everything that was decided about it, by label. */
export interface DetectedRecording {
  readonly duration: Seconds;
  readonly reference: ReadonlyMap<string, readonly TimeSpan[]>;
  readonly detections: ReadonlyMap<string, Pick<Detection, 'boxes' | 'presence'>>;
}

/** Scores at the default sensitivity, and those that do not depend on one. */
export interface PromptReport extends DetectionScore {
  /** Polyphonic sound detection score 1 of the DCASE challenges, over all sensitivities. */
  readonly psds1: Score;
  /** PSDS1 without the penalty for being good at few labels only; the same for a single prompt. */
  readonly psds1NoPenalty: Score;
  /** Whether "not found" is said rightly. */
  readonly presence: PresenceScore;
}

export interface SweepPoint extends DetectionScore {
  readonly sensitivity: Score;
}

export interface DetectionReport extends PromptReport {
  readonly psds2: Score;
  readonly prompts: Readonly<Record<string, PromptReport>>;
  /** By ascending sensitivity, .05….95. */
  readonly sweep: readonly SweepPoint[];
}

const SWEEP: readonly Score[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Measures detections as a user meets them: hits chosen by the sensitivity, presence applied. */
export function reportDetections(recordings: readonly DetectedRecording[], labels: readonly string[]): DetectionReport {
  const atDefault = withHits(recordings, DEFAULT_SENSITIVITY);
  const atAll = withHighestThresholds(recordings);
  const reportOf = (wanted: readonly string[]): PromptReport => ({
    ...scoreDetections(atDefault, wanted),
    psds1: polyphonicDetectionScore(atAll, wanted, PSDS1).value,
    psds1NoPenalty: polyphonicDetectionScore(atAll, wanted, PSDS1_NO_PENALTY).value,
    presence: scorePresence(
      recordings.flatMap(({ reference, detections }) =>
        wanted.map((label) => ({
          there: spansOf(reference, label).length > 0,
          claimed: detections.get(label)?.presence.present === true,
        })),
      ),
    ),
  });
  return {
    ...reportOf(labels),
    psds2: polyphonicDetectionScore(atAll, labels, PSDS2).value,
    prompts: Object.fromEntries(labels.map((label) => [label, reportOf([label])])),
    sweep: SWEEP.map((sensitivity) => ({
      sensitivity,
      ...scoreDetections(withHits(recordings, sensitivity), labels),
    })),
  };
}

function withHits(recordings: readonly DetectedRecording[], sensitivity: Score): LabelledRecording[] {
  return recordings.map(({ duration, reference, detections }) => ({
    duration,
    reference,
    found: new Map([...detections].map(([label, detection]) => [label, selectHits(detection, sensitivity).hits])),
  }));
}

/** Gives every box the highest threshold at which it is a hit: its confidence, unless presence holds it back till later. */
function withHighestThresholds(recordings: readonly DetectedRecording[]): LabelledRecording[] {
  return recordings.map(({ duration, reference, detections }) => ({
    duration,
    reference,
    found: new Map(
      [...detections].map(([label, { boxes, presence }]) => [
        label,
        presence.present
          ? boxes
          : boxes.map((box) => ({ ...box, confidence: Math.min(box.confidence, presence.score) })),
      ]),
    ),
  }));
}
