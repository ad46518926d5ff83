import type { Score } from '../dsp/units.js';
import type { Presence } from './detection.js';
import { PRESENCE_THRESHOLD } from './presence.js';
import type { SoundEventBox } from './sound-event-box.js';

/** The operating point that the confidences are calibrated for. */
export const DEFAULT_SENSITIVITY: Score = 0.5;

/** Boxes as a sensitivity divides them; both sorted as they came. */
export interface SelectedBoxes {
  readonly hits: SoundEventBox[];
  /** The rest: "weak candidates". */
  readonly weak: SoundEventBox[];
}

/**
 * Chooses the hits among the boxes: those with a confidence of at least `1 − sensitivity`. Boundaries never move, and
 * more sensitivity never takes a hit away.
 *
 * Where the sound was not found in the recording, nothing is a hit. Raising the sensitivity above its default lowers
 * that bar too, to `1 − sensitivity`: who asks for more gets to see more.
 *
 * @param detection `presence: null` while it is not decided yet: nothing is held back
 * @param sensitivity 0…1
 */
export function selectHits(
  detection: { readonly boxes: readonly SoundEventBox[]; readonly presence: Presence | null },
  sensitivity: Score = DEFAULT_SENSITIVITY,
): SelectedBoxes {
  const threshold = 1 - sensitivity;
  const found = detection.presence === null || detection.presence.score >= Math.min(PRESENCE_THRESHOLD, threshold);
  const hits: SoundEventBox[] = [];
  const weak: SoundEventBox[] = [];
  for (const box of detection.boxes) (found && box.confidence >= threshold ? hits : weak).push(box);
  return { hits, weak };
}
