import { contrastedProbability } from './contrast.js';
import type { Detection, PromptEvidence } from './detection.js';
import { DETECTION_DEFAULTS, type DetectionOptions } from './detection-options.js';
import { isAudible } from './energy-gate.js';
import { frameSeconds, frameToSeconds } from './frame-grid.js';
import { presenceOf } from './presence.js';
import type { ScoreCurve } from './score-curve.js';
import { meanScore, soundEventSegments } from './sound-event-boxes.js';
import type { SoundEventBox } from './sound-event-box.js';

/**
 * Decides where one prompt is heard: score curve, boxes, presence. Pure, and fast enough to run on every new batch of
 * windows (an hour takes a few milliseconds).
 *
 * Works on partial evidence: where frames are NaN the curve is NaN, and no box reaches across. Presence then speaks of
 * what has been analysed so far.
 *
 * @param contrasts evidence of the "but not …" prompts, on the same grid
 */
export function detect(
  evidence: PromptEvidence,
  options: Partial<DetectionOptions> = {},
  contrasts: readonly PromptEvidence[] = [],
): Detection {
  const settings = { ...DETECTION_DEFAULTS, ...options };
  const curve = scoreCurve(evidence, settings, contrasts);
  const boxes = boxesOf(curve, settings);
  return { curve, boxes, presence: presenceOf(boxes) };
}

function scoreCurve(
  evidence: PromptEvidence,
  settings: DetectionOptions,
  contrasts: readonly PromptEvidence[],
): ScoreCurve {
  const { grid, frameLogits, levels } = evidence;
  const values = new Float32Array(grid.frameCount);
  const partsPerFrame = levels.length / grid.frameCount;
  for (let i = 0; i < values.length; i += 1) {
    const p = contrastedProbability(
      frameLogits[i],
      contrasts.map((contrast) => contrast.frameLogits[i]),
    );
    values[i] = Number.isNaN(p) || isAudible(levels, i, partsPerFrame, settings.silence) ? p : 0;
  }
  return { grid, values };
}

function boxesOf({ grid, values }: ScoreCurve, settings: DetectionOptions): SoundEventBox[] {
  const changePoints = {
    filterFrames: settings.stepFilter / frameSeconds(grid),
    stepsPerFrame: 4,
    mergeRatio: settings.mergeRatio,
    mergeDifference: Infinity,
  };
  const boxes: SoundEventBox[] = [];
  for (let start = 0; start < values.length; start += 1) {
    if (Number.isNaN(values[start])) continue;
    let end = start + 1;
    while (end < values.length && !Number.isNaN(values[end])) end += 1;
    const run = values.subarray(start, end);
    for (const segment of soundEventSegments(run, changePoints)) {
      const confidence = meanScore(run, segment);
      if (confidence < settings.weakest) continue;
      boxes.push({
        start: frameToSeconds(grid, start + segment.onset),
        end: frameToSeconds(grid, start + segment.offset),
        confidence,
      });
    }
    start = end;
  }
  return boxes;
}
