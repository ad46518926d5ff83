import type { Score } from '../dsp/units.js';

/** `target`: find it. `contrast`: "but not …", lowers the targets' scores where it fits better. */
export type PromptPolarity = 'target' | 'contrast';

export interface Prompt {
  readonly id: string;
  /** As the user typed it, trimmed. */
  readonly text: string;
  readonly polarity: PromptPolarity;
  /** Index into the palette of eight prompt colours (`--earmark-color-1` … `-8`), 0…7. */
  readonly color: number;
  /** 0…1; boxes with a confidence of at least `1 − sensitivity` are hits. Default .5. */
  readonly sensitivity: Score;
  /** CatID of the Universal Category System for its regions that have none of their own, e.g. `ANMLDog`. */
  readonly ucs?: string;
}
