import { EarmarkError } from '../engine/errors.js';
import type { TimelineHost } from './host/timeline-host.js';
import { stretchesOnTimeline, timelineToSource, type TimelineMap } from './host/timeline-map.js';
import type { Region } from './region.js';
import type { StateStore } from './store.js';

/** A playhead that moves by more than this at once, in seconds, was moved by someone. */
const JUMP = 1;

/** Plays hits on the host's timeline. */
export class Playback {
  readonly #host: TimelineHost;
  readonly #store: StateStore;
  readonly #map: () => TimelineMap;
  #lastTime = 0;
  readonly #stopListening: () => void;

  /** @param map the arrangement as it stands */
  constructor(host: TimelineHost, store: StateStore, map: () => TimelineMap) {
    this.#host = host;
    this.#store = store;
    this.#map = map;
    this.#stopListening = host.on('timeupdate', (time) => this.#followLoop(time));
  }

  /** Plays a region once, from `preRoll` seconds before it. */
  async playRegion(id: string, preRoll: number): Promise<void> {
    const { start, end } = this.#stretch(this.#region(id));
    this.#store.update({ looping: false, activeRegionId: id });
    await this.#host.play(Math.max(0, start - preRoll), end);
  }

  /** Plays a region over and over; null lets playback run on. */
  async loopRegion(id: string | null): Promise<void> {
    if (id === null) {
      this.#store.update({ looping: false });
      return;
    }
    const { start } = this.#stretch(this.#region(id));
    this.#store.update({ looping: true, activeRegionId: id });
    await this.#host.play(start);
  }

  /** Makes the next or previous hit the active one, and moves the playhead there; rejected ones are passed over. */
  step(direction: 1 | -1): void {
    const { activeRegionId } = this.#store.state;
    const regions = this.#store.state.regions.filter(
      (region) => region.status !== 'rejected' || region.id === activeRegionId,
    );
    const active = regions.findIndex((region) => region.id === activeRegionId);
    const next = active >= 0 ? regions[active + direction] : this.#nearest(regions, direction);
    if (!next) return;
    const { start } = this.#stretch(next);
    this.#store.update({ activeRegionId: next.id, selectedRegionIds: new Set([next.id]), looping: false });
    this.#host.seek(start);
    this.#host.scrollTo(start);
  }

  /** Scrolls to the active hit where nothing of it is on screen. */
  reveal(): void {
    const { activeRegionId, regions } = this.#store.state;
    const region = regions.find(({ id }) => id === activeRegionId);
    if (!region) return;
    const [stretch] = stretchesOnTimeline(this.#map(), region.sourceId, region.start, region.end);
    const visible = this.#host.getVisibleRange();
    if (stretch && (stretch.end <= visible.start || stretch.start >= visible.end)) this.#host.scrollTo(stretch.start);
  }

  async playPause(): Promise<void> {
    if (this.#host.isPlaying()) this.#host.pause();
    else await this.#host.play();
  }

  /** @param time seconds of the timeline */
  seek(time: number): void {
    if (!Number.isFinite(time)) throw new EarmarkError('bad-option', `There is no time ${String(time)} to go to.`);
    this.#store.update({ looping: false });
    this.#host.seek(Math.min(Math.max(0, time), this.#host.getDuration()));
  }

  destroy(): void {
    this.#stopListening();
  }

  /** The hit after or before the playhead. */
  #nearest(regions: readonly Region[], direction: 1 | -1): Region | undefined {
    const time = timelineToSource(this.#map(), this.#host.getTime())?.time ?? 0;
    return direction > 0 ? regions.find((r) => r.start >= time) : regions.findLast((r) => r.start < time);
  }

  #followLoop(time: number): void {
    const { looping, activeRegionId, regions } = this.#store.state;
    const last = this.#lastTime;
    this.#lastTime = time;
    const region = looping ? regions.find(({ id }) => id === activeRegionId) : undefined;
    if (!region) return;
    const { start, end } = this.#stretch(region);
    const outside = time < start || time >= end;
    if (outside && Math.abs(time - last) > JUMP) {
      this.#store.update({ looping: false });
    } else if (time >= end) {
      this.#host.seek(start);
      // A region at the very end stops the host before we hear of it.
      if (!this.#host.isPlaying()) this.#host.play(start).catch(() => this.#store.update({ looping: false }));
    }
  }

  #region(id: string): Region {
    const region = this.#store.state.regions.find((other) => other.id === id);
    if (!region) throw new EarmarkError('bad-option', 'This region is not there any more.');
    return region;
  }

  #stretch(region: Region): { start: number; end: number } {
    const [stretch] = stretchesOnTimeline(this.#map(), region.sourceId, region.start, region.end);
    if (!stretch) throw new EarmarkError('bad-option', 'This region is not on the timeline.');
    return stretch;
  }
}
