import { EarmarkError } from './errors.js';

/**
 * What went wrong in reading a recording, as an error that a user can act on.
 *
 * @param file what was read; null where it is no file
 */
export async function toDecodeFailure(error: unknown, file: Blob | null): Promise<EarmarkError> {
  if (error instanceof EarmarkError) return error;
  if (error instanceof RangeError) {
    return new EarmarkError(
      'out-of-memory',
      'There is not enough memory to decode this file. Close other pages, or open a shorter file.',
    );
  }
  if (file !== null && !(await isReadable(file))) {
    return new EarmarkError(
      'source-unreachable',
      'This file can no longer be read: it was moved or changed after it was chosen. Open it again.',
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new EarmarkError(
    'truncated-audio',
    `This file cannot be decoded any further (${reason}). Convert it to WAV or FLAC and open that.`,
  );
}

/** Tried out, because streams of files that are gone fail as if a network had. */
async function isReadable(file: Blob): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
