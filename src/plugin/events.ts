type Listeners<Events extends { [E in keyof Events]: unknown[] }> = {
  [E in keyof Events]?: Set<(...payload: Events[E]) => void>;
};

/** Typed events: names to the tuples of what their listeners get. */
export class Emitter<Events extends { [E in keyof Events]: unknown[] }> {
  #listeners: Listeners<Events> = {};

  /** @returns the unsubscription */
  on<E extends keyof Events>(event: E, listener: (...payload: Events[E]) => void): () => void {
    const listeners = (this.#listeners[event] ??= new Set());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<E extends keyof Events>(event: E, ...payload: Events[E]): void {
    for (const listener of this.#listeners[event] ?? []) callListener(() => listener(...payload));
  }

  clear(): void {
    this.#listeners = {};
  }
}

/** Calls a listener so that its failure is reported as its own, and stops neither the others nor us. */
export function callListener(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
