import { analysedRuns } from '../detection/analysed-runs.js';
import type { Detection } from '../detection/detection.js';
import { exclusiveSplit, type ClassSegment } from '../detection/exclusive-split.js';
import { frameToSeconds } from '../detection/frame-grid.js';
import { selectHits } from '../detection/sensitivity.js';
import type { Seconds } from '../dsp/units.js';
import { silenceScores, type LevelsOfTrack } from './silence.js';

/** What is known about a class: where the prompts that it is known by were heard. */
export interface ClassEvidence {
  readonly detections: readonly Detection[];
  /** Whether it is heard where it is quiet, too. */
  readonly silence: boolean;
}

/**
 * Gives each moment to one class or to none; a class scores as high as the best of its prompts.
 *
 * @param switchingCost as in {@link exclusiveSplit}
 * @returns sorted, not overlapping
 */
export function splitExclusively(
  classes: readonly ClassEvidence[],
  track: LevelsOfTrack,
  switchingCost: Seconds,
): ClassSegment[] {
  const { grid, levels } = track;
  const quiet = classes.some(({ silence }) => silence) ? [silenceScores(track)] : [];
  const scores = classes.map(({ detections, silence }) =>
    highest([...detections.map(({ curve }) => curve.values), ...(silence ? quiet : [])]),
  );
  return exclusiveSplit({ grid, scores, levels }, switchingCost);
}

/** The highest of the curves in each frame; NaN where one of them is. */
function highest([first, ...others]: readonly Float32Array[]): Float32Array {
  if (others.length === 0) return first;
  const scores = first.slice();
  for (const other of others) for (let i = 0; i < scores.length; i += 1) scores[i] = Math.max(scores[i], other[i]);
  return scores;
}

/**
 * Finds each class by itself: the hits of its prompts, those that touch as one.
 *
 * @returns sorted by start
 */
export function splitWithOverlaps(classes: readonly ClassEvidence[], track: LevelsOfTrack): ClassSegment[] {
  return classes
    .flatMap(({ detections, silence }, classIndex) => {
      const heard = detections.flatMap((detection) => selectHits(detection).hits);
      const found = [
        ...heard.map(({ start, end, confidence }): ClassSegment => ({ classIndex, start, end, score: confidence })),
        ...(silence ? quietStretches(track).map((stretch) => ({ ...stretch, classIndex })) : []),
      ];
      return joined(found);
    })
    .sort((a, b) => a.start - b.start || a.classIndex - b.classIndex);
}

function quietStretches(track: LevelsOfTrack): Omit<ClassSegment, 'classIndex'>[] {
  const isQuiet = silenceScores(track).map((score) => (score >= 0.5 ? 1 : NaN));
  return analysedRuns(isQuiet).map(({ start, end }) => ({
    start: frameToSeconds(track.grid, start),
    end: frameToSeconds(track.grid, end),
    score: 1,
  }));
}

/** Segments that touch or overlap become one, as sure as the surest of them. */
function joined(segments: readonly ClassSegment[]): ClassSegment[] {
  const result: ClassSegment[] = [];
  for (const segment of [...segments].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (!last || segment.start > last.end) result.push(segment);
    else {
      const { end, score } = last;
      result[result.length - 1] = { ...last, end: Math.max(end, segment.end), score: Math.max(score, segment.score) };
    }
  }
  return result;
}
