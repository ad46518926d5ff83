import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Tells an element whether the device is offline. */
export class NetworkController implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  get isOffline(): boolean {
    return !navigator.onLine;
  }

  hostConnected(): void {
    window.addEventListener('online', this.#changed);
    window.addEventListener('offline', this.#changed);
  }

  hostDisconnected(): void {
    window.removeEventListener('online', this.#changed);
    window.removeEventListener('offline', this.#changed);
  }

  readonly #changed = (): void => this.host.requestUpdate();
}
