import type { Seconds } from '../dsp/units.js';
import type { DetectionCounts } from './detection-counts.js';
import type { TimeSpan } from './time-span.js';

/** How far an onset may be off (DCASE challenges since 2016). */
export const ONSET_COLLAR: Seconds = 0.2;
/** How far an offset may be off, at least … */
export const OFFSET_COLLAR: Seconds = 0.2;
/** … and as a part of the reference event's length (DCASE's value; the default of `sed_eval` is .5). */
export const OFFSET_COLLAR_OF_LENGTH = 0.2;
/** Times are given in decimals, so a difference may miss its limit by rounding alone. */
const TIME_TOLERANCE: Seconds = 1e-6;
/** A label that spans more than this part of its recording is a background, which has no onset to find. */
const BACKGROUND_PART = 0.8;

export interface EventMatch {
  readonly reference: TimeSpan;
  readonly found: TimeSpan;
}

export interface EventMatching extends DetectionCounts {
  /** One for each true positive. */
  readonly matches: readonly EventMatch[];
}

/** Whether an event counts as found by collars: onset within 200 ms, offset within max(200 ms, 20 % of its length). */
export function withinCollars(reference: TimeSpan, found: TimeSpan): boolean {
  const offsetCollar = Math.max(OFFSET_COLLAR, OFFSET_COLLAR_OF_LENGTH * (reference.end - reference.start));
  return (
    Math.abs(reference.start - found.start) <= ONSET_COLLAR + TIME_TOLERANCE &&
    Math.abs(reference.end - found.end) <= offsetCollar + TIME_TOLERANCE
  );
}

/** Whether one of the events spans more than 80 % of the recording; event scores leave such a label out there. */
export function isBackground(reference: readonly TimeSpan[], duration: Seconds): boolean {
  return reference.some(({ start, end }) => end - start > BACKGROUND_PART * duration);
}

/**
 * Pairs the events of one label in one recording with what was found, one to one, as many as possible (maximum
 * bipartite matching by augmenting paths; the nearer onset is tried first).
 */
export function matchEvents(reference: readonly TimeSpan[], found: readonly TimeSpan[]): EventMatching {
  const candidates = reference.map((event) =>
    found
      .map((box, index) => ({ index, distance: Math.abs(box.start - event.start), fits: withinCollars(event, box) }))
      .filter(({ fits }) => fits)
      .sort((a, b) => a.distance - b.distance)
      .map(({ index }) => index),
  );
  const referenceOf = new Int32Array(found.length).fill(-1);
  const claim = (referenceIndex: number, visited: Set<number>): boolean => {
    for (const foundIndex of candidates[referenceIndex]) {
      if (visited.has(foundIndex)) continue;
      visited.add(foundIndex);
      const holder = referenceOf[foundIndex];
      if (holder < 0 || claim(holder, visited)) {
        referenceOf[foundIndex] = referenceIndex;
        return true;
      }
    }
    return false;
  };
  for (let index = 0; index < reference.length; index++) claim(index, new Set());
  const matches = found.flatMap((box, index) => {
    const matched = reference[referenceOf[index]];
    return matched === undefined ? [] : [{ reference: matched, found: box }];
  });
  return {
    matches,
    truePositives: matches.length,
    falsePositives: found.length - matches.length,
    falseNegatives: reference.length - matches.length,
  };
}
