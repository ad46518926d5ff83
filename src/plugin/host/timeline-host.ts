/** Optional abilities of a host; the views hide what is missing. */
export type HostCapability = 'overlay' | 'zoom' | 'regions' | 'gain' | 'history';

/** A region as the host keeps it; times in seconds of its timeline. */
export interface HostRegion {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** CSS colour with alpha. */
  readonly color: string;
}

/**
 * Where a gain can be put into what a host plays: a media element that is not part of any audio graph yet, or the node
 * that is connected to the destination of an AudioContext.
 */
export type GainTarget = HTMLMediaElement | AudioNode;

/** What a host plays. A host that cannot say gives `null` until it can. */
export interface HostSource {
  /** Encoded audio, decoded samples, or where to fetch the file. */
  readonly data: Blob | AudioBuffer | URL;
  /** Shown to the user: the file name, if there is one. */
  readonly name: string;
}

/** One edit of Earmark in the host's undo stack. */
export interface HistoryEntry {
  /** What to show in "Undo …", e.g. "Reject 3 hits". */
  readonly name: string;
  /** Takes the edit back; does nothing out of turn, or when its recording is gone. */
  undo(): void;
  redo(): void;
}

/** The undo stack of an editor: there is one order of all edits, and one Undo for them. */
export interface HostHistory {
  /** Puts an edit that has just been made on top. A drag is one entry, and pushed when it begins. */
  push(entry: HistoryEntry): void;
  /** What Undo in the panel does: takes back the topmost entry, whoever pushed it. */
  undo(): void;
  redo(): void;
}

export interface HostEvents {
  /** Another recording has been loaded. */
  sourcechange: [];
  /** The playhead moved, in playback or by a seek; seconds of the timeline. */
  timeupdate: [time: number];
  /** Playback began or ended. */
  playstate: [playing: boolean];
  /** Scroll, zoom or size of the timeline changed. */
  viewchange: [];
  /** The user edited one of our regions in the host. */
  regionchange: [region: { id: string; start: number; end: number; transient: boolean }];
  /** The user clicked one of our regions in the host. */
  regionselect: [id: string];
  destroy: [];
}

/**
 * A timeline that Earmark can attach to. Times are seconds of the host's timeline; {@link TimelineMap} relates them to
 * the source.
 */
export interface TimelineHost {
  readonly id: string;
  readonly capabilities: ReadonlySet<HostCapability>;
  getSource(): HostSource | null;
  getDuration(): number;
  getTime(): number;
  seek(time: number): void;
  /** Plays from `start` (default: the playhead) to `end` (default: the end). */
  play(start?: number, end?: number): Promise<void>;
  pause(): void;
  isPlaying(): boolean;
  /** The part of the timeline on screen, in seconds; the whole of it where the host does not scroll. */
  getVisibleRange(): { start: number; end: number };
  /** Scrolls so that `time` is on screen. */
  scrollTo(time: number): void;
  /** With capability `zoom`: shows this range. */
  setVisibleRange?(start: number, end: number): void;
  /** With capability `regions`: replaces our regions in the host by these (diffed by id). */
  setRegions?(regions: readonly HostRegion[]): void;
  /** With capability `gain`: null before there is something to play. */
  getGainTarget?(): GainTarget | null;
  /** Seconds of the timeline that are played in a second; 1 where it is missing. */
  getPlaybackRate?(): number;
  /** With capability `history`: where undo and redo happen, Earmark's too. */
  readonly history?: HostHistory | undefined;
  /**
   * With capability `overlay`: puts an element over the waveform, as wide as the viewport, below the host's regions
   * (default) or on top of all; returns its removal.
   */
  mountOverlay?(element: HTMLElement, layer?: 'below-regions' | 'top'): () => void;
  on<E extends keyof HostEvents>(event: E, listener: (...payload: HostEvents[E]) => void): () => void;
  /** Lets go of the host; the host itself stays. */
  destroy(): void;
}
