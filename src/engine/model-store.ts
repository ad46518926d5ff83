import { handOver, readVerified, type FileContents, type ReadableFile } from './described-file.js';
import { EarmarkError, isAbortError } from './errors.js';
import type { ModelFile } from './model-descriptor.js';
import type { ModelFiles, ModelIdentity } from './model-files.js';
import { hasWholeGraph, type ModelOffer, type ModelPlace, type StatedHash } from './model-offer.js';
import { sha256Hex } from './sha256.js';

const FOLDER = 'earmark-models';
const RECORD = 'model.json';

/** A file of a kept model, or one that is still to come. */
interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  /** What the model's place said at the first download. */
  readonly stated: StatedHash | null;
  /** Where the rest of it can be had; null for files from a folder of the user. */
  readonly url: string | null;
  readonly etag: string | null;
  /** Of the whole file, once that is here and checked. Lower-case hex. */
  readonly sha256: string | null;
  /** Set for a file that was wanted later: the model works without. */
  readonly spare?: boolean;
}

/** What is written beside the files of a model. */
interface ModelRecord {
  readonly identity: ModelIdentity;
  readonly place: ModelPlace;
  readonly files: readonly RecordedFile[];
}

/**
 * Models that were downloaded, in the browser's private file system.
 *
 * ```
 * earmark-models/<key>/model.json      who the model is, and what each file has to be
 * earmark-models/<key>/<file>/<part>   the bytes of a file, as they came
 * ```
 *
 * A file is written in parts, each of which is closed when it is full: what has arrived survives a tab that is closed.
 */
export class ModelStore {
  private constructor(private readonly folder: FileSystemDirectoryHandle) {}

  /** @throws EarmarkError `storage-denied` */
  static async open(): Promise<ModelStore> {
    return orStorageError(async () => {
      const root = await navigator.storage.getDirectory();
      return new ModelStore(await root.getDirectoryHandle(FOLDER, { create: true }));
    });
  }

  /** In no order; what has no readable record is left out. */
  async list(): Promise<KeptModel[]> {
    const models: KeptModel[] = [];
    for await (const key of this.folder.keys()) {
      const model = await this.get(key);
      if (model) models.push(model);
    }
    return models;
  }

  async get(key: string): Promise<KeptModel | null> {
    try {
      const folder = await this.folder.getDirectoryHandle(key);
      const file = await (await folder.getFileHandle(RECORD)).getFile();
      return new KeptModel(key, folder, JSON.parse(await file.text()) as ModelRecord);
    } catch {
      return null;
    }
  }

  /**
   * The place of an offered model, with what has been downloaded of the same files before.
   *
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  async keep(offer: ModelOffer): Promise<KeptModel> {
    const key = await keyOf(offer);
    const before = await this.get(key);
    // A folder of the user may have changed unseen, and is at hand.
    const isSame = offer.place.kind !== 'folder' && before?.identity.revision === offer.identity.revision;
    const same = isSame ? before : null;
    if (before && !same) await this.delete(key);
    const folder = await orStorageError(() => this.folder.getDirectoryHandle(key, { create: true }));
    const known = same?.files ?? [];
    // What was whole stays usable, even if this download is cut off.
    const spare = same?.isComplete === true;
    const offered = offer.files.map(({ path, bytes, stated, etag, content }): RecordedFile => {
      const url = content instanceof URL ? content.href : null;
      const file = known.find((each) => each.path === path);
      return file ?? { path, bytes, stated, etag, url, sha256: null, ...(spare && { spare }) };
    });
    // Files keep their place in the record, which names their folders.
    const files = [...known, ...offered.filter((file) => !known.includes(file))];
    const model = new KeptModel(key, folder, { identity: offer.identity, place: offer.place, files });
    await model.save();
    return model;
  }

  /** Removes a model with all its files; nothing where there is none. */
  async delete(key: string): Promise<void> {
    await this.folder.removeEntry(key, { recursive: true }).catch(() => {});
  }
}

/** Names the place of a model: another host, or another folder, is another model. */
async function keyOf({ identity, place }: ModelOffer): Promise<string> {
  const name = JSON.stringify([place.kind, place.from, identity.id]);
  return (await sha256Hex(new TextEncoder().encode(name))).slice(0, 24);
}

/** A model in the store, perhaps not yet with all of its files. */
export class KeptModel {
  #record: ModelRecord;

  constructor(
    readonly key: string,
    private readonly folder: FileSystemDirectoryHandle,
    record: ModelRecord,
  ) {
    this.#record = record;
  }

  get identity(): ModelIdentity {
    return this.#record.identity;
  }

  get place(): ModelPlace {
    return this.#record.place;
  }

  get files(): readonly RecordedFile[] {
    return this.#record.files;
  }

  /** Whether all files that the model needs are here and have been checked. */
  get isComplete(): boolean {
    return this.files.every(({ sha256, spare = false }) => sha256 !== null || spare);
  }

  /** Whether one of its audio graphs is not quantised, and is here. */
  get hasWholeGraph(): boolean {
    return hasWholeGraph(this.files.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [path])));
  }

  /** Bytes of all files that are here, or have to come. */
  get bytes(): number {
    const files = this.files.filter(({ sha256, spare = false }) => sha256 !== null || !spare);
    return files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The model as it was offered, to download what is missing; null where that has to come from the user's folder. */
  get offer(): ModelOffer | null {
    const { identity, place, files } = this.#record;
    if (files.some(({ url }) => url === null)) return null;
    return { identity, place, files: files.map((file) => ({ ...file, content: new URL(file.url!) })) };
  }

  /** Bytes of a file that are here. */
  async length(path: string): Promise<number> {
    const parts = await this.#parts(path);
    return parts.reduce((sum, part) => sum + part.size, 0);
  }

  /**
   * Adds bytes to the end of a file.
   *
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  async append(path: string, bytes: Blob): Promise<void> {
    const { length } = await this.#parts(path);
    await orStorageError(async () => {
      const folder = await this.folder.getDirectoryHandle(this.#folderOf(path), { create: true });
      const part = await folder.getFileHandle(String(length).padStart(4, '0'), { create: true });
      await write(part, bytes);
    });
  }

  /** Removes what is here of a file. */
  async discard(path: string): Promise<void> {
    await this.#change(path, { sha256: null });
    await this.folder.removeEntry(this.#folderOf(path), { recursive: true }).catch(() => {});
  }

  /** Says of a file that all of it is here and has been checked. */
  async settle(path: string, sha256: string): Promise<void> {
    await this.#change(path, { sha256, bytes: await this.length(path) });
  }

  /** What is here of a file, not checked. */
  async contentOf(path: string): Promise<Blob> {
    return new Blob(await this.#parts(path));
  }

  /** The files as the engine reads them: each is checked every time, by whoever reads it. */
  get checkedFiles(): ModelFiles {
    const { identity } = this;
    const files = this.files.filter(({ sha256, spare = false }) => sha256 !== null || !spare);
    const list = files.map(({ path, bytes, sha256 }): ModelFile => ({ path, bytes, sha256: sha256 ?? '' }));
    const file = (path: string): ReadableFile => {
      const listed = list.find((candidate) => candidate.path === path);
      if (!listed) throw new EarmarkError('model-corrupt', `${identity.name} has no file ${path}. Use another model.`);
      return { ...listed, contents: () => this.#contents(path) };
    };
    return {
      identity,
      list,
      file,
      async json(path, signal) {
        const bytes = await handOver(file(path), readVerified);
        signal?.throwIfAborted();
        return parseJson(bytes, path, identity.name);
      },
    };
  }

  async *#contents(path: string): FileContents {
    yield await this.contentOf(path);
    // Whoever downloads the model again gets this file anew, and keeps the others.
    await this.discard(path).catch(() => {});
    throw new EarmarkError(
      'model-incomplete',
      `${path} of ${this.identity.name} is not on this device any more as it was downloaded. Download the model again, which fetches only what is missing, or go back to the built-in one.`,
    );
  }

  /** @throws EarmarkError `storage-full`, `storage-denied` */
  async save(): Promise<void> {
    await orStorageError(async () => {
      const file = await this.folder.getFileHandle(RECORD, { create: true });
      await write(file, new Blob([JSON.stringify(this.#record)]));
    });
  }

  async #change(path: string, change: Partial<RecordedFile>): Promise<void> {
    const files = this.files.map((file) => (file.path === path ? { ...file, ...change } : file));
    this.#record = { ...this.#record, files };
    await this.save();
  }

  #folderOf(path: string): string {
    return String(this.files.findIndex((file) => file.path === path));
  }

  async #parts(path: string): Promise<File[]> {
    try {
      const folder = await this.folder.getDirectoryHandle(this.#folderOf(path));
      const names: string[] = [];
      for await (const name of folder.keys()) if (/^\d+$/.test(name)) names.push(name);
      return await Promise.all(names.sort().map(async (name) => (await folder.getFileHandle(name)).getFile()));
    } catch {
      return [];
    }
  }
}

async function write(file: FileSystemFileHandle, content: Blob): Promise<void> {
  const writable = await file.createWritable();
  try {
    await writable.write(content);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => {});
    throw error;
  }
}

function parseJson(bytes: ArrayBuffer, path: string, name: string): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the same error.
  }
  throw new EarmarkError('model-corrupt', `${path} of ${name} is not JSON, so the model cannot be used.`);
}

async function orStorageError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAbortError(error) || error instanceof EarmarkError) throw error;
    if (error instanceof DOMException && error.name === 'QuotaExceededError')
      throw new EarmarkError(
        'storage-full',
        'The browser has no room left for this model. What has arrived is kept: free some disk space, or delete another model, and go on.',
        { cause: error },
      );
    throw new EarmarkError(
      'storage-denied',
      'The browser does not let this page keep files (a private window, perhaps), so no other model can be downloaded here. The built-in one works without.',
      { cause: error },
    );
  }
}
