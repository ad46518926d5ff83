import { expect } from '@open-wc/testing';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { FromWorker, ToWorker } from '../../src/engine/protocol.js';
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

/**
 * Workers of which the GPU's compute on the CPU, so that only their failing is tested, at full speed: the GPU is lost when
 * it has finished `windows` windows.
 */
function losingTheGpuAfter(windows: number) {
  return (url: URL): Worker => {
    if (!url.href.includes('webgpu')) return new Worker(url, { type: 'module' });
    const worker = new Worker(new URL('analysis.worker.js', ASSETS), { type: 'module' });
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message: ToWorker, transfer?: Transferable[] | StructuredSerializeOptions) => {
      const wasmUrl = new URL('ort-wasm-simd-threaded.wasm', ASSETS).href;
      post('wasmUrl' in message ? { ...message, wasmUrl } : message, transfer as Transferable[]);
    };
    let left = windows;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
      if (event.data.type !== 'window') return;
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
  const original = Object.getOwnPropertyDescriptor(GPU.prototype, 'requestAdapter')!;
  Object.defineProperty(GPU.prototype, 'requestAdapter', { ...original, value: async () => null });
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

  it('goes on with WASM when the GPU is lost, and keeps every finished window', async () => {
    const heard: number[] = [];
    engine = engineWith({ backend: 'webgpu', createWorker: losingTheGpuAfter(2) });
    const long = new MemorySource([syntheticRecording(40, RATE)], RATE);
    const { track } = await engine.analyse(long, { onWindows: (indices) => heard.push(...indices) });
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: true });
    expect(engine.choice?.reason).to.contain('the GPU was lost');
    expect(heard.sort((a, b) => a - b)).to.deep.equal(track.plan.windows.map(({ index }) => index));
  });
});
