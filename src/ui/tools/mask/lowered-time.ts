import type { Seconds } from '../../../dsp/units.js';
import type { GainEnvelope } from '../../../plugin/mask.js';

/** How many stretches of a recording an envelope lowers, and their length in all, fades and padding included. */
export function loweredTime(envelope: GainEnvelope, duration: Seconds): { stretches: number; seconds: Seconds } {
  let stretches = 0;
  let seconds = 0;
  let isLow = false;
  envelope.forEach(({ time, gain }, i) => {
    if (gain < 1 && !isLow) stretches += 1;
    isLow = gain < 1;
    const next = envelope[i + 1] ?? { time: duration, gain };
    if (gain < 1 || next.gain < 1) seconds += next.time - time;
  });
  return { stretches, seconds };
}
