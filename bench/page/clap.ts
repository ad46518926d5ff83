// Runs in the browser: the engine with a CLAP model, and what one would write with transformers.js.
import { ClapFeatureExtractor, env as transformersEnv } from '@huggingface/transformers';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { detect } from '../../src/detection/detect.js';
import { repeatPad } from '../../src/engine/clap-features.js';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { ModelFile } from '../../src/engine/model-descriptor.js';
import type { ModelFiles } from '../../src/engine/model-files.js';
import { sha256Hex } from '../../src/engine/sha256.js';
import { normalizeRows } from '../../src/engine/unit-rows.js';
import { openAudio, type OpenedAudio } from '../../src/plugin/audio-source.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';
import { wavBlob } from '../../test/helpers/wav.js';
import type { ClapAnalysis } from './clap-contract.js';
import { longestGapsBeside, withLongestGaps } from './main-thread-gap.js';

const ASSET_BASE = new URL('/dist/', location.href);
const RUNTIME_FOLDER = '/node_modules/onnxruntime-web/dist/';
const RATE = 48_000;
const WINDOW = 480_000;
/** Seconds of a short window. */
const SHORT = 2;
const COMPARED_SECONDS = 6;
const FILES = [
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/audio_model.onnx',
  'onnx/text_model.onnx',
];
const PROMPTS = ['church bell', 'a car passing by', 'glass breaking', 'rain on a roof', 'a crowd cheering'];

interface Prepared {
  readonly files: ModelFiles;
  readonly extractor: ClapFeatureExtractor;
  readonly session: InferenceSession;
}

let prepared: Prepared | null = null;
let lastAnalysis: { engine: EmbeddingEngine; track: EmbeddingTrack } | null = null;

function ready(): Prepared {
  if (prepared === null) throw new Error('prepare() comes first');
  return prepared;
}

/** Files as they are served: what is measured begins when they are there. */
async function servedFiles(folder: string): Promise<ModelFiles> {
  const fetched = (path: string) => fetch(`${folder}/${path}`);
  const list: ModelFile[] = [];
  for (const path of FILES) {
    const content = await (await fetched(path)).arrayBuffer();
    list.push({ path, bytes: content.byteLength, sha256: await sha256Hex(content) });
  }
  return {
    identity: { id: 'bench', name: 'CLAP of the true size', revision: 'random', licence: 'CC0-1.0' },
    list,
    file: (path) => ({
      ...list.find((file) => file.path === path)!,
      async *contents() {
        yield await (await fetched(path)).blob();
        throw new Error(`${path} has changed since it was listed`);
      },
    }),
    json: async (path) => (await fetched(path)).json() as Promise<object>,
  };
}

/** Noise that swells: what is in it makes no difference to the time. */
function recording(seconds: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * 0.2 * (1 + Math.sin((i / RATE) * 1.7));
  });
}

/** Opened as a page opens a file: decoded in a worker. */
function openRecording(samples: Float32Array): Promise<OpenedAudio> {
  return openAudio(wavBlob([samples], RATE, 'float32'), { assetBase: ASSET_BASE });
}

async function engineFor(fine: boolean): Promise<EmbeddingEngine> {
  const { files } = ready();
  const engine = createEmbeddingEngine({
    assetBase: ASSET_BASE,
    model: () => clapModel(files),
    backend: 'wasm',
    fine,
  });
  await engine.load();
  // Starts the workers: their start is not what is compared.
  const { source } = await openRecording(recording(30));
  await engine.analyse(source);
  source.close();
  return engine;
}

async function embedNaively(clip: Float32Array): Promise<Float32Array> {
  const { extractor, session } = ready();
  // Repeated here: the extractor would leave out the last copy.
  const { input_features: features } = (await extractor._call(repeatPad(clip, WINDOW))) as {
    input_features: { data: Float32Array };
  };
  const outputs = await session.run({ input_features: new Tensor('float32', features.data, [1, 1, 1001, 64]) });
  return normalizeRows(new Float32Array(outputs['audio_embeds'].data as Float32Array), outputs['audio_embeds'].dims[1]);
}

window.clapBench = {
  async prepare(folder) {
    const { wasm } = transformersEnv.backends.onnx;
    if (wasm === undefined) throw new Error('transformers.js has no WASM runtime');
    wasm.wasmPaths = { wasm: `${RUNTIME_FOLDER}ort-wasm-simd-threaded.asyncify.wasm` };
    env.wasm.wasmPaths = { wasm: `${RUNTIME_FOLDER}ort-wasm-simd-threaded.wasm` };
    env.wasm.numThreads = 1;
    const files = await servedFiles(folder);
    const graph = new Uint8Array(await (await fetch(`${folder}/onnx/audio_model.onnx`)).arrayBuffer());
    prepared = {
      files,
      extractor: new ClapFeatureExtractor(await files.json('preprocessor_config.json')),
      session: await InferenceSession.create(graph, { executionProviders: ['wasm'] }),
    };
    const samples = recording(COMPARED_SECONDS);
    const engine = await engineFor(false);
    const { source } = await openRecording(samples);
    const { frames, dimension } = (await engine.analyse(source)).track;
    source.close();
    engine.destroy();
    let least = 1;
    for (let start = 0; start + SHORT <= COMPARED_SECONDS; start += 1) {
      const theirs = await embedNaively(samples.subarray(start * RATE, (start + SHORT) * RATE));
      // The middle second of the window begins with the frame 2·start + 1.
      const own = frames.subarray((2 * start + 1) * dimension, (2 * start + 2) * dimension);
      least = Math.min(
        least,
        own.reduce((sum, value, i) => sum + value * theirs[i], 0),
      );
    }
    return least;
  },

  async analyse(seconds, fine): Promise<ClapAnalysis> {
    lastAnalysis?.engine.destroy();
    const engine = await engineFor(fine);
    const { source } = await openRecording(recording(seconds));
    let track: EmbeddingTrack | null = null;
    let firstCurve = 0;
    const start = performance.now();
    const { result, longestGaps } = await withLongestGaps(() =>
      engine.analyse(source, {
        onTrack: (current) => {
          track = current;
        },
        onWindows: () => {
          const { analysed, plan } = track!;
          if (firstCurve > 0 || plan.windows.some(({ index, scale }) => scale === 'long' && analysed[index] === 0))
            return;
          firstCurve = (performance.now() - start) / 1000;
        },
      }),
    );
    source.close();
    lastAnalysis = { engine, track: result.track };
    const windows = result.track.plan.windows.length;
    return { elapsed: (performance.now() - start) / 1000, windows, firstCurve, longestGaps };
  },

  async analyseNaively(seconds, hop) {
    const samples = recording(seconds + SHORT);
    const start = performance.now();
    for (let at = 0; at < seconds; at += hop) {
      const first = Math.round(at * RATE);
      await embedNaively(samples.subarray(first, first + SHORT * RATE));
    }
    return (performance.now() - start) / 1000;
  },

  gapsOfBusyMachine: (duration) => longestGapsBeside(2, duration),

  async secondPrompt() {
    if (lastAnalysis === null) throw new Error('analyse() comes first');
    const { engine, track } = lastAnalysis;
    const model = await engine.load();
    await engine.embedText('dog bark');
    const times: number[] = [];
    for (const prompt of PROMPTS) {
      const start = performance.now();
      const scorer = new PromptScorer(track, await engine.embedText(prompt), model);
      scorer.update();
      detect(scorer.evidence);
      times.push((performance.now() - start) / 1000);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  },
};
