import { expect } from '@open-wc/testing';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { FromWorker, ToWorker } from '../../src/engine/protocol.js';
import { waitUntil } from '../helpers/wait-until.js';
import { MemorySource, syntheticRecording } from './memory-source.js';

const ASSETS = new URL('/dist/', location.href);
const RATE = 16_000;

function engineWith(options: Partial<EngineOptions>): EmbeddingEngine {
  return createEmbeddingEngine({ assetBase: ASSETS, model: 'pocket', ...options });
}

/** Scripts that workers were started with, by a real browser. */
function noting(scripts: string[]) {
  return (url: URL): Worker => {
    scripts.push(url.pathname);
    return new Worker(url, { type: 'module' });
  };
}

/** What the page posts to the GPU's workers. */
type Posted = ToWorker['type'][];

/**
 * Workers of which the GPU's compute on the CPU, so that only their failing is tested, at full speed: the GPU is lost when
 * it has finished `windows` windows, `times` times.
 */
function losingTheGpuAfter(windows: number, times = Infinity, posted: Posted = []) {
  let losses = 0;
  return (url: URL): Worker => {
    if (!url.href.includes('webgpu')) return new Worker(url, { type: 'module' });
    losses += 1;
    const isLost = losses <= times;
    const worker = new Worker(new URL('analysis.worker.js', ASSETS), { type: 'module' });
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message: ToWorker, transfer?: Transferable[] | StructuredSerializeOptions) => {
      posted.push(message.type);
      const wasmUrl = new URL('ort-wasm-simd-threaded.wasm', ASSETS).href;
      post('wasmUrl' in message ? { ...message, wasmUrl } : message, transfer as Transferable[]);
    };
    let left = windows;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
      if (event.data.type !== 'window' || !isLost) return;
      left -= 1;
      if (left >= 0) return;
      event.stopImmediatePropagation();
      const failed = { type: 'failed', code: 'worker-crashed', message: 'the GPU was lost', fatal: true } as const;
      const lost = { job: event.data.job, ...failed } satisfies FromWorker;
      worker.dispatchEvent(new MessageEvent('message', { data: lost }));
    });
    return worker;
  };
}

async function withoutAdapter<T>(work: () => Promise<T>): Promise<T> {
  return withAdapter(null, work);
}

/** As in a browser that offers this. */
async function withAdapter<T>(adapter: object | null, work: () => Promise<T>): Promise<T> {
  const original = Object.getOwnPropertyDescriptor(GPU.prototype, 'requestAdapter')!;
  Object.defineProperty(GPU.prototype, 'requestAdapter', { ...original, value: async () => adapter });
  try {
    return await work();
  } finally {
    Object.defineProperty(GPU.prototype, 'requestAdapter', original);
  }
}

describe('the engine on WebGPU', () => {
  const recording = syntheticRecording(3, RATE);
  const source = () => new MemorySource([recording], RATE);
  let engine: EmbeddingEngine;
  afterEach(() => engine.destroy());

  it('gives the embeddings of WASM when it is asked for', async function () {
    this.timeout(240_000);
    engine = engineWith({ backend: 'wasm' });
    const onCpu = (await engine.analyse(source())).track;
    engine.destroy();
    engine = engineWith({ backend: 'webgpu' });
    const onGpu = (await engine.analyse(source())).track;
    expect(engine.choice).to.include({ backend: 'webgpu', fellBack: false, workers: 1 });
    for (const field of ['frames', 'clips'] as const) {
      for (let row = 0; row < onCpu[field].length; row += 256) {
        const cosine = onCpu[field]
          .subarray(row, row + 256)
          .reduce((sum, value, i) => sum + value * onGpu[field][row + i], 0);
        expect(cosine).to.be.at.least(0.9999);
      }
    }
  });

  it('counts a GPU that the CPU imitates as none, and does not load its runtime', async () => {
    const scripts: string[] = [];
    engine = engineWith({ backend: 'auto', createWorker: noting(scripts) });
    await engine.analyse(source());
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: false });
    expect(engine.choice?.reason).to.contain('WebGPU would run on the CPU here');
    expect(scripts.some((script) => script.includes('webgpu'))).to.equal(false);
  });

  it('uses WASM where there is no adapter, and says so', async () => {
    engine = engineWith({ backend: 'auto' });
    await withoutAdapter(() => engine.load());
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: false });
    expect(engine.choice?.reason).to.contain('no WebGPU');
    engine.destroy();
    engine = engineWith({ backend: 'webgpu' });
    await withoutAdapter(() => engine.load());
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: true });
  });

  it('says that WASM is used when WebGPU was asked for but its worker does not start', async () => {
    const createWorker = (url: URL) =>
      new Worker(url.href.includes('webgpu') ? new URL('/nowhere/worker.js', location.href) : url, { type: 'module' });
    engine = engineWith({ backend: 'webgpu', createWorker });
    await engine.load();
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: true });
    expect(engine.choice?.reason).to.contain('WebGPU could not be used');
  });

  it('goes on with the GPU, opened anew, when it is lost, and keeps every finished window', async () => {
    const heard: number[] = [];
    const posted: Posted = [];
    const long = () => new MemorySource([syntheticRecording(40, RATE)], RATE);
    engine = engineWith({ backend: 'webgpu', createWorker: losingTheGpuAfter(0, 0) });
    const undisturbed = (await engine.analyse(long())).track;
    engine.destroy();
    engine = engineWith({ backend: 'webgpu', createWorker: losingTheGpuAfter(2, 1, posted) });
    const { track } = await engine.analyse(long(), { onWindows: (indices) => heard.push(...indices) });
    expect(engine.choice).to.include({ backend: 'webgpu', fellBack: false, regained: true });
    expect(engine.choice?.reason).to.contain('the GPU was lost').and.to.contain('was kept');
    expect(posted.filter((type) => type === 'load-audio-model')).to.have.length(2);
    expect(heard.sort((a, b) => a - b)).to.deep.equal(track.plan.windows.map(({ index }) => index));
    expect(track.frames).to.deep.equal(undisturbed.frames);
  });

  describe('that was chosen on an earlier visit', () => {
    const remembered = { backend: 'webgpu', reason: 'It was faster.', fellBack: false, browser: navigator.userAgent };
    const preferences = { getItem: () => JSON.stringify(remembered), setItem: () => {}, removeItem: () => {} };
    const adapter = { info: { vendor: 'acme', architecture: '', description: '' }, features: new Set() };
    const posted: Posted = [];

    async function load(): Promise<void> {
      posted.length = 0;
      engine = engineWith({ backend: 'auto', preferences, createWorker: losingTheGpuAfter(0, 0, posted) });
      await withAdapter(adapter, () => engine.load());
      expect(engine.choice).to.include({ backend: 'webgpu' });
    }

    it('is warmed up when nobody wants anything of it, once', async () => {
      await load();
      expect(posted).to.deep.equal([]);
      await waitUntil('the warming up', () => posted.includes('self-test'), 20_000);
      await engine.load();
      await engine.analyse(source());
      // Where it was not over yet it was told to stop.
      const asked = posted.filter((type) => type !== 'cancel');
      expect(asked).to.deep.equal(['load-audio-model', 'self-test', 'analyse-span']);
    });

    it('is not warmed up in the way of an analysis', async () => {
      await load();
      await engine.analyse(source());
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(posted).to.deep.equal(['load-audio-model', 'analyse-span']);
    });

    it('stops warming up for an analysis', async () => {
      await load();
      await waitUntil('the start of its worker', () => posted.includes('load-audio-model'), 20_000);
      await engine.analyse(source());
      expect(posted.filter((type) => type === 'analyse-span')).to.have.length(1);
      const warmUp = posted.indexOf('self-test');
      expect(warmUp === -1 || posted.includes('cancel'), posted.join()).to.equal(true);
    });
  });

  it('goes on with WASM when the GPU is lost again and again, and keeps every finished window', async () => {
    const heard: number[] = [];
    engine = engineWith({ backend: 'webgpu', createWorker: losingTheGpuAfter(2) });
    const long = new MemorySource([syntheticRecording(40, RATE)], RATE);
    const { track } = await engine.analyse(long, { onWindows: (indices) => heard.push(...indices) });
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: true });
    expect(engine.choice?.reason).to.contain('the GPU was lost');
    expect(heard.sort((a, b) => a - b)).to.deep.equal(track.plan.windows.map(({ index }) => index));
  });
});
