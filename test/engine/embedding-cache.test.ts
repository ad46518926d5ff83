import { expect } from '@open-wc/testing';
import { IndexedDbEmbeddingCache, type CachedEmbeddings } from '../../src/engine/embedding-cache.js';
import { EarmarkError } from '../../src/engine/errors.js';

let databases = 0;

function freshCache(maxBytes?: number): IndexedDbEmbeddingCache {
  databases += 1;
  const name = `test-${Date.now()}-${databases}`;
  return new IndexedDbEmbeddingCache(maxBytes === undefined ? { name } : { name, maxBytes });
}

function embeddings(length: number, seed = 1): CachedEmbeddings {
  const fill = (count: number, offset: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * seed + offset));
  return { frames: fill(length, 0), clips: fill(length / 4, 1), levels: fill(length / 8, 2).fill(-Infinity, 0, 1) };
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
  it('gives back what was put, to the bit, in another visit too', async () => {
    const name = `test-${Date.now()}-visits`;
    const put = embeddings(600_000);
    await new IndexedDbEmbeddingCache({ name }).put('a', put);
    const got = await new IndexedDbEmbeddingCache({ name }).get('a');
    expect(got?.frames).to.deep.equal(put.frames);
    expect(got?.clips).to.deep.equal(put.clips);
    expect(got?.levels).to.deep.equal(put.levels);
  });

  it('has nothing under another key', async () => {
    const cache = freshCache();
    await cache.put('a', embeddings(80));
    expect(await cache.get('b')).to.equal(null);
  });

  it('tells its size and can be emptied', async () => {
    const cache = freshCache();
    await cache.put('a', embeddings(80));
    await cache.put('b', embeddings(160));
    expect(await cache.usage()).to.deep.equal({ recordings: 2, bytes: 4 * (80 + 20 + 10 + 160 + 40 + 20) });
    await cache.clear();
    expect(await cache.usage()).to.deep.equal({ recordings: 0, bytes: 0 });
    expect(await cache.get('a')).to.equal(null);
  });

  it('replaces what was under the same key', async () => {
    const cache = freshCache();
    await cache.put('a', embeddings(600_000));
    await cache.put('a', embeddings(80, 2));
    expect((await cache.get('a'))?.frames).to.deep.equal(embeddings(80, 2).frames);
    expect((await cache.usage()).recordings).to.equal(1);
  });

  it('drops the recordings that were used longest ago when it is full', async () => {
    const cache = freshCache(4 * 110 * 2);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    await cache.put('a', embeddings(80));
    await pause();
    await cache.put('b', embeddings(80));
    await pause();
    await cache.get('a');
    await pause();
    await cache.put('c', embeddings(80));
    expect(await cache.get('b')).to.equal(null);
    expect(await cache.get('a')).to.not.equal(null);
    expect(await cache.get('c')).to.not.equal(null);
  });

  it('never gives back half an entry', async () => {
    const cache = freshCache();
    const torn = new DOMException('the page was closed', 'AbortError');
    const put = () => cache.put('a', embeddings(600_000));
    expect(await failing(IDBObjectStore.prototype, 'put', torn, [3, 3], () => failure(put()))).to.equal(
      'storage-denied',
    );
    expect(await cache.get('a')).to.equal(null);
    expect((await cache.usage()).recordings).to.equal(0);
  });

  it('makes room among its own entries when the browser grants no more', async () => {
    const cache = freshCache();
    await cache.put('old', embeddings(80));
    const full = new DOMException('full', 'QuotaExceededError');
    const put = () => failure(cache.put('new', embeddings(80, 2)));
    expect(await failing(IDBObjectStore.prototype, 'put', full, [1, 1], put)).to.equal('none');
    expect(await cache.get('old')).to.equal(null);
    expect((await cache.get('new'))?.frames).to.deep.equal(embeddings(80, 2).frames);
  });

  it('says that storage is full', async () => {
    const cache = freshCache();
    const full = new DOMException('full', 'QuotaExceededError');
    const put = () => failure(cache.put('a', embeddings(80)));
    expect(await failing(IDBObjectStore.prototype, 'put', full, [1, Infinity], put)).to.equal('storage-full');
  });

  it('gives back what it has on a full disk, where not even the time of use can be stored', async () => {
    const cache = freshCache();
    await cache.put('a', embeddings(80));
    const full = new DOMException('full', 'QuotaExceededError');
    const get = async () => expect((await cache.get('a'))?.frames).to.deep.equal(embeddings(80).frames);
    await failing(IDBObjectStore.prototype, 'put', full, [1, Infinity], get);
  });

  it('says that storage is denied, and tries again next time', async () => {
    const cache = freshCache();
    const denied = new DOMException('denied', 'SecurityError');
    const get = () => failure(cache.get('a'));
    expect(await failing(IDBFactory.prototype, 'open', denied, [1, 1], get)).to.equal('storage-denied');
    expect(await cache.get('a')).to.equal(null);
  });
});
