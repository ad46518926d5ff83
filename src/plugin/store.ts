import { callListener } from './events.js';
import type { EarmarkState } from './state.js';

/** Before anything is open. */
export const EMPTY_STATE: EarmarkState = Object.freeze({
  source: null,
  analysis: Object.freeze({ phase: 'idle' }),
  model: Object.freeze({ phase: 'idle', asked: null, descriptor: null, choice: null }),
  prompts: Object.freeze([]),
  regions: Object.freeze([]),
  selectedRegionIds: new Set<string>(),
  activeRegionId: null,
  looping: false,
  channel: null,
  mark: null,
  mask: null,
  maskBypassed: false,
  gainEnvelope: null,
  split: null,
  splitPresets: null,
  separation: null,
  job: null,
  project: null,
  models: null,
  history: Object.freeze({ undo: null, redo: null }),
  notices: Object.freeze([]),
});

/** Holds the frozen state and tells its readers of changes, once a microtask however many there were. */
export class StateStore {
  readonly #listeners = new Set<(state: EarmarkState) => void>();
  #state = EMPTY_STATE;
  #notifying = false;

  get state(): EarmarkState {
    return this.#state;
  }

  /** Replaces parts of the state; parts that are the same objects as before are no change. */
  update(patch: Partial<EarmarkState>): void {
    const keys = Object.keys(patch) as (keyof EarmarkState)[];
    if (keys.every((key) => Object.is(patch[key], this.#state[key]))) return;
    for (const key of keys) Object.freeze(patch[key]);
    this.#state = Object.freeze({ ...this.#state, ...patch });
    if (this.#notifying) return;
    this.#notifying = true;
    queueMicrotask(() => {
      this.#notifying = false;
      for (const listener of this.#listeners) callListener(() => listener(this.#state));
    });
  }

  /** @returns the unsubscription */
  subscribe(listener: (state: EarmarkState) => void): () => void {
    // One entry a subscription, so that the same function may subscribe twice and leave once.
    const entry = (state: EarmarkState): void => listener(state);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  clear(): void {
    this.#listeners.clear();
  }
}
