import { EarmarkError } from './errors.js';
import type { ModelFile } from './model-descriptor.js';
import { sha256Hex } from './sha256.js';

/** A file that nobody has read yet, and what it has to be. It can be posted to a worker: only a reference travels. */
export interface DescribedFile extends ModelFile {
  readonly content: Blob;
}

/**
 * What a file may be, the likeliest first. None of them has been verified; the next one is asked for when the one before
 * proved to be another file. Where there is no other it rejects with what to do about that.
 */
export type FileContents = AsyncGenerator<Blob, never, void>;

/** A file whose content is there when somebody wants to read it. */
export interface ReadableFile extends ModelFile {
  readonly contents: () => FileContents;
}

/** A content is not that of the file that was described. */
export class OtherFileError extends EarmarkError {
  constructor(message: string) {
    super('model-corrupt', message);
  }
}

/** What tells a content from that of the file that was described, in words. */
export function otherThan(bytes: number, found: number): string {
  return found === bytes ? 'its content is another one' : `${found} of ${bytes} bytes`;
}

/**
 * The bytes of a file, verified.
 *
 * @throws OtherFileError
 */
export async function readVerified({ path, content, bytes, sha256 }: DescribedFile): Promise<ArrayBuffer> {
  if (content.size === bytes) {
    const read = await content.arrayBuffer();
    if ((await sha256Hex(read)) === sha256) return read;
  }
  throw new OtherFileError(
    `${path} is not the file that the model describes (${otherThan(bytes, content.size)}). Reload the page; if it happens again, copy the model's folder again.`,
  );
}

/**
 * Gives a file to somebody who verifies it, and its next content as long as that is refused.
 *
 * @param take rejects with an `OtherFileError` to refuse
 * @throws EarmarkError what `contents` rejects with when the last one was refused
 */
export async function handOver<T>(
  { path, bytes, sha256, contents }: ReadableFile,
  take: (file: DescribedFile) => Promise<T>,
): Promise<T> {
  const candidates = contents();
  for (;;) {
    const { value: content } = await candidates.next();
    try {
      return await take({ path, bytes, sha256, content });
    } catch (error) {
      if (!(error instanceof OtherFileError)) throw error;
    }
  }
}
