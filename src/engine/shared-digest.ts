import { abortable } from './abortable.js';
import { abortError } from './errors.js';
import type { PcmSource } from './pcm-source.js';

/** One digest for all who ask for it: computed once, and given up when nobody waits for it any more. */
export function sharedDigest(compute: PcmSource['digest']): PcmSource['digest'] {
  let running: { readonly digest: Promise<string>; readonly stop: AbortController; waiting: number } | null = null;
  return async (signal) => {
    signal?.throwIfAborted();
    if (running === null) {
      const stop = new AbortController();
      running = { digest: compute(stop.signal), stop, waiting: 0 };
    }
    const current = running;
    const forget = (): void => {
      if (running === current) running = null;
    };
    current.waiting += 1;
    try {
      return await abortable(current.digest, signal);
    } catch (error) {
      if (!signal?.aborted) forget();
      throw error;
    } finally {
      current.waiting -= 1;
      if (current.waiting === 0 && signal?.aborted) {
        forget();
        current.stop.abort(abortError());
      }
    }
  };
}
