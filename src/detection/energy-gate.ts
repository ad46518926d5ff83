import type { Decibels } from '../dsp/units.js';

/**
 * Whether any part of a frame is loud enough to hold a sound.
 *
 * @param levels dBFS, `[frameCount × partsPerFrame]`; −Infinity for digital silence, which never passes
 */
export function isAudible(levels: Float32Array, frame: number, partsPerFrame: number, silence: Decibels): boolean {
  for (let i = frame * partsPerFrame; i < (frame + 1) * partsPerFrame; i += 1) {
    if (levels[i] > -Infinity && levels[i] >= silence) return true;
  }
  return false;
}
