import { expect } from '@open-wc/testing';
import { openDB } from 'idb';
import { IndexedDbEmbeddingCache } from '../../src/engine/embedding-cache.js';
import { EarmarkError } from '../../src/engine/errors.js';
import type { HeardBatch } from '../../src/engine/heard-batch.js';

const SHAPE = { sampleRate: 48_000, channelCount: 2, length: 480_000 };

let databases = 0;

function freshCache(maxBytes?: number): IndexedDbEmbeddingCache {
  databases += 1;
  const name = `test-${Date.now()}-${databases}`;
  return new IndexedDbEmbeddingCache(maxBytes === undefined ? { name } : { name, maxBytes });
}

function batch(length: number, seed = 1): HeardBatch {
  const fill = (count: number, offset: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * seed + offset));
  return {
    length: 480_000,
    endSeen: seed % 2 === 0,
    indices: [seed, seed + 1],
    frames: fill(length, 0),
    clips: fill(length / 4, 1),
    levels: fill(length / 8, 2).fill(-Infinity, 0, 1),
  };
}

async function read(cache: IndexedDbEmbeddingCache, key: string): Promise<HeardBatch[]> {
  const batches: HeardBatch[] = [];
  await cache.read(key, (each) => batches.push(each));
  return batches;
}

/** Makes a method fail while the work runs, from its call number `from` to its call number `to`. */
async function failing<T>(
  prototype: object,
  method: string,
  error: Error,
  [from, to]: [number, number],
  work: () => Promise<T>,
): Promise<T> {
  const original = Object.getOwnPropertyDescriptor(prototype, method)!;
  let calls = 0;
  Object.defineProperty(prototype, method, {
    ...original,
    value(this: object, ...words: unknown[]) {
      calls += 1;
      if (calls >= from && calls <= to) throw error;
      return (original.value as (...words: unknown[]) => unknown).apply(this, words);
    },
  });
  try {
    return await work();
  } finally {
    Object.defineProperty(prototype, method, original);
  }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof EarmarkError ? error.code : String(error)),
  );
}

describe('IndexedDbEmbeddingCache', () => {
  it('gives back what was added, the newest first and to the bit, in another visit too', async () => {
    const name = `test-${Date.now()}-visits`;
    const [first, second] = [batch(240_000), batch(240_000, 2)];
    await new IndexedDbEmbeddingCache({ name }).add('a', SHAPE, first);
    await new IndexedDbEmbeddingCache({ name }).add('a', SHAPE, second);
    expect(await read(new IndexedDbEmbeddingCache({ name }), 'a')).to.deep.equal([second, first]);
  });

  it('has nothing under another key', async () => {
    const cache = freshCache();
    await cache.add('a', SHAPE, batch(80));
    expect(await read(cache, 'b')).to.deep.equal([]);
  });

  it('tells whether it has anything of a recording by its shape', async () => {
    const cache = freshCache();
    expect(await cache.hasAny(SHAPE)).to.equal(false);
    await cache.add('a', SHAPE, batch(80));
    expect(await cache.hasAny({ ...SHAPE })).to.equal(true);
    expect(await cache.hasAny({ ...SHAPE, length: 480_001 })).to.equal(false);
    expect(await cache.hasAny({ ...SHAPE, channelCount: 1 })).to.equal(false);
  });

  it('tells its size and can be emptied', async () => {
    const cache = freshCache();
    await cache.add('a', SHAPE, batch(80));
    await cache.add('b', SHAPE, batch(80));
    await cache.add('b', SHAPE, batch(80));
    expect(await cache.usage()).to.deep.equal({ recordings: 2, bytes: 3 * 4 * (80 + 20 + 10) });
    await cache.clear();
    expect(await cache.usage()).to.deep.equal({ recordings: 0, bytes: 0 });
    expect(await read(cache, 'a')).to.deep.equal([]);
  });

  it('keeps what two pages add to one recording at a time', async () => {
    const name = `test-${Date.now()}-pages`;
    const pages = [new IndexedDbEmbeddingCache({ name }), new IndexedDbEmbeddingCache({ name })];
    await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => pages[seed % 2].add('a', SHAPE, batch(80, seed))));
    const seeds = (await read(pages[0], 'a')).map(({ indices }) => indices[0]);
    expect(seeds.sort((a, b) => a - b)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it('drops the recordings that were used longest ago when it is full, not the one that grows', async () => {
    const cache = freshCache(4 * 110 * 2);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    await cache.add('a', SHAPE, batch(80));
    await pause();
    await cache.add('b', SHAPE, batch(80));
    await pause();
    await read(cache, 'a');
    await pause();
    await cache.add('c', SHAPE, batch(80));
    expect(await read(cache, 'b')).to.deep.equal([]);
    expect(await read(cache, 'a')).to.have.length(1);
    await cache.add('c', SHAPE, batch(80, 2));
    await cache.add('c', SHAPE, batch(80, 3));
    expect(await read(cache, 'a')).to.deep.equal([]);
    expect(await read(cache, 'c')).to.have.length(3);
  });

  it('never gives back half a batch', async () => {
    const cache = freshCache();
    await cache.add('a', SHAPE, batch(80));
    const torn = new DOMException('the page was closed', 'AbortError');
    for (const call of [1, 2]) {
      const add = () => failure(cache.add('a', SHAPE, batch(80, 2)));
      expect(await failing(IDBObjectStore.prototype, 'put', torn, [call, call], add)).to.equal('storage-denied');
    }
    expect(await read(cache, 'a')).to.deep.equal([batch(80)]);
    expect((await cache.usage()).bytes).to.equal(4 * 110);
    await cache.add('a', SHAPE, batch(80, 3));
    expect(await read(cache, 'a')).to.deep.equal([batch(80, 3), batch(80)]);
  });

  it('gives the batches that are there when one is missing', async () => {
    const name = `test-${Date.now()}-missing`;
    const cache = new IndexedDbEmbeddingCache({ name });
    for (const seed of [1, 2, 3]) await cache.add('a', SHAPE, batch(80, seed));
    const database = await openDB(name);
    await database.delete('batches', ['a', 1]);
    database.close();
    expect(await read(cache, 'a')).to.deep.equal([batch(80, 3), batch(80, 1)]);
  });

  it('makes room among its own entries when the browser grants no more', async () => {
    const cache = freshCache();
    await cache.add('old', SHAPE, batch(80));
    const full = new DOMException('full', 'QuotaExceededError');
    const add = () => failure(cache.add('new', SHAPE, batch(80, 2)));
    expect(await failing(IDBObjectStore.prototype, 'put', full, [1, 1], add)).to.equal('none');
    expect(await read(cache, 'old')).to.deep.equal([]);
    expect(await read(cache, 'new')).to.deep.equal([batch(80, 2)]);
  });

  it('says that storage is full', async () => {
    const cache = freshCache();
    const full = new DOMException('full', 'QuotaExceededError');
    const add = () => failure(cache.add('a', SHAPE, batch(80)));
    expect(await failing(IDBObjectStore.prototype, 'put', full, [1, Infinity], add)).to.equal('storage-full');
  });

  it('gives back what it has on a full disk, where not even the time of use can be stored', async () => {
    const cache = freshCache();
    await cache.add('a', SHAPE, batch(80));
    const full = new DOMException('full', 'QuotaExceededError');
    const get = async () => expect(await read(cache, 'a')).to.deep.equal([batch(80)]);
    await failing(IDBObjectStore.prototype, 'put', full, [1, Infinity], get);
  });

  it('says that storage is denied, and tries again next time', async () => {
    const cache = freshCache();
    const denied = new DOMException('denied', 'SecurityError');
    for (const get of [() => failure(read(cache, 'a')), () => failure(cache.hasAny(SHAPE))])
      expect(await failing(IDBFactory.prototype, 'open', denied, [1, 1], get)).to.equal('storage-denied');
    expect(await read(cache, 'a')).to.deep.equal([]);
  });

  it('opens what an earlier version left, which is analysed anew, and keeps its prompts', async () => {
    const name = `test-${Date.now()}-earlier`;
    const earlier = await openDB(name, 2, {
      upgrade(database) {
        database.createObjectStore('entries', { keyPath: 'key' }).createIndex('usedAt', 'usedAt');
        database.createObjectStore('parts');
        database.createObjectStore('texts');
      },
    });
    await earlier.put('entries', { key: 'a', bytes: 4, usedAt: 1, parts: 1 });
    const text = { vector: Float32Array.of(1), bias: 0, understood: [] };
    await earlier.put('texts', text, 'dog bark');
    earlier.close();
    const cache = new IndexedDbEmbeddingCache({ name });
    expect(await read(cache, 'a')).to.deep.equal([]);
    expect(await cache.getText('dog bark')).to.deep.equal(text);
    expect(await cache.usage()).to.deep.equal({ recordings: 0, bytes: 0 });
  });
});
