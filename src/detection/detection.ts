import type { Score } from '../dsp/units.js';
import type { FrameGrid } from './frame-grid.js';
import type { ScoreCurve } from './score-curve.js';
import type { SoundEventBox } from './sound-event-box.js';

/** What the model says of one prompt in one recording, before any decision. */
export interface PromptEvidence {
  readonly grid: FrameGrid;
  /** scale·cos(frame, text) + bias for every frame, `[frameCount]`; NaN where not analysed yet. */
  readonly frameLogits: Float32Array;
  /** Level in dBFS, `[frameCount × k]` with k = `levels.length / frameCount` equal parts a frame; 8 for parts of 20 ms. */
  readonly levels: Float32Array;
}

/** Whether the sound is in the recording at all. */
export interface Presence {
  readonly present: boolean;
  /** Probability that the sound is somewhere in the recording. */
  readonly score: Score;
}

/** Everything that is decided about one prompt; none of it depends on the sensitivity. */
export interface Detection {
  readonly curve: ScoreCurve;
  /** Sorted by start, not overlapping. */
  readonly boxes: readonly SoundEventBox[];
  readonly presence: Presence;
}
