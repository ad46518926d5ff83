import { aTimeout, expect } from '@open-wc/testing';
import { openDB } from 'idb';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import { IndexedDbEmbeddingCache } from '../../src/engine/embedding-cache.js';
import type { AnalyseOptions, AnalysisProgress, EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import { EarmarkError } from '../../src/engine/errors.js';
import type { HeardBatch } from '../../src/engine/heard-batch.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import { waitUntil } from '../helpers/wait-until.js';
import { clapFolder, goldenRecording } from './clap-folder.js';
import { FakeHearing } from './fake-hearing.js';
import { MemorySource, syntheticRecording } from './memory-source.js';

const ASSETS = new URL('/dist/', location.href);
const RATE = 16_000;

const engines: EmbeddingEngine[] = [];
let databases = 0;

function freshName(): string {
  databases += 1;
  return `resume-test-${Date.now()}-${databases}`;
}

/** An engine as of a visit of its own, with workers that only seem to hear. */
function visit(options: Partial<EngineOptions> = {}): { engine: EmbeddingEngine; hearing: FakeHearing } {
  const hearing = new FakeHearing();
  const { createWorker } = hearing;
  return { engine: engineWith({ createWorker, ...options }), hearing };
}

function engineWith(options: Partial<EngineOptions>): EmbeddingEngine {
  const engine = createEmbeddingEngine({ assetBase: ASSETS, model: 'pocket', backend: 'wasm', workers: 1, ...options });
  engines.push(engine);
  return engine;
}

function sameBits(a: EmbeddingTrack, b: EmbeddingTrack): boolean {
  const same = (x: Float32Array, y: Float32Array) =>
    x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
  return same(a.frames, b.frames) && same(a.clips, b.clips) && same(a.levels, b.levels);
}

/** Analyses until so many windows have been heard, and cancels then. Resolves to how many had been when it ended. */
async function interrupted(
  engine: EmbeddingEngine,
  source: PcmSource,
  windows: number,
  options: AnalyseOptions = {},
): Promise<number> {
  const controller = new AbortController();
  let heard = 0;
  const stopped = await engine
    .analyse(source, {
      ...options,
      signal: controller.signal,
      onWindows: (indices) => {
        heard += indices.length;
        if (heard >= windows) controller.abort();
      },
    })
    .then(
      () => 'done',
      (error: Error) => error.name,
    );
  expect(stopped).to.equal('AbortError');
  return heard;
}

/** Resolves when so many windows of some recording are kept. */
async function untilKept(name: string, windows: number): Promise<void> {
  let kept = 0;
  const deadline = performance.now() + 20_000;
  while (kept < windows) {
    if (performance.now() > deadline) throw new Error(`Only ${kept} of ${windows} windows were kept in time.`);
    await aTimeout(20);
    const database = await openDB(name);
    const batches = (await database.getAll('batches')) as HeardBatch[];
    database.close();
    kept = batches.reduce((sum, { indices }) => sum + indices.length, 0);
  }
}

/** A gate that reads of a source wait at. */
class Gate {
  open = () => {};
  readonly #opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });

  /** Lets a source be read up to a position only, before the gate is opened. */
  before(source: MemorySource, position: number): void {
    const read = source.read.bind(source);
    source.read = async (start, count, signal) => {
      if (start + count > position) await this.#opened;
      return read(start, count, signal);
    };
  }
}

describe('an interrupted analysis', function () {
  this.timeout(240_000);
  // 16 windows.
  const recording = syntheticRecording(80, RATE);
  const source = (name?: string, statedLength?: number) => new MemorySource([recording], RATE, statedLength, name);
  let plain: EmbeddingTrack;

  before(async () => {
    plain = (await visit().engine.analyse(source())).track;
  });
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.destroy();
  });

  for (const [how, statedLength] of [
    ['', undefined],
    [', of a length that was not known', 0],
    [', of a length that was stated wrongly', 100 * RATE],
  ] as const) {
    it(`goes on after a reload${how}, with the same bits`, async () => {
      const name = freshName();
      const first = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
      const kept = await interrupted(first.engine, source('a', statedLength), 8);
      first.engine.destroy();
      await untilKept(name, kept);
      const second = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
      const progress: AnalysisProgress[] = [];
      const result = await second.engine.analyse(source('a', statedLength), {
        onProgress: (step) => progress.push(step),
      });
      expect(sameBits(result.track, plain)).to.equal(true);
      expect(result.track.plan).to.deep.equal(plain.plan);
      expect(second.hearing.heard.length).to.equal(16 - kept);
      expect(result).to.include({ fromCache: false, kept: true });
      if (statedLength === undefined) expect(result.continuedAt).to.equal(kept / 16);
      const analysing = progress.filter(({ stage }) => stage === 'analysing');
      expect(analysing[0].continuedAt).to.equal(analysing[0].fraction);
      expect(analysing[0].fraction).to.be.greaterThan(0);
      expect(analysing.at(-1)?.fraction).to.equal(1);
      const third = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
      const again = await third.engine.analyse(source('a', statedLength));
      expect(again).to.include({ fromCache: true, kept: true });
      expect(third.hearing.heard).to.deep.equal([]);
      expect(sameBits(again.track, plain)).to.equal(true);
    });
  }

  it('gives the bits that real workers give without an interruption', async () => {
    const clip = () => new MemorySource([recording.subarray(0, 30 * RATE)], RATE, undefined, 'clip');
    const name = freshName();
    const engine = engineWith({ cache: new IndexedDbEmbeddingCache({ name }) });
    const kept = await interrupted(engine, clip(), 2);
    await untilKept(name, kept);
    const result = await engine.analyse(clip());
    expect(result.continuedAt).to.be.greaterThan(0);
    const { track } = await engine.analyse(clip(), { keep: false });
    expect(sameBits(result.track, track)).to.equal(true);
  });

  it('of a model of whole windows goes on within the long and within the short ones, with the same bits', async () => {
    // 2 long windows, and short ones.
    const clip = (name: string) => new MemorySource([goldenRecording(15)], 48_000, undefined, name);
    const name = freshName();
    const model = async () => clapModel(await clapFolder());
    const engine = engineWith({ model, cache: new IndexedDbEmbeddingCache({ name }) });
    const { track } = await engine.analyse(clip('plain'), { keep: false });
    const total = track.plan.windows.length;
    let kept = 0;
    for (const windows of [1, 6]) {
      const heard = await interrupted(engine, clip(`after ${windows}`), windows);
      kept += heard;
      await untilKept(name, kept);
      const result = await engine.analyse(clip(`after ${windows}`));
      expect(result.continuedAt).to.equal(heard / total);
      expect(sameBits(result.track, track)).to.equal(true);
      kept += total - heard;
    }
  });

  it('is kept while it goes on', async () => {
    const name = freshName();
    const held = source('held');
    const gate = new Gate();
    gate.before(held, 40 * RATE);
    const { engine, hearing } = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const running = engine.analyse(held);
    await untilKept(name, 5);
    expect(hearing.heard.length).to.be.below(10);
    gate.open();
    expect((await running).kept).to.equal(true);
  });

  it('is heard at once, before it is known whether anything is kept', async () => {
    const name = freshName();
    const hashing = source('hashing');
    let tell = (_digest: string) => {};
    hashing.digest = () => new Promise((resolve) => (tell = resolve));
    const { engine, hearing } = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const done = engine.analyse(hashing);
    await waitUntil('all is heard', () => hearing.heard.length === 16, 30_000);
    tell('hashing');
    expect(await done).to.include({ fromCache: false, kept: true });
    const again = await visit({ cache: new IndexedDbEmbeddingCache({ name }) }).engine.analyse(source('hashing'));
    expect(again.fromCache).to.equal(true);
    expect(sameBits(again.track, plain)).to.equal(true);
  });

  for (const [how, windows] of [
    ['some', 9],
    ['all', 16],
  ] as const) {
    it(`takes ${how} that turns out to be kept while it is being heard`, async () => {
      const name = freshName();
      const cache = new IndexedDbEmbeddingCache({ name });
      const former = visit({ cache }).engine;
      if (windows === 16) await former.analyse(source('late'));
      else await untilKept(name, await interrupted(former, source('late'), windows));
      // Looks like no other recording, so it is not waited for.
      cache.hasAny = async () => false;
      const late = source('late');
      const gate = new Gate();
      gate.before(late, 20 * RATE);
      let tell = (_digest: string) => {};
      late.digest = () => new Promise((resolve) => (tell = resolve));
      const { engine, hearing } = visit({ cache });
      const result = await engine.analyse(late, {
        onWindows: () => tell('late'),
        onProgress: ({ continuedAt }) => continuedAt !== undefined && gate.open(),
      });
      expect(sameBits(result.track, plain)).to.equal(true);
      expect(result).to.include({ fromCache: false, kept: true });
      // Those that were heard meanwhile; for one of them the gate may have been opened.
      expect(hearing.heard.length).to.be.below(windows === 16 ? 5 : 12);
    });
  }

  it('goes on in the same page where nothing is kept, and hears nothing twice', async () => {
    const { engine, hearing } = visit();
    const same = source();
    const first = await interrupted(engine, same, 6);
    const before = hearing.heard.length;
    const tracks: EmbeddingTrack[] = [];
    const result = await engine.analyse(same, { onTrack: (track) => tracks.push(track) });
    expect(sameBits(result.track, plain)).to.equal(true);
    expect(result.continuedAt).to.equal(first / 16);
    expect(hearing.heard.length - before).to.be.within(16 - first, 16 - first + 1);
    expect(tracks).to.deep.equal([result.track]);
    const fresh = await engine.analyse(same);
    expect(fresh.continuedAt, 'one that has ended begins anew').to.equal(undefined);
  });

  it('is kept whole when it went on in the same page', async () => {
    const name = freshName();
    const { engine } = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const same = source('page');
    await interrupted(engine, same, 6);
    expect(await engine.analyse(same)).to.include({ fromCache: false, kept: true });
    const again = await visit({ cache: new IndexedDbEmbeddingCache({ name }) }).engine.analyse(source('page'));
    expect(again.fromCache).to.equal(true);
    expect(sameBits(again.track, plain)).to.equal(true);
  });

  it('goes on after its workers have crashed beyond recovery', async () => {
    const name = freshName();
    const first = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const error = await first.engine
      .analyse(source('crash'), { onWindows: () => (first.hearing.crashes = first.hearing.heard.length >= 4) })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    expect((error as EarmarkError).code).to.equal('worker-crashed');
    const { length } = first.hearing.heard;
    await untilKept(name, length);
    const second = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const { track } = await second.engine.analyse(source('crash'));
    expect(sameBits(track, plain)).to.equal(true);
    expect(second.hearing.heard.length).to.equal(16 - length);
  });

  it('is kept for each channel by itself', async () => {
    const name = freshName();
    const cache = new IndexedDbEmbeddingCache({ name });
    const stereo = () => new MemorySource([recording, recording], RATE, undefined, 'stereo');
    const { engine } = visit({ cache });
    const same = stereo();
    await interrupted(engine, same, 8, { channel: 0 });
    expect((await engine.analyse(same, { channel: 1 })).continuedAt).to.equal(undefined);
    expect((await engine.analyse(stereo())).continuedAt).to.equal(undefined);
    const again = visit({ cache });
    expect((await again.engine.analyse(stereo(), { channel: 1 })).fromCache).to.equal(true);
    expect((await again.engine.analyse(stereo())).fromCache).to.equal(true);
    const { fromCache, continuedAt } = await again.engine.analyse(stereo(), { channel: 0 });
    expect(fromCache).to.equal(false);
    expect(continuedAt).to.be.within(0.5, 0.6);
  });

  it('is not taken for another recording of the same shape', async () => {
    const name = freshName();
    const cache = new IndexedDbEmbeddingCache({ name });
    await untilKept(name, await interrupted(visit({ cache }).engine, source('this'), 8));
    const other = visit({ cache });
    const result = await other.engine.analyse(source('that'));
    expect(other.hearing.heard.length).to.equal(16);
    expect(result.continuedAt).to.equal(undefined);
  });

  it('hears what is broken of it again, and nothing else', async () => {
    const name = freshName();
    const cache = new IndexedDbEmbeddingCache({ name });
    await visit({ cache }).engine.analyse(source('broken'));
    const database = await openDB(name);
    const [key] = await database.getAllKeys('batches');
    const batch = (await database.get('batches', key)) as HeardBatch;
    await database.put('batches', { ...batch, frames: batch.frames.slice(1) }, key);
    database.close();
    const again = visit({ cache });
    const result = await again.engine.analyse(source('broken'));
    expect(sameBits(result.track, plain)).to.equal(true);
    expect(new Set(again.hearing.heard)).to.deep.equal(new Set(batch.indices));
    expect(again.hearing.heard.length).to.equal(batch.indices.length);
    expect((await visit({ cache }).engine.analyse(source('broken'))).fromCache).to.equal(true);
  });

  it('ends well on a full disk, and what there was room for is not heard again', async () => {
    const name = freshName();
    const cache = new IndexedDbEmbeddingCache({ name });
    const add = cache.add.bind(cache);
    const full = new EarmarkError('storage-full', 'There is no room.');
    const slow = source('full');
    const gate = new Gate();
    gate.before(slow, 40 * RATE);
    cache.add = async (key, shape, batch) => {
      await add(key, shape, batch);
      cache.add = () => Promise.reject(full);
      gate.open();
    };
    const result = await visit({ cache }).engine.analyse(slow);
    expect(result).to.include({ kept: false, cacheError: full });
    expect(sameBits(result.track, plain)).to.equal(true);
    const second = visit({ cache: new IndexedDbEmbeddingCache({ name }) });
    const again = await second.engine.analyse(source('full'));
    expect(again.continuedAt).to.be.greaterThan(0);
    expect(again.kept).to.equal(true);
    expect(sameBits(again.track, plain)).to.equal(true);
  });
});
