import type { EarmarkState } from './state.js';
import type { StateStore } from './store.js';

/**
 * Resolves with what `find` gives for the first state for which it gives something; rejects with what it throws.
 *
 * @throws the signal's reason when it aborts
 */
export function waitForState<T>(
  store: StateStore,
  find: (state: EarmarkState) => T | undefined,
  signals: readonly (AbortSignal | undefined)[],
): Promise<T> {
  const signal = AbortSignal.any(signals.filter((one) => one !== undefined));
  return new Promise<T>((resolve, reject) => {
    const check = (): void => {
      try {
        signal.throwIfAborted();
        const found = find(store.state);
        if (found === undefined) return;
        resolve(found);
      } catch (error) {
        reject(error as Error);
      }
      unsubscribe();
      signal.removeEventListener('abort', check);
    };
    const unsubscribe = store.subscribe(check);
    signal.addEventListener('abort', check);
    check();
  });
}
