import type { HostEvents, TimelineHost } from '../plugin/host/timeline-host.js';
import { StoreScope, type StoreHost } from './store-scope.js';

type HostListeners = { readonly [E in keyof HostEvents]?: (...payload: HostEvents[E]) => void };

/** Listens to the timeline that the element's store is attached to; without a timeline nothing is ever called. */
export function listenToHost(
  element: StoreHost,
  listeners: HostListeners,
  attached?: (host: TimelineHost) => void,
): StoreScope {
  return new StoreScope(element, ({ host }) => {
    if (host === null) return () => {};
    const names = Object.keys(listeners) as (keyof HostEvents)[];
    const removals = names.map((name) => host.on(name, listeners[name] as (...payload: unknown[]) => void));
    attached?.(host);
    return () => removals.forEach((remove) => remove());
  });
}
