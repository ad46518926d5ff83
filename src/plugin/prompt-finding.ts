import type { Detection } from '../detection/detection.js';
import type { UnderstoodClass } from '../engine/embedding-engine.js';
import type { EarmarkError } from '../engine/errors.js';

/** What the model has to say of one prompt, apart from anything the user decided. */
export interface PromptFinding {
  readonly phase: 'encoding' | 'ready' | 'failed';
  /** Why it failed. */
  readonly error?: EarmarkError;
  readonly understood: readonly UnderstoodClass[];
  /** Null before anything of the recording has been scored. */
  readonly detection: Detection | null;
  /** Whether the detection speaks of the whole recording. */
  readonly complete: boolean;
}

/** The finding of a prompt that has just been added. */
export const NOTHING_FOUND_YET: PromptFinding = Object.freeze({
  phase: 'encoding',
  understood: Object.freeze([]),
  detection: null,
  complete: false,
});
