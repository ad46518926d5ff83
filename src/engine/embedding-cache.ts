import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { TextEmbedding } from './embedding-engine.js';
import type { EmbeddingTrack } from './embedding-track.js';
import { EarmarkError } from './errors.js';

/** What is kept of a recording; the rest of its track follows from the model and the length. */
export type CachedEmbeddings = Pick<EmbeddingTrack, 'frames' | 'clips' | 'levels'>;

export interface CacheUsage {
  readonly bytes: number;
  /** Recordings kept. */
  readonly recordings: number;
}

/** Keeps what was heard and read, so that a recording is analysed once and a large text model rarely loaded. */
export interface EmbeddingCache {
  /** Null where nothing whole is kept under this key. */
  get(key: string): Promise<CachedEmbeddings | null>;
  /**
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  put(key: string, embeddings: CachedEmbeddings): Promise<void>;
  /** Null where this text has not been kept. */
  getText(key: string): Promise<TextEmbedding | null>;
  /**
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  putText(key: string, embedding: TextEmbedding): Promise<void>;
  usage(): Promise<CacheUsage>;
  clear(): Promise<void>;
}

export interface IndexedDbEmbeddingCacheOptions {
  /** Name of the database. Default `earmark-embeddings`. */
  readonly name?: string;
  /** Beyond this the recordings that were used longest ago are dropped. Default 1 GiB, some 45 h of audio. */
  readonly maxBytes?: number;
}

interface Entry {
  readonly key: string;
  readonly bytes: number;
  readonly usedAt: number;
  readonly parts: number;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry; indexes: { usedAt: number } };
  /** Arrays of an entry, cut into parts, by `[key, index]`. */
  parts: { key: [string, number]; value: Part };
  texts: { key: string; value: TextEmbedding };
}

interface Part {
  readonly field: keyof CachedEmbeddings;
  readonly values: Float32Array;
}

const FIELDS = ['frames', 'clips', 'levels'] as const;
/** Some 5 MB of texts; beyond, they are encoded anew. */
const MOST_TEXTS = 2000;
/** Storing copies on the calling thread; parts of 1 MiB take it about a millisecond each. */
const PART_LENGTH = 2 ** 18;

/** A cache in the browser's own database. */
export class IndexedDbEmbeddingCache implements EmbeddingCache {
  readonly #name: string;
  readonly #maxBytes: number;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(options: IndexedDbEmbeddingCacheOptions = {}) {
    this.#name = options.name ?? 'earmark-embeddings';
    this.#maxBytes = options.maxBytes ?? 2 ** 30;
  }

  async get(key: string): Promise<CachedEmbeddings | null> {
    const database = await this.#open();
    try {
      const transaction = database.transaction(['entries', 'parts']);
      transaction.done.catch(() => {});
      const entry = await transaction.objectStore('entries').get(key);
      if (entry === undefined) return null;
      const parts: Part[] = [];
      for (let index = 0; index < entry.parts; index += 1) {
        const part = await transaction.objectStore('parts').get([key, index]);
        if (part === undefined) return null;
        parts.push(part);
      }
      // A full disk may refuse even this; the entry is good all the same, only the first to go.
      await touch(database, key).catch(() => {});
      return joinParts(parts);
    } catch (error) {
      throw storageError(error);
    }
  }

  async put(key: string, embeddings: CachedEmbeddings): Promise<void> {
    const database = await this.#open();
    const bytes = FIELDS.reduce((sum, field) => sum + embeddings[field].byteLength, 0);
    try {
      await this.#write(database, key, embeddings, bytes);
    } catch (error) {
      if (!isQuotaError(error)) throw storageError(error);
      // The browser grants less than we would use: make room among what is our own, then try once more.
      const { bytes: used } = await this.usage();
      await this.#evict(database, used / 2);
      await this.#write(database, key, embeddings, bytes).catch((again: unknown) => {
        throw storageError(again);
      });
    }
  }

  /** In one transaction, so that an entry is there as a whole or not at all. */
  async #write(
    database: IDBPDatabase<Schema>,
    key: string,
    embeddings: CachedEmbeddings,
    bytes: number,
  ): Promise<void> {
    await this.#evict(database, this.#maxBytes - bytes);
    const transaction = database.transaction(['entries', 'parts'], 'readwrite');
    try {
      await transaction.objectStore('parts').delete(partsOf(key));
      let index = 0;
      for (const field of FIELDS) {
        const values = embeddings[field];
        for (let start = 0; start < values.length; start += PART_LENGTH) {
          const part = { field, values: values.slice(start, start + PART_LENGTH) };
          await transaction.objectStore('parts').put(part, [key, index]);
          index += 1;
        }
      }
      await transaction.objectStore('entries').put({ key, bytes, usedAt: Date.now(), parts: index });
    } catch (error) {
      transaction.done.catch(() => {});
      throw error;
    }
    await transaction.done;
  }

  /** Drops entries, those used longest ago first, until the others fit into `bytes`. */
  async #evict(database: IDBPDatabase<Schema>, bytes: number): Promise<void> {
    const transaction = database.transaction(['entries', 'parts'], 'readwrite');
    const entries = transaction.objectStore('entries');
    const byAge = await entries.index('usedAt').getAll();
    let used = byAge.reduce((sum, entry) => sum + entry.bytes, 0);
    for (const entry of byAge) {
      if (used <= bytes) break;
      await entries.delete(entry.key);
      await transaction.objectStore('parts').delete(partsOf(entry.key));
      used -= entry.bytes;
    }
    await transaction.done;
  }

  async getText(key: string): Promise<TextEmbedding | null> {
    try {
      return (await (await this.#open()).get('texts', key)) ?? null;
    } catch (error) {
      throw storageError(error);
    }
  }

  async putText(key: string, embedding: TextEmbedding): Promise<void> {
    const transaction = (await this.#open()).transaction('texts', 'readwrite');
    transaction.done.catch(() => {});
    try {
      if ((await transaction.store.count()) >= MOST_TEXTS) await transaction.store.clear();
      await transaction.store.put(embedding, key);
      await transaction.done;
    } catch (error) {
      throw storageError(error);
    }
  }

  async usage(): Promise<CacheUsage> {
    const entries = await (await this.#open()).getAll('entries');
    return { bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0), recordings: entries.length };
  }

  async clear(): Promise<void> {
    const transaction = (await this.#open()).transaction(['entries', 'parts', 'texts'], 'readwrite');
    await Promise.all((['entries', 'parts', 'texts'] as const).map((name) => transaction.objectStore(name).clear()));
    await transaction.done;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#opening ??= openDatabase(this.#name, () => {
      this.#opening = null;
    }).catch((error: unknown) => {
      this.#opening = null;
      throw storageError(error);
    });
    return this.#opening;
  }
}

async function openDatabase(name: string, onClosed: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 2, {
    upgrade(database, former) {
      if (former < 1) {
        database.createObjectStore('entries', { keyPath: 'key' }).createIndex('usedAt', 'usedAt');
        database.createObjectStore('parts');
      }
      database.createObjectStore('texts');
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
}

/** Remembers that an entry was used, unless another page has dropped it by now. */
async function touch(database: IDBPDatabase<Schema>, key: string): Promise<void> {
  const transaction = database.transaction('entries', 'readwrite');
  transaction.done.catch(() => {});
  const entry = await transaction.store.get(key);
  if (entry !== undefined) await transaction.store.put({ ...entry, usedAt: Date.now() });
  await transaction.done;
}

function partsOf(key: string): IDBKeyRange {
  return IDBKeyRange.bound([key, 0], [key, Infinity]);
}

function joinParts(parts: readonly Part[]): CachedEmbeddings {
  const join = (field: keyof CachedEmbeddings) => {
    const own = parts.filter((part) => part.field === field);
    const joined = new Float32Array(own.reduce((sum, { values }) => sum + values.length, 0));
    own.reduce((position, { values }) => {
      joined.set(values, position);
      return position + values.length;
    }, 0);
    return joined;
  };
  return { frames: join('frames'), clips: join('clips'), levels: join('levels') };
}

function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function storageError(error: unknown): EarmarkError {
  if (error instanceof EarmarkError) return error;
  return isQuotaError(error)
    ? new EarmarkError(
        'storage-full',
        'The browser has no room left to keep what was heard, so this recording will be analysed again next time. Free some disk space or clear the cache.',
        { cause: error },
      )
    : new EarmarkError(
        'storage-denied',
        'The browser does not let this page store data (a private window, perhaps), so recordings are analysed again on every visit.',
        { cause: error },
      );
}
