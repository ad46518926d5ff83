import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { EarmarkStore } from '../plugin/earmark-api.js';

/** An element that shows a store; it may arrive late, change, or go. */
export interface StoreHost extends ReactiveControllerHost {
  readonly earmark: EarmarkStore | null;
}

/**
 * Holds something of an element's store for exactly as long as the element is in the document and has that store:
 * `acquire` is called when both come together and returns the release.
 */
export class StoreScope implements ReactiveController {
  #store: EarmarkStore | null = null;
  #release: (() => void) | null = null;
  #connected = false;

  constructor(
    private readonly host: StoreHost,
    private readonly acquire: (store: EarmarkStore) => () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#follow();
  }

  #follow(): void {
    const wanted = this.#connected ? this.host.earmark : null;
    if (wanted === this.#store) return;
    this.#release?.();
    this.#store = wanted;
    this.#release = wanted === null ? null : this.acquire(wanted);
  }
}
