import { EarmarkError } from './errors.js';
import { openRenderFolder } from './render-storage.js';

/**
 * Takes the bytes of a file that is being rendered. Each byte comes once, in any order. A sink ends with one call of
 * `finish` or `discard`.
 */
export interface RenderSink {
  /**
   * @param bytes may change after this has resolved
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  write(position: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file, which ends with the last byte written. */
  finish(): Promise<Blob>;
  /** Leaves nothing behind. Never throws. */
  discard(): Promise<void>;
}

/** `FileSystemSyncAccessHandle`, which the types of pages lack because only workers have it. */
interface SyncAccess {
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  flush(): void;
  close(): void;
}

/**
 * A sink in the private file system, in a worker. Whoever wants the file holds its `renderLock` meanwhile.
 *
 * @param expectedBytes that the file will have, as far as is known: without room for them nothing is begun
 * @throws EarmarkError `storage-full`
 * @returns null where there is no private file system: not every browser has one, or shows it to every page
 */
export async function createStoredSink(fileName: string, expectedBytes = 0): Promise<RenderSink | null> {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (expectedBytes > quota - usage) throw storageFull();
  const opened = await openStoredFile(fileName).catch(() => null);
  if (!opened) return null;
  const { folder, file, access } = opened;
  return {
    async write(position, bytes) {
      const written = await orStorageError(() => access.write(bytes, { at: position }));
      if (written < bytes.length) throw storageFull();
    },
    async finish() {
      await orStorageError(() => access.flush());
      access.close();
      return file.getFile();
    },
    async discard() {
      access.close();
      await folder.removeEntry(fileName).catch(() => {});
    },
  };
}

async function openStoredFile(fileName: string) {
  const folder = await openRenderFolder();
  if (!folder) return null;
  const file = await folder.getFileHandle(fileName, { create: true });
  const inWorker = file as FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncAccess> };
  return { folder, file, access: await inWorker.createSyncAccessHandle() };
}

/**
 * A sink that writes to a file which the user has chosen. Until it is finished the file stays as it was.
 *
 * @throws EarmarkError `storage-denied`
 */
export async function createFileSink(file: FileSystemFileHandle): Promise<RenderSink> {
  const writable = await orStorageError(() => file.createWritable());
  return {
    write: (position, data) => orStorageError(() => writable.write({ type: 'write', position, data })),
    async finish() {
      await orStorageError(() => writable.close());
      return file.getFile();
    },
    async discard() {
      await writable.abort().catch(() => {});
    },
  };
}

/** A sink for browsers without a private file system; they may keep large blobs on disk of their own accord. */
export function createBlobSink(): RenderSink {
  const pieces: { readonly position: number; readonly blob: Blob }[] = [];
  return {
    async write(position, bytes) {
      pieces.push({ position, blob: new Blob([bytes]) });
    },
    async finish() {
      return new Blob(pieces.sort((a, b) => a.position - b.position).map(({ blob }) => blob));
    },
    async discard() {
      pieces.length = 0;
    },
  };
}

async function orStorageError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') throw storageFull();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The file could not be written (${reason}). Save it somewhere else.`;
    throw new EarmarkError('storage-denied', message, { cause: error });
  }
}

function storageFull(): EarmarkError {
  return new EarmarkError(
    'storage-full',
    'There is not enough space for this file; nothing of it was kept. Free some space on the disk, or export less at a time.',
  );
}
