import type RegionsPlugin from 'wavesurfer.js/plugins/regions';
import type { Region as WavesurferRegion } from 'wavesurfer.js/plugins/regions';
import { SHORTEST_REGION } from '../region.js';
import type { HostRegion } from './timeline-host.js';

type Regions = ReturnType<typeof RegionsPlugin.create>;

/** Milliseconds of a frame that may go into regions: wavesurfer.js lays the page out anew for each that is changed. */
const FRAME_SHARE = 8;

/** Shows regions in a Regions plugin, as many a frame as there is time for. */
export class RegionDisplay {
  readonly #plugin: Regions;
  readonly #shown = new Map<string, { region: WavesurferRegion; given: HostRegion }>();
  /** What is not shown yet as it is wanted. */
  #waiting: HostRegion[] = [];
  #frame: number | null = null;

  constructor(plugin: Regions) {
    this.#plugin = plugin;
  }

  has(id: string): boolean {
    return this.#shown.has(id);
  }

  /** Replaces what is shown; of regions that have moved, what is wanted last counts. */
  show(wanted: readonly HostRegion[]): void {
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, { region }] of this.#shown) if (!ids.has(id)) region.remove();
    this.#waiting = wanted.filter((given) => this.#shown.get(given.id)?.given !== given);
    if (this.#frame === null) this.#proceed();
  }

  /** Of a region that was removed. */
  forget(id: string): void {
    this.#shown.delete(id);
  }

  /** Of a plugin that is gone. */
  forgetAll(): void {
    this.#waiting = [];
    this.#shown.clear();
  }

  clear(): void {
    this.show([]);
  }

  #proceed(): void {
    const end = performance.now() + FRAME_SHARE;
    let next = 0;
    while (next < this.#waiting.length && performance.now() < end) this.#place(this.#waiting[next++]);
    this.#waiting = this.#waiting.slice(next);
    this.#frame = this.#waiting.length === 0 ? null : requestAnimationFrame(() => this.#proceed());
  }

  #place(given: HostRegion): void {
    const { id, start, end, label, color } = given;
    const shown = this.#shown.get(id);
    if (!shown) {
      const region = this.#plugin.addRegion({ id, start, end, color, content: label, minLength: SHORTEST_REGION });
      this.#shown.set(id, { region, given });
      return;
    }
    const { region } = shown;
    if (region.start !== start || region.end !== end) region.setOptions({ start, end });
    if (shown.given.color !== color) region.setOptions({ color });
    if (shown.given.label !== label) region.setOptions({ content: label });
    this.#shown.set(id, { region, given });
  }
}
