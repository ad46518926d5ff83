import { aTimeout, expect } from '@open-wc/testing';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import { IndexedDbEmbeddingCache } from '../../src/engine/embedding-cache.js';
import type { AnalyseOptions, AnalysisProgress, EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import type { FromWorker, ToWorker } from '../../src/engine/protocol.js';
import { MemorySource, syntheticRecording } from './memory-source.js';

const ASSETS = new URL('/dist/', location.href);
const RATE = 16_000;

const engines: EmbeddingEngine[] = [];

function engineWith(options: Partial<EngineOptions> = {}): EmbeddingEngine {
  const engine = createEmbeddingEngine({ assetBase: ASSETS, model: 'pocket', backend: 'wasm', ...options });
  engines.push(engine);
  return engine;
}

/** Real workers under watch: what they say, and a way to kill them. */
class WatchedWorkers {
  readonly workers: Worker[] = [];
  /** Workers that have not been ended. */
  readonly alive = new Set<Worker>();
  readonly windows: number[] = [];
  readonly closings: string[] = [];
  /** Called with each window that a worker has finished. */
  onWindow: (worker: Worker) => void = () => {};

  readonly createWorker = (url: URL): Worker => {
    const worker = new Worker(url, { type: 'module' });
    this.workers.push(worker);
    this.alive.add(worker);
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      this.alive.delete(worker);
      terminate();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === 'window') {
        this.windows.push(data.index);
        this.onWindow(worker);
      } else this.closings.push(data.type);
    });
    return worker;
  };

  static kill(worker: Worker): void {
    worker.terminate();
    worker.dispatchEvent(new ErrorEvent('error', { message: 'killed by the test' }));
  }
}

async function failure(promise: Promise<unknown>): Promise<{ code?: string; name: string; message: string }> {
  const error: unknown = await promise.then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  return error as Error & { code?: string };
}

/** Runs with a network that changes what the page fetches. */
async function withFetch<T>(
  change: (url: URL, response: Response) => Promise<Response>,
  work: () => Promise<T>,
): Promise<T> {
  const original = window.fetch.bind(window);
  window.fetch = async (input, init) => change(input as URL, await original(input, init));
  try {
    return await work();
  } finally {
    window.fetch = original;
  }
}

function sameBits(a: EmbeddingTrack, b: EmbeddingTrack): boolean {
  const same = (x: Float32Array, y: Float32Array) =>
    x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
  return same(a.frames, b.frames) && same(a.clips, b.clips) && same(a.levels, b.levels);
}

function normOf(track: EmbeddingTrack, frame: number): number {
  return Math.hypot(...track.frames.subarray(frame * track.dimension, (frame + 1) * track.dimension));
}

async function analyse(engine: EmbeddingEngine, source: PcmSource, options?: AnalyseOptions): Promise<EmbeddingTrack> {
  return (await engine.analyse(source, options)).track;
}

describe('the engine', () => {
  // 16 windows: enough for two workers.
  const recording = syntheticRecording(80, RATE);
  const source = () => new MemorySource([recording], RATE);
  let plain: EmbeddingTrack;

  before(async () => {
    plain = await analyse(engineWith({ workers: 1 }), source());
  });
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.destroy();
  });

  it('gives the same bits with one worker and with three, from the start and from the middle', async () => {
    expect(plain.plan.windows.length).to.equal(16);
    expect(plain.analysed.every((value) => value === 1)).to.equal(true);
    for (let frame = 0; frame < plain.grid.frameCount; frame += 1) expect(normOf(plain, frame)).to.be.closeTo(1, 1e-5);
    const three = await analyse(engineWith({ workers: 3 }), source());
    expect(sameBits(three, plain)).to.equal(true);
    const order: number[] = [];
    const fromMiddle = await analyse(engineWith({ workers: 2 }), source(), {
      visibleRange: () => ({ start: 50, end: 60 }),
      onWindows: (indices) => order.push(...indices),
    });
    // The frames at 50 s are kept from the tenth window.
    expect(order[0]).to.be.within(9, 10);
    expect(sameBits(fromMiddle, plain)).to.equal(true);
  });

  it('gives a stereo recording the mean of its channels', async () => {
    const left = syntheticRecording(4, RATE, 2);
    const right = syntheticRecording(4, RATE, 3);
    const mean = left.map((value, i) => (value + right[i]) / 2);
    const engine = engineWith();
    const stereo = await analyse(engine, new MemorySource([left, right], RATE));
    expect(sameBits(stereo, await analyse(engine, new MemorySource([mean], RATE)))).to.equal(true);
  });

  it('hears one channel by itself, as if there were no other', async () => {
    const [left, right] = [2, 3].map((seed) => syntheticRecording(4, RATE, seed));
    const engine = engineWith();
    const stereo = new MemorySource([left, right], RATE);
    const { track } = await engine.analyse(stereo, { channel: 1 });
    expect(sameBits(track, await analyse(engine, new MemorySource([right], RATE)))).to.equal(true);
    for (const channel of [2, -1, 0.5])
      expect((await failure(engine.analyse(stereo, { channel }))).code).to.equal('bad-option');
  });

  it('streams its results into one track and tells how far it is', async () => {
    const tracks = new Set<EmbeddingTrack>();
    const seen: number[] = [];
    const progress: AnalysisProgress[] = [];
    let early = 0;
    const track = await analyse(engineWith(), source(), {
      onTrack: (current) => tracks.add(current),
      onWindows: (indices) => {
        const [current] = tracks;
        for (const index of indices) {
          expect(current.analysed[index]).to.equal(1);
          expect(normOf(current, current.plan.windows[index].keepStart)).to.be.closeTo(1, 1e-5);
        }
        early ||= current.analysed.reduce((sum, value) => sum + value, 0);
        seen.push(...indices);
      },
      onProgress: (step) => progress.push(step),
    });
    expect([...tracks]).to.deep.equal([track]);
    expect(early, 'the first window does not wait for others').to.equal(1);
    expect(seen.sort((a, b) => a - b)).to.deep.equal(track.plan.windows.map(({ index }) => index));
    const fractions = progress.map(({ fraction }) => fraction);
    expect(fractions).to.deep.equal([...fractions].sort((a, b) => a - b));
    const analysing = progress.filter(({ stage }) => stage === 'analysing');
    expect(analysing[0].etaSeconds).to.equal(null);
    expect(analysing[5].etaSeconds).to.be.greaterThan(0);
    expect(analysing[analysing.length - 1]).to.deep.equal({ stage: 'analysing', fraction: 1, etaSeconds: 0 });
  });

  it('reads a stream from front to back, and goes back no further than a decoder remembers', async () => {
    const streamed = source();
    await analyse(engineWith(), streamed);
    let position = 0;
    for (const { start, count } of streamed.reads) {
      expect(start).to.be.within(position - 12 * streamed.sampleRate, position);
      position = start + count;
    }
  });

  it('asks a recording of many channels for little at a time, so that the page is not held up', async () => {
    const channels = new Array<Float32Array>(4).fill(syntheticRecording(80, 48_000));
    const surround = new MemorySource(channels, 48_000);
    await analyse(engineWith(), surround);
    const largest = Math.max(...surround.reads.map(({ count }) => count * channels.length * 4));
    expect(largest).to.be.within(6e6, 12e6);
  });

  for (const seconds of [0.0001, 0.1, 1.9, 2.1]) {
    it(`hears a clip of ${seconds} s`, async () => {
      const clip = syntheticRecording(seconds, 48_000);
      const { grid, ...track } = await analyse(engineWith(), new MemorySource([clip], 48_000));
      expect(grid.frameCount).to.equal(Math.ceil((1 + Math.floor((clip.length * 2) / 3 / 320)) / 16));
      expect(track.frames.length).to.equal(grid.frameCount * 256);
      expect(normOf({ grid, ...track }, grid.frameCount - 1)).to.be.closeTo(1, 1e-5);
      expect(Math.hypot(...track.clips)).to.be.closeTo(1, 1e-5);
    });
  }

  for (const [rate, channelCount] of [
    [1000, 1],
    [8000, 1],
    [44_100, 2],
    [96_000, 6],
  ]) {
    it(`hears a recording of ${channelCount} channels at ${rate} Hz, wherever it is cut into spans`, async () => {
      const seconds = 26;
      const channels = Array.from({ length: channelCount }, (_, i) => syntheticRecording(seconds, rate, i + 1));
      const engine = engineWith();
      const track = await analyse(engine, new MemorySource(channels, rate));
      expect(track.grid.frameCount).to.equal(Math.ceil((1 + seconds * 100) / 16));
      const fromEnd = await analyse(engine, new MemorySource(channels, rate), {
        visibleRange: () => ({ start: seconds - 1, end: seconds }),
      });
      expect(sameBits(track, fromEnd)).to.equal(true);
    });
  }

  it('gives silence a level of −Infinity and embeddings like any other', async () => {
    const track = await analyse(engineWith(), new MemorySource([new Float32Array(3 * RATE)], RATE));
    expect(track.levels.every((level) => level === -Infinity)).to.equal(true);
    expect(normOf(track, 5)).to.be.closeTo(1, 1e-5);
  });

  it('measures levels in parts of a frame', async () => {
    const click = new Float32Array(2 * 32_000);
    // 40 ms of full scale: the third and fourth part of the second frame.
    click.fill(1, 5120 + 2 * 640, 5120 + 4 * 640);
    const { levels, grid } = await analyse(engineWith(), new MemorySource([click], 32_000));
    expect(levels.length).to.equal(grid.frameCount * 8);
    const loud = Array.from(levels).flatMap((level, i) => (level > -1 ? [i] : []));
    expect(loud).to.deep.equal([10, 11]);
  });

  describe('at the end of a stream', () => {
    const long = recording.subarray(0, 30 * RATE);
    let truth: EmbeddingTrack;
    before(async () => {
      truth = await analyse(engineWith(), new MemorySource([long], RATE));
    });

    for (const [name, stated] of Object.entries({
      'a little too long': 30 * RATE + 1200,
      'much too long': 75 * RATE,
      'a little too short': 30 * RATE - 1200,
      'much too short': 9 * RATE,
      'not known at all': 0,
    })) {
      it(`finds it where the stated length is ${name}`, async () => {
        const tracks: EmbeddingTrack[] = [];
        const streamed = new MemorySource([long], RATE, stated);
        const track = await analyse(engineWith(), streamed, { onTrack: (current) => tracks.push(current) });
        expect(track.grid.frameCount).to.equal(truth.grid.frameCount);
        expect(sameBits(track, truth)).to.equal(true);
        expect(tracks[tracks.length - 1]).to.equal(track);
      });
    }

    it('finds it from behind when the visible range lies past it', async () => {
      const streamed = new MemorySource([long], RATE, 75 * RATE);
      const track = await analyse(engineWith(), streamed, { visibleRange: () => ({ start: 60, end: 70 }) });
      expect(sameBits(track, truth)).to.equal(true);
    });

    it('refuses a recording without any audio', async () => {
      for (const stated of [0, RATE]) {
        const empty = new MemorySource([new Float32Array(0)], RATE, stated);
        expect((await failure(engineWith().analyse(empty))).code).to.equal('empty-audio');
      }
    });
  });

  it('cancels within 200 ms, and its workers stop after their current window', async () => {
    const watched = new WatchedWorkers();
    const engine = engineWith({ createWorker: watched.createWorker });
    const controller = new AbortController();
    const reported: number[] = [];
    let abortedAt = 0;
    const error = await failure(
      engine.analyse(source(), {
        signal: controller.signal,
        onWindows: (indices) => {
          reported.push(...indices);
          if (reported.length === 5) {
            abortedAt = performance.now();
            controller.abort();
          }
        },
      }),
    );
    expect(performance.now() - abortedAt).to.be.below(200);
    expect(error.name).to.equal('AbortError');
    const heard = watched.windows.length;
    await aTimeout(1500);
    expect(watched.windows.length - heard).to.be.at.most(watched.workers.length);
    expect(watched.closings.filter((type) => type === 'cancelled').length).to.be.at.least(1);
    expect(reported.length, 'late results are dropped').to.equal(5);
    expect(sameBits(await analyse(engine, source()), plain), 'and it can be used again').to.equal(true);
  });

  it('cancels before it has begun', async () => {
    const aborted = AbortSignal.abort();
    expect((await failure(engineWith().analyse(source(), { signal: aborted }))).name).to.equal('AbortError');
    expect((await failure(engineWith().embedText('dog bark', aborted))).name).to.equal('AbortError');
    expect((await failure(engineWith().load(aborted))).name).to.equal('AbortError');
  });

  it('survives the death of a worker, and loses no finished window', async () => {
    const watched = new WatchedWorkers();
    watched.onWindow = (worker) => {
      if (watched.windows.length === 4) WatchedWorkers.kill(worker);
    };
    const track = await analyse(engineWith({ createWorker: watched.createWorker }), source());
    expect(sameBits(track, plain)).to.equal(true);
    // The window that was reported as the worker died is the only one that may be computed twice.
    expect(watched.windows.length).to.be.within(16, 17);
  });

  it('gives up when workers keep dying, and says so', async () => {
    const dying = (url: URL) => {
      const worker = new Worker(url, { type: 'module' });
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message: ToWorker, options?: Transferable[] | StructuredSerializeOptions) => {
        if (message.type === 'analyse-span') WatchedWorkers.kill(worker);
        else post(message, options as Transferable[]);
      };
      return worker;
    };
    const engine = engineWith({ createWorker: dying });
    const error = await failure(engine.analyse(source()));
    expect(error.code).to.equal('worker-crashed');
    expect(error.message).to.contain('killed by the test');
  });

  it('says which worker script is missing', async () => {
    const engine = engineWith({
      assetBase: new URL('/nowhere/', location.href),
      model: new URL('/models/pocket/', location.href),
    });
    for (const error of await Promise.all([engine.analyse(source()), engine.embedText('dog bark')].map(failure))) {
      expect(error.code).to.equal('worker-missing');
      expect(error.message).to.contain('/nowhere/analysis.worker.js');
    }
  });

  it('says which file of the runtime is missing', async () => {
    const wasmUrl = new URL('/nowhere/ort-wasm-simd-threaded.wasm', location.href).href;
    const createWorker = (url: URL) => {
      const worker = new Worker(url, { type: 'module' });
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message: ToWorker, transfer?: Transferable[] | StructuredSerializeOptions) =>
        post('wasmUrl' in message ? { ...message, wasmUrl } : message, transfer as Transferable[]);
      return worker;
    };
    const error = await failure(engineWith({ createWorker }).analyse(source()));
    expect(error.code).to.equal('worker-missing');
    expect(error.message).to.contain(wasmUrl);
  });

  it('does not remember that the model could not be loaded', async () => {
    const engine = engineWith();
    const refused = async () => new Response('', { status: 503 });
    expect((await withFetch(refused, () => failure(engine.load()))).code).to.equal('model-missing');
    expect((await engine.load()).id).to.equal('pocket');
  });

  it('refuses a model whose graph was tampered with', async () => {
    const tampering = async (url: URL, response: Response) => {
      if (!url.pathname.endsWith('audio_model.onnx')) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      return new Response(bytes);
    };
    const error = await withFetch(tampering, () => failure(engineWith().analyse(source())));
    expect(error.code).to.equal('model-corrupt');
  });

  it('reports a failing source as it is', async () => {
    const broken = new MemorySource([recording], RATE);
    broken.read = () => Promise.reject(new Error('the disk was pulled'));
    expect((await failure(engineWith().analyse(broken))).message).to.equal('the disk was pulled');
  });

  it('ends everything when it is destroyed', async () => {
    const watched = new WatchedWorkers();
    const engine = engineWith({ createWorker: watched.createWorker });
    watched.onWindow = () => engine.destroy();
    expect((await failure(engine.analyse(source()))).name).to.equal('AbortError');
    const heard = watched.windows.length;
    await aTimeout(300);
    expect(watched.windows.length).to.equal(heard);
    expect(watched.alive.size).to.equal(0);
    expect((await failure(engine.analyse(source()))).code).to.equal('destroyed');
    expect((await failure(engine.embedText('dog bark'))).code).to.equal('destroyed');
  });

  it('ends what it is still starting when it is destroyed', async () => {
    const watched = new WatchedWorkers();
    const engine = engineWith({ createWorker: watched.createWorker });
    const analysis = failure(engine.analyse(source()));
    await engine.load();
    engine.destroy();
    expect((await analysis).name).to.equal('AbortError');
    await aTimeout(500);
    expect(watched.alive.size).to.equal(0);
  });

  it('refuses a number of workers that is none', () => {
    for (const workers of [0, -1, 1.5, NaN]) expect(() => engineWith({ workers })).to.throw('workers');
  });

  describe('with a prompt', () => {
    it('encodes each text once', async () => {
      const engine = engineWith();
      const [first, second] = await Promise.all([engine.embedText('dog bark'), engine.embedText(' dog bark ')]);
      expect(second).to.equal(first);
      expect(await engine.embedText('cat')).to.not.equal(first);
    });

    it('refuses nothing to search for, and a text that is too long', async () => {
      const engine = engineWith();
      for (const text of ['', '  \n', '\u0000\u200b']) {
        expect((await failure(engine.embedText(text))).code, JSON.stringify(text)).to.equal('empty-prompt');
      }
      expect((await failure(engine.embedText('bark '.repeat(1000)))).code).to.equal('prompt-too-long');
    });

    it('takes emoji and other languages, and says that no sound was understood', async () => {
      const engine = engineWith();
      for (const text of ['🐕', 'собака лает', '犬の鳴き声']) {
        const { vector, understood } = await engine.embedText(text);
        expect(Math.hypot(...vector)).to.be.closeTo(1, 1e-5);
        expect(understood.length).to.be.greaterThan(0);
      }
    });

    it('does not wait for audio', async () => {
      const engine = engineWith();
      await engine.embedText('warm up');
      let done = false;
      const analysis = engine.analyse(source()).then(() => {
        done = true;
      });
      await engine.embedText('dog bark');
      expect(done).to.equal(false);
      await analysis;
    });
  });

  describe('with a cache', () => {
    const cache = new IndexedDbEmbeddingCache({ name: `engine-test-${Date.now()}` });

    it('analyses nothing on the second visit', async () => {
      await analyse(engineWith({ cache }), source());
      const watched = new WatchedWorkers();
      const again = source();
      const seen: number[] = [];
      const result = await engineWith({ cache, createWorker: watched.createWorker }).analyse(again, {
        onWindows: (indices) => seen.push(...indices),
      });
      expect(result.fromCache).to.equal(true);
      expect(result.cacheError).to.equal(undefined);
      expect(sameBits(result.track, plain)).to.equal(true);
      expect(result.track.plan).to.deep.equal(plain.plan);
      expect(result.track.analysed).to.deep.equal(plain.analysed);
      expect(seen.length).to.equal(16);
      expect(again.digests).to.equal(1);
      expect(again.reads).to.deep.equal([]);
      expect(watched.workers.length, 'only the worker for prompts').to.be.at.most(1);
    });

    it('keeps recordings apart', async () => {
      const other = new MemorySource([syntheticRecording(3, RATE, 7)], RATE, 3 * RATE, 'another recording');
      expect((await engineWith({ cache }).analyse(other)).fromCache).to.equal(false);
    });

    it('neither asks nor keeps what is heard only once', async () => {
      const once = () => new MemorySource([syntheticRecording(3, RATE, 8)], RATE, 3 * RATE, 'heard once');
      const first = once();
      const result = await engineWith({ cache }).analyse(first, { keep: false });
      expect(result).to.include({ fromCache: false, kept: false });
      expect(first.digests).to.equal(0);
      expect((await engineWith({ cache }).analyse(once())).fromCache).to.equal(false);
    });

    it('analyses all the same where storage is denied or full', async () => {
      const short = () => new MemorySource([syntheticRecording(3, RATE)], RATE);
      const reject = (error: Error) => () => Promise.reject(error);
      const usage = async () => ({ bytes: 0, recordings: 0 });
      const error = new Error('denied');
      const texts = { getText: reject(error), putText: reject(error) };
      const denied = {
        ...texts,
        hasAny: reject(error),
        read: reject(error),
        add: reject(error),
        usage,
        clear: async () => {},
      };
      const full = { ...denied, hasAny: async () => false, read: async () => {} };
      for (const broken of [denied, full]) {
        const result = await engineWith({ cache: broken }).analyse(short());
        expect(result).to.include({ cacheError: error, kept: false });
        expect(result.track.analysed[0]).to.equal(1);
      }
    });
  });
});
