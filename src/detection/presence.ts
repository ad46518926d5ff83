import type { Presence } from './detection.js';
import type { SoundEventBox } from './sound-event-box.js';

/** Presence scores from here on mean "found". */
export const PRESENCE_THRESHOLD = 0.5;

/** Whether the sound is in the recording at all: as sure as its most confident event. */
export function presenceOf(boxes: readonly SoundEventBox[]): Presence {
  let score = 0;
  for (const box of boxes) score = Math.max(score, box.confidence);
  return { present: score >= PRESENCE_THRESHOLD, score };
}
