import { expect } from '@open-wc/testing';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { EarmarkError } from '../../src/engine/errors.js';
import type { FromWorker, ToWorker } from '../../src/engine/protocol.js';
import { sha256Hex } from '../../src/engine/sha256.js';
import { clapFolder, goldenRecording } from './clap-folder.js';
import { MemorySource, syntheticRecording } from './memory-source.js';

const ASSETS = new URL('/dist/', location.href);
const RATE = 16_000;
/** Less than any graph, more than what else is told a worker. */
const SMALL = 40_000;

/** What was posted to workers, in which the GPU's compute on the CPU. */
function noting(posted: ToWorker[]) {
  return (url: URL): Worker => {
    const worker = new Worker(new URL(url.pathname.replace('-webgpu', ''), url), { type: 'module' });
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message: ToWorker, transfer?: Transferable[] | StructuredSerializeOptions) => {
      posted.push(message);
      const wasmUrl = new URL('ort-wasm-simd-threaded.wasm', ASSETS).href;
      post('wasmUrl' in message ? { ...message, wasmUrl } : message, transfer as Transferable[]);
    };
    return worker;
  };
}

/** Everything in a message that is copied byte by byte. */
function buffersIn(value: unknown): ArrayBuffer[] {
  if (value instanceof ArrayBuffer) return [value];
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(buffersIn);
}

function blobsIn(value: unknown): Blob[] {
  if (value instanceof Blob) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(blobsIn) : [];
}

async function withFetch<T>(
  answer: (url: URL, init: RequestInit | undefined) => Response | null,
  work: () => Promise<T>,
): Promise<T> {
  const original = window.fetch.bind(window);
  window.fetch = async (input, init) => answer(input as URL, init) ?? original(input, init);
  try {
    return await work();
  } finally {
    window.fetch = original;
  }
}

describe('a graph on its way to a worker', () => {
  const source = () => new MemorySource([syntheticRecording(3, RATE)], RATE);
  const engines: EmbeddingEngine[] = [];
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.destroy();
  });

  function engineWith(options: Partial<EngineOptions>): EmbeddingEngine {
    const engine = createEmbeddingEngine({ assetBase: ASSETS, model: 'pocket', backend: 'wasm', ...options });
    engines.push(engine);
    return engine;
  }

  function expectNoBytes(posted: readonly ToWorker[]): void {
    for (const message of posted) {
      if (message.type === 'analyse-span') continue;
      for (const { byteLength } of buffersIn(message)) expect(byteLength, message.type).to.be.below(SMALL);
    }
  }

  it('is a Blob, and what it has to be', async () => {
    const posted: ToWorker[] = [];
    const engine = engineWith({ createWorker: noting(posted) });
    await engine.embedText('dog bark');
    await engine.analyse(source());
    const graphs = posted.flatMap((message) => ('graph' in message ? [message.graph] : []));
    expect(graphs.map((graph) => 'content' in graph && graph.content.size)).to.have.members([1_883_893, 6_629_275]);
    for (const graph of graphs) {
      if (!('content' in graph)) throw new Error('it is served');
      expect(graph.bytes).to.equal(graph.content.size);
      expect(graph.sha256).to.equal(await sha256Hex(await graph.content.arrayBuffer()));
    }
    expectNoBytes(posted);
  });

  it('is one for fine mode and for the comparison of backends too', async () => {
    const posted: ToWorker[] = [];
    const createWorker = noting(posted);
    const coarse = engineWith({ createWorker, backend: 'webgpu', model: async () => clapModel(await clapFolder()) });
    await coarse.load();
    expect(coarse.choice, coarse.choice?.reason).to.include({ backend: 'webgpu' });
    const fine = engineWith({ createWorker, fine: true, model: async () => clapModel(await clapFolder()) });
    await fine.analyse(new MemorySource([goldenRecording(2)], 48_000));
    expect(fine.descriptor?.kind).to.equal('frames');
    expectNoBytes(posted);
    const withBlobs = new Set(posted.filter((message) => blobsIn(message).length > 0).map(({ type }) => type));
    expect([...withBlobs]).to.include.members(['inspect-graph', 'load-audio-model', 'self-test']);
  });

  it('is refused by the worker if it is another one', async () => {
    const content = await (await fetch('/models/pocket/onnx/audio_model.onnx')).blob();
    const file = { path: 'onnx/audio_model.onnx', content, bytes: content.size };
    const sha256 = await sha256Hex(await content.arrayBuffer());
    const worker = new Worker(new URL('analysis.worker.js', ASSETS), { type: 'module' });
    const ask = (job: number, graph: typeof file & { sha256: string }) => {
      worker.postMessage({ job, type: 'inspect-graph', graph } satisfies ToWorker);
      return new Promise<FromWorker>((resolve) => {
        worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
          if (data.job === job) resolve(data);
        });
      });
    };
    try {
      expect(await ask(1, { ...file, sha256 })).to.include({ type: 'inspected', givesFrames: false });
      const wrong = [
        { ...file, sha256: sha256.replace(/./, (digit) => (digit === '0' ? '1' : '0')) },
        { ...file, sha256, bytes: content.size + 1 },
        { ...file, sha256, content: content.slice(0, -1) },
      ];
      for (const [i, graph] of wrong.entries()) {
        const reply = await ask(2 + i, graph);
        expect(reply).to.include({ type: 'failed', code: 'model-corrupt', isOtherFile: true, fatal: false });
        expect((reply as { message: string }).message).to.contain('onnx/audio_model.onnx');
      }
    } finally {
      worker.terminate();
    }
  });

  it('is fetched anew, once for all workers, where the browser’s cache has a former one', async () => {
    const asked: (string | undefined)[] = [];
    const posted: ToWorker[] = [];
    const answer = (url: URL, init: RequestInit | undefined) => {
      if (!url.pathname.endsWith('audio_model.onnx')) return null;
      asked.push(init?.cache);
      return init?.cache === 'reload' ? null : new Response(new Uint8Array(1_883_893));
    };
    // As much audio as two workers are for.
    const long = new MemorySource([syntheticRecording(80, RATE)], RATE);
    const engine = engineWith({ workers: 2, createWorker: noting(posted) });
    const { track } = await withFetch(answer, () => engine.analyse(long));
    expect(track.analysed.every((value) => value === 1)).to.equal(true);
    expect(asked).to.deep.equal([undefined, 'reload']);
    expect(posted.filter(({ type }) => type === 'load-audio-model').length).to.be.within(3, 4);
  });

  it('is given up with what to do about it when the fresh one is wrong too', async () => {
    const answer = (url: URL) => (url.pathname.endsWith('_model.onnx') ? new Response('no graph') : null);
    const engine = engineWith({});
    const works = [() => engine.analyse(source()), () => engine.embedText('dog bark')];
    for (const work of works) {
      const error = await withFetch(answer, () =>
        work().then(
          () => new Error('it was fulfilled'),
          (reason: unknown) => reason as EarmarkError,
        ),
      );
      expect(error).to.include({ code: 'model-corrupt' });
      expect(error.message).to.contain('is not the file that model.json describes (8 of');
      expect(error.message).to.contain('Copy the folder again');
    }
    expect((await engine.analyse(source())).track.analysed.every((value) => value === 1)).to.equal(true);
  });
});
