import type { Edit } from './history.js';
import type { Mask } from './mask.js';
import type { Prompt } from './prompt.js';
import type { Region } from './region.js';
import type { Split } from './split.js';

/**
 * All that the user has made or decided: what undo and redo move between. Everything else in the state follows from
 * it and from what the model heard.
 */
export interface EditDocument {
  readonly prompts: readonly Prompt[];
  /** Regions that were drawn, imported, edited, accepted or rejected: no detection ever replaces them. */
  readonly kept: readonly Region[];
  /** Detected regions that were deleted: not shown, and not offered again. */
  readonly dismissed: readonly Region[];
  readonly mask: Mask | null;
  readonly split: Split | null;
}

/** What is asked of a recording, whatever was decided about it. */
export type Asked = Pick<EditDocument, 'prompts' | 'split'>;

/** A change of the document with its name; null when the request would change nothing. */
export type DocumentEdit = Edit<EditDocument> | null;

export const EMPTY_DOCUMENT: EditDocument = { prompts: [], kept: [], dismissed: [], mask: null, split: null };
