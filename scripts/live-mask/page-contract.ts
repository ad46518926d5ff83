/** What plays the recording. */
export type Player = 'wavesurfer, WebAudio' | 'wavesurfer, MediaElement' | 'audio element' | 'audio graph of the page';

export interface Playing {
  readonly player: Player;
  /** Seconds of the recording a second. */
  readonly rate: number;
  /** Whether the playhead is moved every now and then. */
  readonly seeks: boolean;
  /** Seconds to listen. */
  readonly seconds: number;
}

/** What the page offers to the tool that drives it, as `window.liveMask`. */
export interface LiveMaskPage {
  /** Plays, and gives for every edge of the mask that was heard how late it was, in seconds of the recording. */
  measure(playing: Playing): Promise<number[]>;
}

declare global {
  interface Window {
    liveMask: LiveMaskPage;
  }
}
