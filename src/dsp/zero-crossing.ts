import type { Samples } from './units.js';

/**
 * The next place where a signal changes sign, at the sample of the two that lies closer to zero: where a cut is heard
 * least. Zero counts as positive, so a run of silence holds no crossing but the one where it ends in a negative sample.
 *
 * @param samples −1…1
 * @param from where to look from, 0…`samples.length`; never the answer itself, so that repeated steps move on
 * @param direction 1 for later, −1 for earlier
 * @returns null when there is none
 */
export function nextZeroCrossing(samples: Float32Array, from: Samples, direction: 1 | -1): Samples | null {
  const first = direction > 0 ? from + 1 : Math.min(from, samples.length - 1);
  for (let i = first; i > 0 && i < samples.length; i += direction) {
    if (samples[i - 1] < 0 === samples[i] < 0) continue;
    const nearest = Math.abs(samples[i - 1]) < Math.abs(samples[i]) ? i - 1 : i;
    if ((nearest - from) * direction > 0) return nearest;
  }
  return null;
}
