import type { FileContents } from './described-file.js';

/**
 * Contents that are brought once for all who ask, and the next one once for all who refuse the one before. A failure is
 * told to those who wait for it, and not remembered.
 */
export function sharedContents(open: () => FileContents): () => FileContents {
  let contents: FileContents | null = null;
  let current: Promise<Blob> | null = null;

  function advance(): Promise<Blob> {
    const source = (contents ??= open());
    const next = source.next().then(({ value }) => value);
    current = next;
    next.catch(() => {
      if (contents === source) contents = null;
    });
    return next;
  }

  return async function* () {
    if (contents === null) current = null;
    for (;;) {
      const given = current ?? advance();
      yield await given;
      // Another one may have refused it before.
      if (current === given) void advance().catch(() => {});
    }
  };
}
