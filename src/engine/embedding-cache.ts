import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { TextEmbedding } from './embedding-engine.js';
import { EarmarkError } from './errors.js';
import type { HeardBatch } from './heard-batch.js';
import type { PcmSource } from './pcm-source.js';

/** What can be told of a recording without reading it. */
export type RecordingShape = Pick<PcmSource, 'sampleRate' | 'channelCount' | 'length'>;

export interface CacheUsage {
  readonly bytes: number;
  /** Recordings of which something is kept. */
  readonly recordings: number;
}

/**
 * Keeps what was heard and read, so that a recording is analysed once, goes on where an analysis was interrupted, and a
 * large text model is rarely loaded.
 */
export interface EmbeddingCache {
  /**
   * Whether something is kept of a recording that looks like this one. Where nothing is, it can be heard at once, before
   * its key is known.
   *
   * @throws EarmarkError `storage-denied`
   */
  hasAny(shape: RecordingShape): Promise<boolean>;
  /**
   * Hands over what is kept under a key, the newest batch first: it knows best how long the recording is.
   *
   * @throws EarmarkError `storage-denied`
   */
  read(key: string, onBatch: (batch: HeardBatch) => void): Promise<void>;
  /**
   * Keeps a batch more.
   *
   * @throws EarmarkError `storage-full`, `storage-denied`
   */
  add(key: string, shape: RecordingShape, batch: HeardBatch): Promise<void>;
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

/** What is known of a recording's batches without reading them. */
interface Entry {
  readonly key: string;
  readonly shape: string;
  readonly bytes: number;
  readonly usedAt: number;
  readonly batches: number;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry; indexes: { usedAt: number } };
  /** By `[key, index]`. */
  batches: { key: [string, number]; value: HeardBatch };
  texts: { key: string; value: TextEmbedding };
}

type Writing = IDBPTransaction<Schema, ['entries', 'batches'], 'readwrite'>;

/** Some 5 MB of texts; beyond, they are encoded anew. */
const MOST_TEXTS = 2000;

/** A cache in the browser's own database. */
export class IndexedDbEmbeddingCache implements EmbeddingCache {
  readonly #name: string;
  readonly #maxBytes: number;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  constructor(options: IndexedDbEmbeddingCacheOptions = {}) {
    this.#name = options.name ?? 'earmark-embeddings';
    this.#maxBytes = options.maxBytes ?? 2 ** 30;
  }

  async hasAny(shape: RecordingShape): Promise<boolean> {
    try {
      const entries = await (await this.#open()).getAll('entries');
      return entries.some((entry) => entry.shape === nameOf(shape));
    } catch (error) {
      throw storageError(error);
    }
  }

  async read(key: string, onBatch: (batch: HeardBatch) => void): Promise<void> {
    const database = await this.#open();
    try {
      const transaction = database.transaction(['entries', 'batches']);
      transaction.done.catch(() => {});
      const entry = await transaction.objectStore('entries').get(key);
      if (entry === undefined) return;
      // One at a time, so that the page is not kept from anything else.
      for (let index = entry.batches - 1; index >= 0; index -= 1) {
        const batch = await transaction.objectStore('batches').get([key, index]);
        if (batch !== undefined) onBatch(batch);
      }
      // A full disk may refuse even this; the entry is good all the same, only the first to go.
      await touch(database, key).catch(() => {});
    } catch (error) {
      throw storageError(error);
    }
  }

  async add(key: string, shape: RecordingShape, batch: HeardBatch): Promise<void> {
    const database = await this.#open();
    try {
      await this.#write(database, key, shape, batch);
    } catch (error) {
      if (!isQuotaError(error)) throw storageError(error);
      // The browser grants less than we would use: make room among what is our own, then try once more.
      const { bytes: used } = await this.usage();
      const transaction = database.transaction(['entries', 'batches'], 'readwrite');
      await evict(transaction, used / 2, key);
      await transaction.done;
      await this.#write(database, key, shape, batch).catch((again: unknown) => {
        throw storageError(again);
      });
    }
  }

  /** In one transaction, so that a batch is there as a whole or not at all, whoever else writes or drops. */
  async #write(database: IDBPDatabase<Schema>, key: string, shape: RecordingShape, batch: HeardBatch): Promise<void> {
    const transaction = database.transaction(['entries', 'batches'], 'readwrite');
    try {
      const added = batch.frames.byteLength + batch.clips.byteLength + batch.levels.byteLength;
      await evict(transaction, this.#maxBytes - added, key);
      const entries = transaction.objectStore('entries');
      const { batches = 0, bytes = 0 } = (await entries.get(key)) ?? {};
      await transaction.objectStore('batches').put(batch, [key, batches]);
      const entry = { key, shape: nameOf(shape), usedAt: Date.now(), batches: batches + 1, bytes: bytes + added };
      await entries.put(entry);
    } catch (error) {
      transaction.done.catch(() => {});
      try {
        transaction.abort();
      } catch {
        // It has ended by itself.
      }
      throw error;
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
    const names = ['entries', 'batches', 'texts'] as const;
    const transaction = (await this.#open()).transaction(names, 'readwrite');
    await Promise.all(names.map((name) => transaction.objectStore(name).clear()));
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
  return openDB<Schema>(name, 3, {
    upgrade(database, former) {
      // What earlier versions kept is heard again.
      for (const store of ['entries', 'parts'] as ('entries' | 'batches')[])
        if (database.objectStoreNames.contains(store)) database.deleteObjectStore(store);
      database.createObjectStore('entries', { keyPath: 'key' }).createIndex('usedAt', 'usedAt');
      database.createObjectStore('batches');
      if (former < 2) database.createObjectStore('texts');
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

/** Drops entries, those used longest ago first, until the others fit into `bytes`; never the one that grows. */
async function evict(transaction: Writing, bytes: number, growing: string): Promise<void> {
  const entries = transaction.objectStore('entries');
  const byAge = await entries.index('usedAt').getAll();
  let used = byAge.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of byAge) {
    if (used <= bytes) break;
    if (entry.key === growing) continue;
    await entries.delete(entry.key);
    await transaction.objectStore('batches').delete(IDBKeyRange.bound([entry.key, 0], [entry.key, Infinity]));
    used -= entry.bytes;
  }
}

function nameOf({ sampleRate, channelCount, length }: RecordingShape): string {
  return [sampleRate, channelCount, length].join(' ');
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
