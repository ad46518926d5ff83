import {
  type ArgumentRule,
  checkArgument,
  checkOptions,
  type FieldRules,
  type OptionalRule,
} from '../argument-rules.js';
import { Emitter } from '../events.js';
import { fileName } from './file-name.js';
import type { HostCapability, HostEvents, HostHistory, HostSource, TimelineHost } from './timeline-host.js';

export interface MediaElementHostOptions {
  /** What the element plays, where it cannot be fetched from `currentSrc` (streams, other origins). */
  readonly source?: HostSource;
  /** Where the page itself plays the element through Web Audio: its last node, connected to the destination. */
  readonly output?: AudioNode;
  /** The undo stack of the page, of which Earmark's edits shall be entries. Default: Earmark has its own. */
  readonly history?: HostHistory;
}

/** Events of the element that the timeline passes on: name to what it means. */
const PLAY_STATES = { play: true, pause: false, ended: false } as const;

const MEDIA: ArgumentRule = {
  must: 'be an <audio> or <video>',
  fits: (value) => value instanceof HTMLMediaElement,
};
const PART: OptionalRule = { must: 'be an object', fits: (value) => Object(value) === value, optional: true };
const OPTIONS: FieldRules<MediaElementHostOptions> = { source: PART, output: PART, history: PART };

/** A plain `<audio>` or `<video>` as a timeline: it plays and seeks, and shows all of the recording at once. Throws EarmarkError `bad-option`. */
export function mediaElementHost(media: HTMLMediaElement, options: MediaElementHostOptions = {}): TimelineHost {
  checkArgument('mediaElementHost(): the element', MEDIA, media);
  checkOptions('mediaElementHost()', OPTIONS, options);
  const events = new Emitter<HostEvents>();
  const listening = new AbortController();
  const { signal } = listening;
  let playEnd = Infinity;

  /** Stops at the end that was asked for. An element has no such thing, and its timeupdate comes four times a second. */
  const watchEnd = (): void => {
    if (media.paused || playEnd === Infinity) return;
    if (media.currentTime < playEnd) requestAnimationFrame(watchEnd);
    else stopAt(playEnd);
  };
  const stopAt = (time: number): void => {
    playEnd = Infinity;
    media.pause();
    media.currentTime = time;
  };

  /** Then Earmark says why, or can even open what the element cannot. An error later on takes nothing away. */
  const failedToLoad = (): boolean => media.error !== null && media.readyState < HTMLMediaElement.HAVE_METADATA;

  media.addEventListener(
    'timeupdate',
    () => {
      events.emit('timeupdate', media.currentTime);
      // Animation frames rest in a hidden tab.
      if (!media.paused && media.currentTime >= playEnd) stopAt(playEnd);
    },
    { signal },
  );
  for (const type of ['seeked', 'ratechange']) {
    media.addEventListener(type, () => events.emit('timeupdate', media.currentTime), { signal });
  }
  for (const [type, playing] of Object.entries(PLAY_STATES)) {
    media.addEventListener(type, () => events.emit('playstate', playing), { signal });
  }
  media.addEventListener('loadedmetadata', () => events.emit('sourcechange'), { signal });
  media.addEventListener('emptied', () => events.emit('sourcechange'), { signal });
  media.addEventListener('error', () => failedToLoad() && events.emit('sourcechange'), { signal });
  media.addEventListener('durationchange', () => events.emit('viewchange'), { signal });

  const getDuration = (): number => (Number.isFinite(media.duration) ? media.duration : 0);
  const seek = (time: number): void => {
    playEnd = Infinity;
    media.currentTime = time;
  };

  return {
    id: 'media-element',
    capabilities: new Set<HostCapability>(options.history ? ['gain', 'history'] : ['gain']),
    history: options.history,
    getSource() {
      if (options.source) return options.source;
      const known = media.readyState >= HTMLMediaElement.HAVE_METADATA || failedToLoad();
      if (!known || media.currentSrc === '') return null;
      const data = new URL(media.currentSrc);
      return { data, name: fileName(data) };
    },
    getDuration,
    getTime: () => media.currentTime,
    seek,
    async play(start, end = Infinity) {
      if (start !== undefined) seek(start);
      await media.play();
      playEnd = end;
      watchEnd();
    },
    pause: () => media.pause(),
    isPlaying: () => !media.paused,
    getVisibleRange: () => ({ start: 0, end: getDuration() }),
    scrollTo: () => undefined,
    getGainTarget: () => options.output ?? media,
    getPlaybackRate: () => media.playbackRate,
    on: (event, listener) => events.on(event, listener),
    destroy() {
      listening.abort();
      playEnd = Infinity;
      events.clear();
    },
  };
}
