import type { Score, Seconds } from '../dsp/units.js';

/**
 * A stretch of time in which one prompt is heard as one event, with the confidence that it is there at all.
 * Boxes do not depend on the sensitivity: it only chooses among them, so the boundaries of those that stay never move.
 */
export interface SoundEventBox {
  readonly start: Seconds;
  readonly end: Seconds;
  readonly confidence: Score;
}
