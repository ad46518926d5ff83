import type { Seconds } from '../dsp/units.js';
import { analysedRuns, type FrameRange } from './analysed-runs.js';
import { baselinePenalty, probability } from './calibration.js';
import { applyContrasts } from './contrast.js';
import { detectionOptions, type DetectionOptions } from './detection-options.js';
import type { Detection, PromptEvidence } from './detection.js';
import { refineEdges } from './edge-refinement.js';
import { isAudible } from './energy-gate.js';
import { frameSeconds, frameToSeconds } from './frame-grid.js';
import { presenceOf } from './presence.js';
import { confidenceOf, scoreSegments } from './score-segments.js';
import type { SoundEventBox } from './sound-event-box.js';

/**
 * Decides where one prompt is heard: score curve, boxes, presence. Pure, and fast enough to run on every new batch of
 * windows (an hour takes a few milliseconds).
 *
 * Works on partial evidence: where frames are NaN the curve is NaN, and no box reaches across. Presence then speaks of
 * what has been analysed so far.
 *
 * @param contrasts evidence of the "but not …" prompts, on the same grid
 * @throws RangeError for an option out of its range
 */
export function detect(
  evidence: PromptEvidence,
  options: Partial<DetectionOptions> = {},
  contrasts: readonly PromptEvidence[] = [],
): Detection {
  const { grid, levels } = evidence;
  const settings = detectionOptions(options);
  const values = calibratedLogits(evidence, settings);
  applyContrasts(
    values,
    contrasts.map((contrast) => calibratedLogits(contrast, settings)),
  );
  const partsPerFrame = levels.length / grid.frameCount;
  let known = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (Number.isNaN(values[i])) continue;
    known += 1;
    values[i] = isAudible(levels, i, partsPerFrame, settings.silence) ? probability(values[i]) : 0;
  }
  const boxes = analysedRuns(values).flatMap((run) => boxesOf(run, values, evidence, settings));
  return { curve: { grid, values }, boxes, presence: presenceOf(boxes, known * frameSeconds(grid)) };
}

function calibratedLogits(
  { grid, frameLogits }: PromptEvidence,
  settings: DetectionOptions,
): Float32Array<ArrayBuffer> {
  const penalty = baselinePenalty(frameLogits, settings.baselineWeight, frameSeconds(grid));
  return frameLogits.map((value) => value - penalty);
}

function boxesOf(
  { start, end }: FrameRange,
  values: Float32Array,
  { grid, levels }: PromptEvidence,
  settings: DetectionOptions,
): SoundEventBox[] {
  const frame: Seconds = frameSeconds(grid);
  const scores = values.subarray(start, end);
  const segments = scoreSegments(scores, settings.lowest);
  const partsPerFrame = levels.length / grid.frameCount;
  const edges = refineEdges(
    segments,
    {
      values: levels.subarray(start * partsPerFrame, end * partsPerFrame),
      partsPerFrame,
      partSeconds: frame / partsPerFrame,
    },
    settings.levelStep,
    settings.silence,
  );
  return edges.map(({ onset, offset }, i) => ({
    start: frameToSeconds(grid, start + onset),
    end: frameToSeconds(grid, start + offset),
    confidence: confidenceOf(scores, segments[i]),
  }));
}
