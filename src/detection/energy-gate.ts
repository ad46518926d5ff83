import type { Decibels } from '../dsp/units.js';

/**
 * Whether a frame is loud enough to hold a sound.
 *
 * @param level dBFS; −Infinity for digital silence, which never passes
 */
export function isAudible(level: Decibels, silence: Decibels): boolean {
  return level > -Infinity && level >= silence;
}
