import type { LabelScore, Stretch } from '../tasks/classification.js';

export type { LabelScore, Stretch } from '../tasks/classification.js';

/** A question as scripts ask it. */
export interface ClassifyOptions {
  /** What it may be: 2…1000 different names, in the words of a prompt. */
  readonly labels: readonly string[];
  /** Ids of the regions that are asked about, together. Default: the stretches, else the whole recording. */
  readonly regions?: readonly string[];
  /** What is asked about, in seconds of the source, together. Default: the whole recording. */
  readonly stretches?: readonly Stretch[];
  /**
   * Whether one of the labels is right and no other, as with genres; else each is heard or not, as with instruments. It
   * is what they are sorted by: their share or their score. Default true.
   */
  readonly exclusive?: boolean;
  readonly signal?: AbortSignal;
}

/** What a recording, or a part of it, is said to be. */
export interface Classification {
  /** All labels, the best first. */
  readonly labels: readonly LabelScore[];
  /** Groups of labels that the model reads as the same: it cannot tell those of a group from each other. */
  readonly alike: readonly (readonly string[])[];
}
