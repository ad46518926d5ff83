// Where rendered files lie until they are saved: in the browser's private file system, which takes them as they are
// streamed and gives them back without loading them into memory.

const FOLDER = 'earmark-renders';

/** Name of the Web Lock that whoever still needs a file holds. */
export function renderLock(fileName: string): string {
  return `${FOLDER}/${fileName}`;
}

/** The folder; null where the browser has no private file system, or keeps it from this page. */
export async function openRenderFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create: true });
  } catch {
    return null;
  }
}

/** A worker that was ended holds its file for a moment longer. */
const RETRIES = 20;
const RETRY_MS = 100;

/** Removes a file that is no longer needed. What cannot be removed now is found by {@link removeAbandonedRenders}. */
export async function removeRender(fileName: string): Promise<void> {
  const folder = await openRenderFolder();
  if (!folder) return;
  for (let attempt = 0; attempt < RETRIES; attempt += 1) {
    try {
      return await folder.removeEntry(fileName);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Removes the files that nobody needs any more, those of pages that were closed above all. */
export async function removeAbandonedRenders(): Promise<void> {
  const folder = await openRenderFolder();
  if (!folder) return;
  for await (const fileName of folder.keys()) {
    await navigator.locks.request(renderLock(fileName), { ifAvailable: true }, async (lock) => {
      if (lock) await folder.removeEntry(fileName).catch(() => {});
    });
  }
}
