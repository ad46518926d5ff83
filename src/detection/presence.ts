import type { Score, Seconds } from '../dsp/units.js';
import { logit, probability } from './calibration.js';
import type { Presence } from './detection.js';
import type { SoundEventBox } from './sound-event-box.js';

/** Presence scores from here on mean "found". */
export const PRESENCE_THRESHOLD: Score = 0.5;

/** Up to this length a recording is as present as its best box. */
const REFERENCE_SECONDS: Seconds = 30;
/**
 * Logits by which the demand rises per e-fold of length beyond it, because chance finds something in every long
 * recording. As few false finds in ten minutes as in half a minute would take .5, and miss two of three sounds that are
 * there; .2 is about where one false find less costs one true one.
 */
const DEMAND_PER_LENGTH = 0.2;

/**
 * Whether the sound is in the recording at all: as sure as its most confident box, less what the mere length of the
 * recording makes likely.
 *
 * @param seconds what has been analysed
 */
export function presenceOf(boxes: readonly SoundEventBox[], seconds: Seconds): Presence {
  let top = 0;
  for (const box of boxes) top = Math.max(top, box.confidence);
  const demand = DEMAND_PER_LENGTH * Math.log(Math.max(1, seconds / REFERENCE_SECONDS));
  // Without a demand the score is the confidence itself, not its rounded round trip.
  const score = demand > 0 ? probability(logit(top) - demand) : top;
  return { present: score >= PRESENCE_THRESHOLD, score };
}
