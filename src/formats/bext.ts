import type { Samples } from '../dsp/units.js';
import { viewOf } from './riff-chunks.js';

/** Of the 64-bit TimeReference in a `bext` payload (EBU Tech 3285). */
const TIME_REFERENCE_OFFSET = 338;

/**
 * A `bext` payload for a stretch of its recording: the time reference, which is the first sample's number since
 * midnight, moves on by `start`. All else stays byte for byte.
 */
export function shiftTimeReference(payload: Uint8Array, start: Samples): Uint8Array {
  const shifted = payload.slice();
  if (payload.length < TIME_REFERENCE_OFFSET + 8) return shifted;
  const view = viewOf(shifted);
  const reference = view.getBigUint64(TIME_REFERENCE_OFFSET, true);
  view.setBigUint64(TIME_REFERENCE_OFFSET, reference + BigInt(start), true);
  return shifted;
}
