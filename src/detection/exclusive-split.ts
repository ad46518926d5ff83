import type { Score, Seconds } from '../dsp/units.js';
import { analysedRuns, type FrameRange } from './analysed-runs.js';
import { logit } from './calibration.js';
import { DETECTION_OPTIONS } from './detection-options.js';
import { refineEdges } from './edge-refinement.js';
import { type FrameGrid, frameSeconds, frameToSeconds } from './frame-grid.js';
import { likeliestStates } from './likeliest-states.js';
import { meanScore, type ScoreSegment } from './score-segments.js';

/** A stretch of time that belongs to one class. */
export interface ClassSegment {
  /** Index into the classes that were asked for. */
  readonly classIndex: number;
  readonly start: Seconds;
  readonly end: Seconds;
  /** Mean score of the class inside, 0…1. */
  readonly score: Score;
}

/** What a split is decided on. */
export interface SplitEvidence {
  readonly grid: FrameGrid;
  /** A score curve for each class, `[classCount][frameCount]`, 0…1; NaN where not analysed. At most 254 classes. */
  readonly scores: readonly Float32Array[];
  /** Level in dBFS, `[frameCount × k]` in k equal parts a frame. */
  readonly levels: Float32Array;
}

/** Chosen by measurement: docs/splitting.md. */
export const DEFAULT_SWITCHING_COST: Seconds = 0.2;

/**
 * Log-odds of "other". Who names the classes of a recording expects them there, so less than "as likely as not" will
 * do: a score of 8 % draws. Chosen by measurement: docs/splitting.md.
 */
const OTHER_LOGIT = -2.5;

/** Log-odds beyond it, either way, count as this: a score of exactly 0 or 1 is not infinitely sure. */
const LARGEST_LOGIT = 8;

/** One class, or "other", over a stretch of time; in frames, fractions allowed. */
interface StateRun extends ScoreSegment {
  /** 0: other; n: the class of index n − 1. */
  readonly state: number;
}

/**
 * Gives each moment to one class, or to none of them ("other"): the sequence with the largest sum of evidence, less
 * what its switches cost.
 *
 * The evidence of a class is the log-odds of its score, that of "other" is −2.5, both summed over time. What a switch
 * costs is given as the seconds that a sound with a score of 50 % has to last amid "other" to become a segment: it
 * leads by 2.5 and pays for two switches, so one of them costs 1.25 × `switchingCost` in log-odds × seconds. A surer
 * sound may be shorter (at 95 % half of that, and never under a quarter), a less sure one has to last longer. A dip
 * inside a class breaks it by the same rule.
 *
 * Boundaries lie where the evidence of the two sides crosses, interpolated between frames; those to "other" then move
 * to where the level changes most nearby, like those of the detection. Where not everything is analysed there is no
 * segment, and none reaches across. Ties go to the sequence that switches later, then to "other", then to the class
 * that was named first.
 *
 * @param switchingCost 0 or more; 0: each frame goes to what is likeliest in it
 * @returns sorted, not overlapping
 */
export function exclusiveSplit(
  evidence: SplitEvidence,
  switchingCost: Seconds = DEFAULT_SWITCHING_COST,
): ClassSegment[] {
  const { grid, scores } = evidence;
  if (scores.length === 0) return [];
  const costPerSwitch = ((switchingCost / frameSeconds(grid)) * -OTHER_LOGIT) / 2;
  return analysedRuns(...scores).flatMap((range) => {
    const states = [
      new Float32Array(range.end - range.start).fill(OTHER_LOGIT),
      ...scores.map((s) => logOdds(s, range)),
    ];
    const path = likeliestStates(states, costPerSwitch);
    const runs = moveOuterEdges(stateRuns(path, states), evidence, range);
    return runs.flatMap(({ state, onset, offset }): ClassSegment[] => {
      if (state === 0) return [];
      const within = { onset: range.start + onset, offset: range.start + offset };
      return [
        {
          classIndex: state - 1,
          start: frameToSeconds(grid, within.onset),
          end: frameToSeconds(grid, within.offset),
          score: meanScore(scores[state - 1], within),
        },
      ];
    });
  });
}

function logOdds(scores: Float32Array, { start, end }: FrameRange): Float32Array {
  return scores.subarray(start, end).map((score) => Math.min(LARGEST_LOGIT, Math.max(-LARGEST_LOGIT, logit(score))));
}

/** The sequence of states with boundaries between frames. */
function stateRuns(path: Uint8Array, states: readonly Float32Array[]): StateRun[] {
  const runs: StateRun[] = [];
  let onset = 0;
  for (let frame = 1; frame <= path.length; frame += 1) {
    if (path[frame] === path[frame - 1]) continue;
    const offset = frame === path.length ? frame : crossing(states[path[frame - 1]], states[path[frame]], frame);
    runs.push({ state: path[frame - 1], onset, offset });
    onset = offset;
  }
  return runs;
}

/** Where the line between the centres of two neighbouring frames goes from `before` being ahead to `after` being ahead. */
function crossing(before: Float32Array, after: Float32Array, frame: number): number {
  // In the best sequence no boundary could be moved to advantage, so the lead does change sign here.
  const lead = before[frame - 1] - after[frame - 1];
  const lag = after[frame] - before[frame];
  return lead + lag > 0 ? frame - 0.5 + lead / (lead + lag) : frame;
}

/** Moves the boundaries between a class and "other" to the level of the audio. Between two classes the scores know more. */
function moveOuterEdges(runs: readonly StateRun[], { grid, levels }: SplitEvidence, range: FrameRange): StateRun[] {
  const partsPerFrame = levels.length / grid.frameCount;
  const stretches: ScoreSegment[] = [];
  for (const [i, { state, onset, offset }] of runs.entries()) {
    if (state === 0) continue;
    if (runs[i - 1]?.state) stretches.push({ onset: (stretches.pop() as ScoreSegment).onset, offset });
    else stretches.push({ onset, offset });
  }
  const moved = refineEdges(
    stretches,
    {
      values: levels.subarray(range.start * partsPerFrame, range.end * partsPerFrame),
      partsPerFrame,
      partSeconds: frameSeconds(grid) / partsPerFrame,
    },
    DETECTION_OPTIONS.levelStep.default,
    DETECTION_OPTIONS.silence.default,
  );
  let next = 0;
  return runs.map((run, i) => {
    if (run.state === 0) return run;
    const onset = runs[i - 1]?.state ? run.onset : moved[next].onset;
    const offset = runs[i + 1]?.state ? run.offset : moved[next++].offset;
    // A stretch may begin or end with a short class, which its edge must not jump over.
    return onset < offset ? { ...run, onset, offset } : run;
  });
}
