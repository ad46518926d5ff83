import type { GainEnvelope } from '../dsp/gain-envelope.js';
import { EarmarkError, isAbortError } from '../engine/errors.js';
import { GainSchedule } from './gain-schedule.js';
import type { GainRoute } from './host/gain-route.js';
import type { TimelineHost } from './host/timeline-host.js';
import type { TimelineMap } from './host/timeline-map.js';
import { maskEnvelope } from './mask-envelope.js';
import type { EarmarkState, SourceState } from './state.js';
import type { StateStore } from './store.js';
import { timelineEnvelope } from './timeline-envelope.js';

const UNITY: GainEnvelope = [{ time: 0, gain: 1 }];

/** What a gain mask works on. */
export interface MaskedPlayback {
  readonly host: TimelineHost | null;
  readonly store: StateStore;
  /** The arrangement as it stands. */
  readonly map: () => TimelineMap;
  /** Hears of a host that cannot play through a gain. */
  readonly onFailure: (error: unknown) => void;
}

/** Derives the gain envelope from mask and regions, and lets the host play through it. */
export class GainMask {
  readonly #playback: MaskedPlayback;
  readonly #life = new AbortController();
  readonly #releases: (() => void)[];
  #route: GainRoute | null = null;
  #schedule: GainSchedule | null = null;
  /** The recording that a way has been sought for last: where it failed, it would fail again. */
  #routedFor: SourceState | null = null;
  #derivedFrom: Pick<EarmarkState, 'mask' | 'regions' | 'source'> | null = null;
  /** The envelope where its clips are on the timeline, and what it was made of. */
  #mapped: { readonly envelope: GainEnvelope; readonly map: TimelineMap; readonly onTimeline: GainEnvelope } | null =
    null;

  constructor(playback: MaskedPlayback) {
    this.#playback = playback;
    const { host, store } = playback;
    const sync = (): void => this.#sync();
    this.#releases = [
      store.subscribe(() => this.#update()),
      host?.on('timeupdate', sync) ?? sync,
      host?.on('playstate', sync) ?? sync,
    ];
    this.#update();
  }

  destroy(): void {
    this.#life.abort();
    for (const release of this.#releases.splice(0)) release();
    this.#route?.release();
    this.#route = null;
  }

  #update(): void {
    const { store } = this.#playback;
    const { mask, regions, source } = store.state;
    const before = this.#derivedFrom;
    // A mask that was taken off and came back within a moment is the same, but its envelope is gone.
    const isMissing = mask !== null && store.state.gainEnvelope === null;
    if (isMissing || before?.mask !== mask || before.regions !== regions || before.source !== source) {
      this.#derivedFrom = { mask, regions, source };
      const envelope = mask && source && maskEnvelope(mask, regions, source.duration);
      store.update({ gainEnvelope: envelope });
    }
    if (mask) void this.#openRoute();
    this.#sync();
  }

  /** Leads the host's audio through a gain, once: a way that is there does no harm while there is no mask. */
  async #openRoute(): Promise<void> {
    const target = this.#playback.host?.getGainTarget?.();
    const { source } = this.#playback.store.state;
    if (!target || this.#route || this.#routedFor === source) return;
    this.#routedFor = source;
    try {
      const { routeThroughGain } = await import('./host/gain-route.js').catch((cause: unknown) => {
        throw new EarmarkError(
          'no-gain',
          'The mask cannot be heard: Tone.js could not be loaded. Install the package “tone”, or reload the page.',
          { cause },
        );
      });
      const route = await routeThroughGain(target, this.#life.signal);
      if (this.#life.signal.aborted) return route.release();
      this.#route = route;
      this.#schedule = new GainSchedule(route.gain);
      route.clock.on('tick', () => this.#sync());
      this.#sync();
    } catch (error) {
      if (!isAbortError(error)) this.#playback.onFailure(error);
    }
  }

  #sync(): void {
    const { host } = this.#playback;
    if (!this.#route || !this.#schedule || !host) return;
    const isPlaying = host.isPlaying();
    const clockSource = isPlaying ? 'timeout' : 'offline';
    if (this.#route.clock.clockSource !== clockSource) this.#route.clock.clockSource = clockSource;
    if (isPlaying) this.#route.keep();
    this.#schedule.setEnvelope(this.#envelope);
    const rate = isPlaying ? (host.getPlaybackRate?.() ?? 1) : 0;
    this.#schedule.sync(this.#route.clock.rawContext.currentTime, host.getTime(), rate);
  }

  /** What is to be heard, in time of the timeline. */
  get #envelope(): GainEnvelope {
    const { gainEnvelope: envelope, maskBypassed, source } = this.#playback.store.state;
    if (!envelope || !source || maskBypassed) return UNITY;
    const map = this.#playback.map();
    if (this.#mapped?.envelope !== envelope || this.#mapped.map !== map) {
      this.#mapped = { envelope, map, onTimeline: timelineEnvelope(map, source.id, envelope) };
    }
    return this.#mapped.onTimeline;
  }
}
