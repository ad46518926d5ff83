import type { ReactiveController } from 'lit';
import type { EarmarkStore } from '../plugin/earmark-api.js';
import type { EarmarkState } from '../plugin/state.js';
import { StoreScope, type StoreHost } from './store-scope.js';

function sameFields(a: object, b: object): boolean {
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => Object.is(value, (b as Record<string, unknown>)[key]))
  );
}

/**
 * Gives an element the part of the state it shows, and renders it again only when a field of that part changed.
 * What is selected may depend on the element's properties: it is selected again before every render.
 */
export class StoreController<T extends object> implements ReactiveController {
  #store: EarmarkStore | null = null;
  #value: T | null = null;

  constructor(
    private readonly host: StoreHost,
    private readonly select: (state: EarmarkState) => T,
  ) {
    // A scope registers itself with the element and lives as long as that.
    void new StoreScope(host, (store) => {
      this.#store = store;
      this.#take(store.getState());
      const unsubscribe = store.subscribe((state) => this.#take(state));
      return () => {
        unsubscribe();
        this.#store = null;
        this.#value = null;
      };
    });
    host.addController(this);
  }

  /** The selected part, or null while the element has no store. */
  get value(): T | null {
    return this.#value;
  }

  hostUpdate(): void {
    if (this.#store !== null) this.#take(this.#store.getState());
  }

  #take(state: EarmarkState): void {
    const next = this.select(state);
    if (this.#value !== null && sameFields(this.#value, next)) return;
    this.#value = next;
    this.host.requestUpdate();
  }
}
