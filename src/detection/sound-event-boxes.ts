import type { Score } from '../dsp/units.js';

/** One stretch of a score curve; positions in frames from the start of the scores, fractions allowed. */
export interface ScoreSegment {
  readonly onset: number;
  readonly offset: number;
}

/** How change points become segments. */
export interface ChangePointOptions {
  /** Length of the step filter (τ), frames: the means of its two halves are compared. */
  readonly filterFrames: number;
  /** Positions tried per frame; boundaries lie on this grid. */
  readonly stepsPerFrame: number;
  /** A gap closes if both neighbours' peaks are less than this many times its lowest score; 1: never, Infinity: always. */
  readonly mergeRatio: number;
}

/** Keeps the ratio of peak and gap finite; far below any score that matters. */
const RATIO_FLOOR = 1e-3;

/**
 * Divides a score curve into events by its change points: change-detection-based sound event bounding boxes (cSEBB).
 *
 * A step filter runs over the curve; where it rises most an event begins, where it falls most the event ends. Gaps that
 * hardly dip below their neighbours are closed. Nothing here is a detection threshold, so what a sensitivity does later
 * cannot move a boundary.
 *
 * The curve continues beyond both ends with its edge value, so a high baseline is no onset. An event that the curve
 * begins with, known by its fall, starts at 0; a curve without any change is one segment.
 *
 * @param scores one run of scores 0…1, without NaN
 * @returns sorted, not overlapping, within `[0, scores.length]`
 *
 * J. Ebbers, F. G. Germain, G. Wichern, J. Le Roux: Sound Event Bounding Boxes, Interspeech 2024 (arXiv:2406.04212).
 */
export function soundEventSegments(scores: Float32Array, options: ChangePointOptions): ScoreSegment[] {
  if (scores.length === 0) return [];
  return closeGaps(scores, changePointSegments(scores, options), options);
}

/** Integral of the scores from 0 to each frame boundary, `[frameCount + 1]`. */
function cumulativeSums(scores: Float32Array): Float64Array {
  const sums = new Float64Array(scores.length + 1);
  for (let i = 0; i < scores.length; i += 1) sums[i + 1] = sums[i] + scores[i];
  return sums;
}

/** The step filter's answer at every position of the grid, `[frameCount · stepsPerFrame + 1]`. */
function stepResponse(scores: Float32Array, filterFrames: number, stepsPerFrame: number): Float64Array {
  const sums = cumulativeSums(scores);
  const count = scores.length;
  const integral = (position: number): number => {
    if (position <= 0) return position * scores[0];
    if (position >= count) return sums[count] + (position - count) * scores[count - 1];
    const frame = Math.floor(position);
    return sums[frame] + (position - frame) * scores[frame];
  };
  const half = filterFrames / 2;
  const response = new Float64Array(count * stepsPerFrame + 1);
  for (let n = 0; n < response.length; n += 1) {
    const position = n / stepsPerFrame;
    const step = (integral(position + half) - 2 * integral(position) + integral(position - half)) / half;
    // Rounding noise of the sums would show up as changes of a constant curve.
    response[n] = Math.abs(step) < 1e-9 ? 0 : step;
  }
  return response;
}

function changePointSegments(scores: Float32Array, options: ChangePointOptions): ScoreSegment[] {
  const { stepsPerFrame } = options;
  const delta = stepResponse(scores, options.filterFrames, stepsPerFrame);
  const last = delta.length - 1;
  const segments: ScoreSegment[] = [];
  let onset: number | null = null;
  let undecided = true;
  for (let n = 0; n <= last; n += 1) {
    const before = n === 0 ? 0 : delta[n - 1];
    const after = n === last ? 0 : delta[n + 1];
    if (delta[n] > 0 && delta[n] > before && delta[n] >= after) {
      if (onset === null) onset = n / stepsPerFrame;
      undecided = false;
    } else if (delta[n] < 0 && delta[n] <= before && delta[n] < after) {
      // A fall before any rise ends an event that was on from the start.
      const start: number | null = undecided ? 0 : onset;
      if (start !== null && n > 0) segments.push({ onset: start, offset: n / stepsPerFrame });
      onset = null;
      undecided = false;
    }
  }
  if (undecided) return [{ onset: 0, offset: scores.length }];
  if (onset !== null && onset < scores.length) segments.push({ onset, offset: scores.length });
  return segments;
}

/** One pass that is judged on the original segments, so the order of closing does not matter. */
function closeGaps(scores: Float32Array, segments: ScoreSegment[], options: ChangePointOptions): ScoreSegment[] {
  if (segments.length < 2) return segments;
  const peaks = segments.map(({ onset, offset }) => extreme(scores, onset, offset, Math.max));
  const merged: ScoreSegment[] = [segments[0]];
  for (let i = 1; i < segments.length; i += 1) {
    const gap = extreme(scores, segments[i - 1].offset, segments[i].onset, Math.min) + RATIO_FLOOR;
    const closes = [peaks[i - 1], peaks[i]].every((peak) => (peak + RATIO_FLOOR) / gap < options.mergeRatio);
    if (closes) merged.push({ onset: (merged.pop() as ScoreSegment).onset, offset: segments[i].offset });
    else merged.push(segments[i]);
  }
  return merged;
}

/** Largest or smallest score of the frames that `[start, end)` touches. */
function extreme(scores: Float32Array, start: number, end: number, pick: (a: number, b: number) => number): number {
  const first = Math.floor(start);
  const stop = Math.min(scores.length, Math.max(first + 1, Math.ceil(end)));
  let value = scores[first];
  for (let i = first + 1; i < stop; i += 1) value = pick(value, scores[i]);
  return value;
}

/** Time-weighted mean of the scores over `[onset, offset)`. */
export function meanScore(scores: Float32Array, { onset, offset }: ScoreSegment): Score {
  let sum = 0;
  for (let i = Math.floor(onset); i < offset; i += 1) sum += scores[i] * (Math.min(i + 1, offset) - Math.max(i, onset));
  return sum / (offset - onset);
}

/**
 * How sure it is that a segment is an event: half its mean score, half its peak. The mean alone (as published) punishes
 * short, decided events whose edges are blurred by the model's frames.
 */
export function confidenceOf(scores: Float32Array, segment: ScoreSegment): Score {
  return (meanScore(scores, segment) + extreme(scores, segment.onset, segment.offset, Math.max)) / 2;
}
