import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { EarmarkError } from '../engine/errors.js';

/** A project as it is kept on the device. */
export interface KeptProject {
  readonly id: string;
  /** Counts the times that it was saved: whoever saves tells which one his work is based on. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Name of its recording. */
  readonly name: string;
  /** Digest of its recording; null until that is known. */
  readonly digest: string | null;
  /** What else the recording's file is known by, until its digest is. */
  readonly fingerprint: string | null;
  /** Whether it was set apart from a project of the same recording that somebody else has saved meanwhile. */
  readonly isCopy: boolean;
  /** Texts of its prompts. */
  readonly prompts: readonly string[];
  /** Regions that were accepted, rejected, drawn or edited. */
  readonly regionCount: number;
}

/** What is to be kept, and what it follows on. */
export interface ProjectEntry extends Pick<KeptProject, 'name' | 'digest' | 'fingerprint' | 'prompts' | 'regionCount'> {
  /** The project that this continues; null for a new one. */
  readonly base: Pick<KeptProject, 'id' | 'revision'> | null;
  /** Whether the user has begun it beside what there is of the recording. */
  readonly isAnew: boolean;
  /** The project file. */
  readonly content: string;
}

/** A recording that is kept, so that its projects can be opened again. */
export interface KeptRecording {
  readonly digest: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

interface Schema extends DBSchema {
  projects: { key: string; value: KeptProject; indexes: { digest: string; fingerprint: string } };
  /** Project files by the id of their project. */
  contents: { key: string; value: string };
  /** What a page had not saved when it was closed, by page. */
  drafts: { key: string; value: ProjectEntry };
  recordings: { key: string; value: KeptRecording };
  /** Files by the digest of their recording. */
  files: { key: string; value: File };
}

type Stores = ('projects' | 'contents' | 'drafts' | 'recordings' | 'files')[];
type Writing = IDBPTransaction<Schema, Stores, 'readwrite'>;

const STORES: Stores = ['projects', 'contents', 'drafts', 'recordings', 'files'];

/** Beyond this the recordings that were used longest ago are dropped, in bytes: 4 h of stereo at 48 kHz and 24 bit. */
const MAX_RECORDING_BYTES = 4 * 2 ** 30;

/** Share of what the browser still grants that one recording may take. */
const MAX_FREE_SHARE = 0.5;

/** Keeps projects and their recordings in the browser's own database, for any number of pages at once. */
export class ProjectStore {
  readonly #name: string;
  #database: IDBPDatabase<Schema> | null = null;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(name = 'earmark-projects') {
    this.#name = name;
  }

  /**
   * Saves a project, if nobody has saved it since the revision that the entry is based on; what somebody else has saved
   * stays, and the entry becomes a project of its own.
   *
   * @param page whose draft this takes the place of
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  async save(entry: ProjectEntry, page: string): Promise<KeptProject> {
    const save = () =>
      this.#write(async (transaction) => {
        const saved = await put(transaction, entry);
        await transaction.objectStore('drafts').delete(page);
        return saved;
      });
    try {
      return await save();
    } catch (error) {
      if (!(error instanceof EarmarkError && error.code === 'storage-full')) throw error;
      // Recordings can be opened again from where they lie; work cannot.
      await this.#write((transaction) => dropOldest(transaction, 0.5));
      return save();
    }
  }

  /**
   * Keeps what a page has not saved while it is being closed, when nothing can be waited for: one write without a
   * question before it. {@link find} makes a project of it.
   */
  draft(entry: ProjectEntry, page: string): void {
    try {
      const transaction = this.#database?.transaction('drafts', 'readwrite');
      transaction?.done.catch(() => {});
      transaction?.store.put(entry, page).catch(() => {});
      transaction?.commit();
    } catch {
      // The database is closing too.
    }
  }

  /**
   * The project of a recording that was saved last, with what pages left behind when they were closed.
   *
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  find(digest: string | null, fingerprint: string | null): Promise<KeptProject | null> {
    return this.#write(async (transaction) => {
      const drafts = transaction.objectStore('drafts');
      for (const draft of await drafts.getAll()) await put(transaction, draft);
      await drafts.clear();
      const projects = transaction.objectStore('projects');
      const known = digest === null ? [] : await projects.index('digest').getAll(digest);
      const alike = fingerprint === null ? [] : await projects.index('fingerprint').getAll(fingerprint);
      const undigested = alike.filter((project) => project.digest === null);
      return latest(known) ?? latest(undigested) ?? null;
    });
  }

  /** @throws EarmarkError `storage-denied` */
  async get(id: string): Promise<{ project: KeptProject; content: string } | null> {
    return this.#read(async (database) => {
      const transaction = database.transaction(['projects', 'contents']);
      const [project, content] = await Promise.all([
        transaction.objectStore('projects').get(id),
        transaction.objectStore('contents').get(id),
      ]);
      return project && content !== undefined ? { project, content } : null;
    });
  }

  /**
   * All that is kept, latest first.
   *
   * @throws EarmarkError `storage-denied`
   */
  async list(): Promise<{ projects: KeptProject[]; recordings: KeptRecording[] }> {
    return this.#read(async (database) => {
      const transaction = database.transaction(['projects', 'recordings']);
      const [projects, recordings] = await Promise.all([
        transaction.objectStore('projects').getAll(),
        transaction.objectStore('recordings').getAll(),
      ]);
      return { projects: projects.sort((a, b) => b.savedAt - a.savedAt), recordings };
    });
  }

  /**
   * Keeps a recording's file, if there is room for it.
   *
   * @returns whether it is kept
   * @throws EarmarkError `storage-full`, `storage-denied`
   * @throws DOMException `NotReadableError` for a file that has changed or is gone
   */
  async keepRecording(digest: string, file: File): Promise<boolean> {
    const isKept = await this.#read((database) => database.getKey('recordings', digest));
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate()) ?? {};
    const bytes = file.size;
    // The database takes a file that has changed since it was opened for an empty one.
    await file.slice(0, 1).arrayBuffer();
    const fits = bytes <= Math.min(MAX_RECORDING_BYTES, MAX_FREE_SHARE * (quota - usage));
    if (isKept === undefined && !fits) return false;
    return this.#write(async (transaction) => {
      const recordings = transaction.objectStore('recordings');
      await recordings.put({ digest, bytes, usedAt: Date.now() });
      if (isKept !== undefined) return true;
      await dropOldest(transaction, 1);
      await transaction.objectStore('files').put(file, digest);
      return true;
    });
  }

  /** @throws EarmarkError `storage-denied` */
  async recording(digest: string): Promise<File | null> {
    return (await this.#read((database) => database.get('files', digest))) ?? null;
  }

  /**
   * Deletes projects, and the recordings that no other project is about.
   *
   * @throws EarmarkError `storage-denied`
   */
  delete(ids: readonly string[]): Promise<void> {
    return this.#write(async (transaction) => {
      const projects = transaction.objectStore('projects');
      for (const id of ids) {
        const digest = (await projects.get(id))?.digest ?? null;
        await Promise.all([projects.delete(id), transaction.objectStore('contents').delete(id)]);
        if (digest === null || (await projects.index('digest').count(digest)) > 0) continue;
        await transaction.objectStore('recordings').delete(digest);
        await transaction.objectStore('files').delete(digest);
      }
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
    this.#opening = null;
  }

  async #read<T>(read: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await read(await this.#open());
    } catch (error) {
      throw storageError(error);
    }
  }

  async #write<T>(write: (transaction: Writing) => Promise<T>): Promise<T> {
    try {
      const transaction = (await this.#open()).transaction(STORES, 'readwrite');
      try {
        const result = await write(transaction);
        await transaction.done;
        return result;
      } catch (error) {
        // All or nothing; and the reason is the first error, not that of the whole.
        transaction.done.catch(() => {});
        if (!transaction.error) abort(transaction);
        throw error;
      }
    } catch (error) {
      throw storageError(error);
    }
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = (): void => {
      this.#database = null;
      this.#opening = null;
    };
    this.#opening ??= openDB<Schema>(this.#name, 1, {
      upgrade(database) {
        const projects = database.createObjectStore('projects', { keyPath: 'id' });
        projects.createIndex('digest', 'digest');
        projects.createIndex('fingerprint', 'fingerprint');
        database.createObjectStore('contents');
        database.createObjectStore('drafts');
        database.createObjectStore('recordings', { keyPath: 'digest' });
        database.createObjectStore('files');
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    }).then(
      (database) => (this.#database = database),
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    return this.#opening;
  }
}

async function put(transaction: Writing, entry: ProjectEntry): Promise<KeptProject> {
  const { base, isAnew, content, ...facts } = entry;
  const projects = transaction.objectStore('projects');
  const stored = base ? await projects.get(base.id) : undefined;
  const isBehind = stored !== undefined && stored.revision !== base?.revision;
  const others = facts.digest === null ? 0 : await projects.index('digest').count(facts.digest);
  const project: KeptProject = {
    ...facts,
    id: base && !isBehind ? base.id : crypto.randomUUID(),
    revision: isBehind ? 1 : (base?.revision ?? 0) + 1,
    savedAt: Date.now(),
    isCopy: isBehind || (base ? (stored?.isCopy ?? false) : others > 0 && !isAnew),
  };
  await projects.put(project);
  await transaction.objectStore('contents').put(content, project.id);
  return project;
}

/** Drops the recordings that were used longest ago, until at most this share of them is left, and no more than may be. */
async function dropOldest(transaction: Writing, share: number): Promise<void> {
  const recordings = transaction.objectStore('recordings');
  const byAge = (await recordings.getAll()).sort((a, b) => a.usedAt - b.usedAt);
  let used = byAge.reduce((sum, recording) => sum + recording.bytes, 0);
  const bytes = Math.min(MAX_RECORDING_BYTES, share * used);
  for (const recording of byAge) {
    if (used <= bytes) break;
    await recordings.delete(recording.digest);
    await transaction.objectStore('files').delete(recording.digest);
    used -= recording.bytes;
  }
}

function latest(projects: readonly KeptProject[]): KeptProject | undefined {
  return projects.toSorted((a, b) => b.savedAt - a.savedAt)[0];
}

function abort(transaction: Writing): void {
  try {
    transaction.abort();
  } catch {
    // It has ended by itself.
  }
}

function storageError(error: unknown): unknown {
  if (error instanceof EarmarkError || !(error instanceof Error) || error.name === 'NotReadableError') return error;
  return error.name === 'QuotaExceededError'
    ? new EarmarkError(
        'storage-full',
        'There is no room left to keep this project on the device. Save it as a file (Project › Save as file), then free some space.',
        { cause: error },
      )
    : new EarmarkError(
        'storage-denied',
        'This browser does not let the page keep anything (a private window, perhaps), so projects are not saved by themselves. Save yours as a file: Project › Save as file.',
        { cause: error },
      );
}
