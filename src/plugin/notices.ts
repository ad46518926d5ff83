import { EarmarkError } from '../engine/errors.js';
import type { Notice } from './state.js';

/** Notices that are kept; older ones go. */
const MAX_NOTICES = 6;

/** The list with one notice more; the same message again takes the place of the earlier one. */
export function addNotice(notices: readonly Notice[], notice: Notice): readonly Notice[] {
  const others = notices.filter((other) => other.message !== notice.message);
  return [...others, Object.freeze(notice)].slice(-MAX_NOTICES);
}

/** Any failure as an error that a user can act on. */
export function toEarmarkError(error: unknown): EarmarkError {
  if (error instanceof EarmarkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EarmarkError(
    'worker-crashed',
    `Something went wrong that should not (${message}). Your prompts and regions are kept; start the analysis again.`,
    { cause: error },
  );
}
