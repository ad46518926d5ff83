import type WaveSurfer from 'wavesurfer.js';
import type RegionsPlugin from 'wavesurfer.js/plugins/regions';
import type { Region as WavesurferRegion } from 'wavesurfer.js/plugins/regions';
import { SHORTEST_REGION } from '../region.js';
import type { HostEvents, HostRegion } from './timeline-host.js';

type Regions = ReturnType<typeof RegionsPlugin.create>;

export interface WavesurferRegionsListener {
  onChange(region: HostEvents['regionchange'][0]): void;
  onSelect(id: string): void;
}

/** Our regions in the Regions plugin, beside those that the app has there. */
export class WavesurferRegions {
  readonly #ws: WaveSurfer;
  readonly #listener: WavesurferRegionsListener;
  readonly #shown = new Map<string, { region: WavesurferRegion; given: HostRegion }>();
  #wanted: readonly HostRegion[] = [];
  #plugin: Regions | null = null;
  #loading = false;
  #releases: (() => void)[] = [];
  #destroyed = false;

  constructor(ws: WaveSurfer, listener: WavesurferRegionsListener) {
    this.#ws = ws;
    this.#listener = listener;
  }

  /** Replaces our regions by these. */
  set(regions: readonly HostRegion[]): void {
    this.#wanted = regions;
    if (this.#plugin) this.#show();
    else if (regions.length > 0) void this.#attach();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#wanted = [];
    for (const release of this.#releases.splice(0).reverse()) release();
  }

  /** Takes the app's plugin, else registers one. */
  async #attach(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const found = findRegionsPlugin(this.#ws);
    const plugin = found ?? (await loadRegionsPlugin());
    this.#loading = false;
    if (!plugin || this.#destroyed) return;
    if (!found) {
      this.#ws.registerPlugin(plugin);
      this.#releases.push(() => this.#ws.unregisterPlugin(plugin));
    }
    this.#releases.push(
      () => this.#removeAll(),
      plugin.on('region-update', (region) => this.#changed(region, true)),
      plugin.on('region-updated', (region) => this.#changed(region, false)),
      plugin.on('region-clicked', ({ id }) => this.#shown.has(id) && this.#listener.onSelect(id)),
      plugin.on('region-removed', ({ id }) => this.#shown.delete(id)),
      plugin.on('destroy', () => {
        this.#plugin = null;
        this.#shown.clear();
      }),
    );
    this.#plugin = plugin;
    this.#show();
  }

  #show(): void {
    const wanted = new Map(this.#wanted.map((region) => [region.id, region]));
    for (const [id, { region }] of this.#shown) if (!wanted.has(id)) region.remove();
    for (const given of wanted.values()) {
      const { id, start, end, label, color } = given;
      const shown = this.#shown.get(id);
      if (!shown) {
        const region = this.#plugin?.addRegion({ id, start, end, color, content: label, minLength: SHORTEST_REGION });
        if (region) this.#shown.set(id, { region, given });
        continue;
      }
      const { region } = shown;
      if (region.start !== start || region.end !== end) region.setOptions({ start, end });
      if (shown.given.color !== color) region.setOptions({ color });
      if (shown.given.label !== label) region.setOptions({ content: label });
      this.#shown.set(id, { region, given });
    }
  }

  #changed({ id, start, end }: WavesurferRegion, transient: boolean): void {
    if (this.#shown.has(id)) this.#listener.onChange({ id, start, end, transient });
  }

  #removeAll(): void {
    for (const { region } of this.#shown.values()) region.remove();
    this.#shown.clear();
  }
}

/** The app's own Regions plugin, whichever copy of the library it came from. */
function findRegionsPlugin(ws: WaveSurfer): Regions | null {
  const plugin = ws.getActivePlugins().find((active) => 'addRegion' in active && 'getRegions' in active);
  return (plugin as Regions | undefined) ?? null;
}

/** Null where the page's import map or bundle has only the library's main module: hits then show in our lanes alone. */
async function loadRegionsPlugin(): Promise<Regions | null> {
  try {
    return (await import('wavesurfer.js/plugins/regions')).default.create();
  } catch {
    return null;
  }
}
