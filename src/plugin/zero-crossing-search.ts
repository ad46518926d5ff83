import { mixdown } from '../dsp/mixdown.js';
import type { Samples, Seconds } from '../dsp/units.js';
import { nextZeroCrossing } from '../dsp/zero-crossing.js';
import type { PcmSource } from '../engine/pcm-source.js';

/** The first read; each further one goes twice as far. At 48 kHz this holds a crossing of all that is above 30 Hz. */
const FIRST_READ: Samples = 1024;

/** How far is looked: what does not cross zero for this long is silent there, or has an offset. */
const REACH: Seconds = 0.5;

/**
 * The next zero crossing of a recording, mixed down to mono.
 *
 * @param direction 1 for later, −1 for earlier
 * @returns null when there is none within half a second
 * @throws DOMException `AbortError`
 */
export async function findZeroCrossing(
  source: PcmSource,
  time: Seconds,
  direction: 1 | -1,
  signal: AbortSignal,
): Promise<Seconds | null> {
  const { sampleRate } = source;
  const edge = Math.round(time * sampleRate);
  const reach = Math.ceil(REACH * sampleRate);
  for (let length = FIRST_READ; ; length = Math.min(reach, 2 * length)) {
    const start = direction > 0 ? edge : Math.max(0, edge - length);
    const end = direction > 0 ? edge + length : edge;
    const channels = await source.read(start, end + 1 - start, signal);
    signal.throwIfAborted();
    const samples = channels.length === 0 ? new Float32Array(0) : mixdown(channels);
    const found = nextZeroCrossing(samples, Math.min(samples.length, edge - start), direction);
    if (found !== null) return (start + found) / sampleRate;
    const isEnd = direction > 0 ? samples.length < length + 1 : start === 0;
    if (isEnd || length === reach) return null;
  }
}
