import type WaveSurfer from 'wavesurfer.js';
import type RegionsPlugin from 'wavesurfer.js/plugins/regions';
import type { Region as WavesurferRegion } from 'wavesurfer.js/plugins/regions';
import type { RegionDisplay } from './region-display.js';
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
  #wanted: readonly HostRegion[] = [];
  #display: RegionDisplay | null = null;
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
    if (this.#display) this.#display.show(regions);
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
    const [plugin, parts] = await Promise.all([
      found ?? loadRegionsPlugin(),
      import('./region-display.js').catch(() => null),
    ]);
    this.#loading = false;
    if (!plugin || !parts || this.#destroyed) return;
    if (!found) {
      this.#ws.registerPlugin(plugin);
      this.#releases.push(() => this.#ws.unregisterPlugin(plugin));
    }
    const display = new parts.RegionDisplay(plugin);
    this.#releases.push(
      () => display.clear(),
      plugin.on('region-update', (region) => this.#changed(region, true)),
      plugin.on('region-updated', (region) => this.#changed(region, false)),
      plugin.on('region-clicked', ({ id }) => display.has(id) && this.#listener.onSelect(id)),
      plugin.on('region-removed', ({ id }) => display.forget(id)),
      plugin.on('destroy', () => {
        this.#display = null;
        display.forgetAll();
      }),
    );
    this.#display = display;
    display.show(this.#wanted);
  }

  #changed({ id, start, end }: WavesurferRegion, transient: boolean): void {
    if (this.#display?.has(id)) this.#listener.onChange({ id, start, end, transient });
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
