import type { Decibels, Seconds } from '../dsp/units.js';
import type { ScoreSegment } from './score-segments.js';

/** How far an edge may move: the model's frames blur it by about this much. */
const ONSET_REACH: Seconds = 0.3;
const OFFSET_REACH: Seconds = 0.4;
/** What is compared on both sides of an edge. Sounds begin abruptly and die away, so offsets look at more. */
const ONSET_CONTEXT: Seconds = 0.1;
const OFFSET_CONTEXT: Seconds = 0.3;
/** What a step must be larger by to be taken although it lies a second further away: another sound may begin nearby. */
const ONSET_DISTANCE_COST: DecibelsPerSecond = 40;
const OFFSET_DISTANCE_COST: DecibelsPerSecond = 10;

type DecibelsPerSecond = number;

/** Level of a recording in equal parts of a model frame. */
export interface LevelTrack {
  /** dBFS, −Infinity for digital silence. */
  readonly values: Float32Array;
  readonly partsPerFrame: number;
  readonly partSeconds: Seconds;
}

/**
 * Moves the edges of events to where the level of the audio changes most nearby: up at onsets, down at offsets. Nearer
 * changes count more. Where it does not change clearly (one sound amid others), the edge stays.
 *
 * @param segments sorted, not overlapping; in model frames
 * @param levelStep smallest change of the mean level that counts, dB
 * @param floor levels below this are taken for it, so that digital silence can be averaged; dBFS
 * @returns sorted, not overlapping; in model frames
 */
export function refineEdges(
  segments: readonly ScoreSegment[],
  levels: LevelTrack,
  levelStep: Decibels,
  floor: Decibels,
): ScoreSegment[] {
  const { partsPerFrame } = levels;
  // One level a frame says nothing that the scores do not say.
  if (partsPerFrame < 2) return [...segments];
  // −Infinity as a floor would turn every mean that touches silence into −Infinity.
  const lowest = Math.max(floor, -200);
  const last = levels.values.length;
  const inParts = (seconds: Seconds): number => Math.round(seconds / levels.partSeconds);
  const up: StepSearch = {
    direction: 1,
    reach: inParts(ONSET_REACH),
    context: inParts(ONSET_CONTEXT),
    levelStep,
    lowest,
    distanceCost: ONSET_DISTANCE_COST * levels.partSeconds,
  };
  const down: StepSearch = {
    direction: -1,
    reach: inParts(OFFSET_REACH),
    context: inParts(OFFSET_CONTEXT),
    levelStep,
    lowest,
    distanceCost: OFFSET_DISTANCE_COST * levels.partSeconds,
  };
  const coarse = segments.map(({ onset, offset }) => ({
    onset: Math.round(onset * partsPerFrame),
    offset: Math.round(offset * partsPerFrame),
  }));
  let previous = 0;
  return coarse.map((segment, i) => {
    const middle = (segment.onset + segment.offset) >> 1;
    const following = i + 1 < coarse.length ? coarse[i + 1].onset : last;
    const onset = largestStep(levels.values, segment.onset, previous, middle, up);
    const offset = largestStep(levels.values, segment.offset, Math.max(middle, onset + 1), following, down);
    previous = offset;
    return { onset: onset / partsPerFrame, offset: offset / partsPerFrame };
  });
}

interface StepSearch {
  readonly direction: 1 | -1;
  /** Parts. */
  readonly reach: number;
  /** Parts. */
  readonly context: number;
  readonly levelStep: Decibels;
  readonly lowest: Decibels;
  /** dB a part. */
  readonly distanceCost: Decibels;
}

/** The sum of the levels `[from, from + i)`, for every *i* up to `to − from`. */
function cumulativeLevels(levels: Float32Array, from: number, to: number, lowest: Decibels): Float64Array {
  const sums = new Float64Array(to - from + 1);
  for (let i = 0; i < to - from; i += 1) sums[i + 1] = sums[i] + Math.max(levels[from + i], lowest);
  return sums;
}

/** The position in `[low, high]` near `start` where the mean level changes most; `start` where it hardly changes. */
function largestStep(levels: Float32Array, start: number, low: number, high: number, search: StepSearch): number {
  const { direction, reach, context } = search;
  const first = Math.max(low, start - reach, 1);
  const last = Math.min(high, start + reach, levels.length - 1);
  if (first > last) return start;
  const from = Math.max(0, first - context);
  const to = Math.min(levels.length, last + context);
  const sums = cumulativeLevels(levels, from, to, search.lowest);
  const sumOf = (begin: number, end: number): Decibels => sums[end - from] - sums[begin - from];
  let best = -Infinity;
  let position = start;
  for (let i = first; i <= last; i += 1) {
    const end = Math.min(to, i + context);
    const begin = Math.max(from, i - context);
    const step = direction * (sumOf(i, end) / (end - i) - sumOf(begin, i) / (i - begin));
    const worth = step - search.distanceCost * Math.abs(i - start);
    if (step > search.levelStep && worth > best) {
      best = worth;
      position = i;
    }
  }
  return position;
}
