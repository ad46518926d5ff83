import type { HostRegion, TimelineHost } from './host/timeline-host.js';
import { stretchesOnTimeline, type TimelineMap } from './host/timeline-map.js';
import { PALETTE } from './palette.js';
import type { EarmarkState } from './state.js';

/** Regions that are shown in the host at a time; wavesurfer.js takes .1 s for 200 and stalls from some 500. */
export const MAX_HOST_REGIONS = 200;

/** Share of the colour in a host's region; the waveform has to show through. */
const OPACITY = '28%';

/** Colour of regions whose prompt is gone, or that never had one. */
const NO_PROMPT = 'GrayText';

/** Keeps the host's regions the same as our accepted ones: those on screen and a screen to either side. */
export class RegionMirror {
  readonly #host: TimelineHost;
  #shown: readonly HostRegion[] = [];

  constructor(host: TimelineHost) {
    this.#host = host;
  }

  update(state: EarmarkState, map: TimelineMap): void {
    if (!this.#host.setRegions) return;
    const regions = this.#choose(state, map);
    const same = regions.length === this.#shown.length && regions.every((region, i) => isSame(region, this.#shown[i]));
    if (same) return;
    this.#shown = regions;
    this.#host.setRegions(regions);
  }

  clear(): void {
    this.#host.setRegions?.([]);
  }

  #choose({ regions, prompts, source }: EarmarkState, map: TimelineMap): HostRegion[] {
    if (!source) return [];
    const { start, end } = this.#host.getVisibleRange();
    const margin = end - start;
    const middle = (start + end) / 2;
    const near: { region: HostRegion; distance: number }[] = [];
    for (const region of regions) {
      if (region.status !== 'accepted') continue;
      const [stretch] = stretchesOnTimeline(map, source.id, region.start, region.end);
      if (!stretch || stretch.end < start - margin || stretch.start > end + margin) continue;
      const prompt = prompts.find(({ id }) => id === region.promptId);
      const color = prompt ? PALETTE[prompt.color] : NO_PROMPT;
      near.push({
        region: {
          id: region.id,
          ...stretch,
          label: region.label,
          color: `color-mix(in srgb, ${color} ${OPACITY}, transparent)`,
        },
        distance: Math.abs((stretch.start + stretch.end) / 2 - middle),
      });
    }
    if (near.length > MAX_HOST_REGIONS) {
      near.sort((a, b) => a.distance - b.distance);
      near.length = MAX_HOST_REGIONS;
    }
    // In an order of their own, or every scroll would look like a change.
    return near.map(({ region }) => region).sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  }
}

function isSame(a: HostRegion, b: HostRegion | undefined): boolean {
  return a.id === b?.id && a.start === b.start && a.end === b.end && a.label === b.label && a.color === b.color;
}
