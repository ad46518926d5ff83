import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import { type AnalysisListener, AnalysisSession } from './analysis-session.js';
import { checkFields } from './argument-rules.js';
import type { OpenedAudio } from './audio-source.js';
import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit } from './edit-document.js';
import type { TimelineHost } from './host/timeline-host.js';
import { identityMap, type TimelineMap } from './host/timeline-map.js';
import type { RegionEditRequest } from './reduce-edit.js';
import { reduceRegions, type RegionContext } from './reduce-regions.js';
import { REGION_REQUESTS } from './region-arguments.js';
import { RegionMirror } from './region-mirror.js';
import type { StateStore } from './store.js';

/** What a recording is opened among. */
export interface OpenRecordingContext {
  readonly host: TimelineHost | null;
  readonly store: StateStore;
  readonly engine: () => Promise<EmbeddingEngine>;
  readonly listener: Omit<AnalysisListener, 'visibleRange'>;
}

/**
 * A recording that stands open: its analysis, and the regions on it. Loaded with the first recording, for without one
 * there is nothing to hear and no region.
 */
export class OpenRecording {
  readonly audio: OpenedAudio;
  /** The arrangement of it. */
  readonly map: TimelineMap;
  readonly #context: OpenRecordingContext;
  readonly #mirror: RegionMirror | null;
  readonly #releases: (() => void)[] = [];
  #session: AnalysisSession;
  #channel: number | null;

  /**
   * @param id of the source
   * @param channel the channel to hear; null: the mean of all
   * @throws EarmarkError `bad-option` for a channel that there is not
   */
  constructor(audio: OpenedAudio, id: string, context: OpenRecordingContext, channel: number | null = null) {
    try {
      this.#channel = checkChannel(audio, channel);
    } catch (error) {
      audio.source.close();
      throw error;
    }
    const { host, store } = context;
    this.audio = audio;
    this.map = identityMap(id, audio.duration);
    this.#context = context;
    this.#session = this.#createSession();
    this.#mirror = host && new RegionMirror(host);
    const updateMirror = (): void => this.#mirror?.update(store.state, this.map);
    if (host) this.#releases.push(store.subscribe(updateMirror), host.on('viewchange', updateMirror));
  }

  get session(): AnalysisSession {
    return this.#session;
  }

  /**
   * Begins anew with the engine as it is by now.
   *
   * @param channel the channel to hear from now on; null: the mean of all
   * @throws EarmarkError `bad-option` for a channel that there is not
   */
  renewSession(channel = this.#channel): AnalysisSession {
    this.#channel = checkChannel(this.audio, channel);
    this.#session.close();
    this.#session = this.#createSession();
    return this.#session;
  }

  /**
   * As {@link reduceRegions}.
   *
   * @throws EarmarkError why it is refused
   */
  reduceRegions(request: RegionEditRequest, context: RegionContext, freshId: string): DocumentEdit {
    checkFields(`The request “${request.type}”`, REGION_REQUESTS[request.type], request);
    return reduceRegions(request, context, freshId);
  }

  close(): void {
    for (const release of this.#releases) release();
    this.#mirror?.clear();
    this.#session.close();
    this.audio.source.close();
  }

  #createSession(): AnalysisSession {
    const { host, engine, listener } = this.#context;
    const visibleRange = () => host?.getVisibleRange() ?? { start: 0, end: this.audio.duration };
    return new AnalysisSession(this.audio.source, engine, { visibleRange, ...listener }, this.#channel);
  }
}

function checkChannel({ channelCount }: OpenedAudio, channel: number | null): number | null {
  if (channel === null || (Number.isInteger(channel) && channel >= 0 && channel < channelCount)) return channel;
  throw new EarmarkError(
    'bad-option',
    `“channel” is ${String(channel)}; it must be null or one of the recording's channels, 0…${channelCount - 1}.`,
  );
}
