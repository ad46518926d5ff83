import { abortable } from './abortable.js';
import { Analysis } from './analysis.js';
import { AudioWorkers } from './audio-workers.js';
import type {
  AnalyseOptions,
  AnalysisResult,
  Backend,
  BackendChoice,
  EmbeddingEngine,
  TextEmbedding,
} from './embedding-engine.js';
import { abortError, EarmarkError } from './errors.js';
import type { ModelDescriptor } from './model-descriptor.js';
import { ModelFolder } from './model-folder.js';
import type { PcmSource } from './pcm-source.js';
import { PromptEncoder } from './prompt-encoder.js';
import type { WorkerRequest } from './protocol.js';
import { melFrameCount, planWindows } from './window-plan.js';
import { WorkerClient, type WorkerLike } from './worker-client.js';

export interface EngineOptions {
  /** Where the worker files, the runtime's wasm files and `models/` lie. */
  readonly assetBase: URL;
  /** The built-in model, or the URL of a model folder. */
  readonly model: 'pocket' | URL;
  /** Most workers that analyse at a time. Default: one a core, at most 4. */
  readonly workers?: number;
  readonly createWorker?: (url: URL) => WorkerLike;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** More workers than this were not faster on any machine tried: memory bandwidth is the limit. */
const MOST_WORKERS = 4;
/** A worker has to be worth its start: about a minute of audio. */
const WINDOWS_A_WORKER = 12;

const SCRIPTS: Readonly<Record<Backend, { worker: string; wasm: string }>> = {
  wasm: { worker: 'analysis.worker.js', wasm: 'ort-wasm-simd-threaded.wasm' },
  webgpu: { worker: 'analysis-webgpu.worker.js', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
};

interface LoadedModel {
  readonly folder: ModelFolder;
  readonly audio: AudioWorkers;
  readonly prompts: PromptEncoder;
}

class Engine implements EmbeddingEngine {
  descriptor: ModelDescriptor | null = null;
  choice: BackendChoice | null = null;
  #loading: Promise<LoadedModel> | null = null;
  readonly #destroyed = new AbortController();
  readonly #now: () => number;

  constructor(private readonly options: EngineOptions) {
    this.#now = options.now ?? (() => performance.now());
  }

  async load(signal?: AbortSignal): Promise<ModelDescriptor> {
    return (await this.#loaded(signal)).folder.descriptor;
  }

  #loaded(signal: AbortSignal | undefined): Promise<LoadedModel> {
    if (this.#destroyed.signal.aborted) return Promise.reject(destroyedError());
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return abortable(this.#loading, signal);
  }

  async #load(): Promise<LoadedModel> {
    const { assetBase, model } = this.options;
    const url = model === 'pocket' ? new URL('models/pocket/', assetBase) : model;
    const folder = await ModelFolder.open(url, this.#destroyed.signal);
    const limit = this.options.workers ?? Math.min(navigator.hardwareConcurrency, MOST_WORKERS);
    const audio = new AudioWorkers({
      backend: 'wasm',
      limit,
      createClient: (backend) => this.#createClient(backend, () => this.#audioModel(folder, backend)),
      onFellBack: () => {},
    });
    const prompts = new PromptEncoder(this.#createClient('wasm', () => this.#textModel(folder)));
    this.descriptor = folder.descriptor;
    this.choice = { backend: 'wasm', reason: 'WASM', fellBack: false, workers: limit };
    // A prompt that comes later reports what goes wrong here.
    prompts.warm().catch(() => {});
    return { folder, audio, prompts };
  }

  #createClient(backend: Backend, load: () => Promise<WorkerRequest>): WorkerClient {
    const { assetBase, createWorker = (script: URL) => new Worker(script, { type: 'module' }) } = this.options;
    return new WorkerClient({ url: new URL(SCRIPTS[backend].worker, assetBase), createWorker, load });
  }

  async #audioModel(folder: ModelFolder, backend: Backend): Promise<WorkerRequest> {
    const { melFramesPerFrame, minMelFrames, dimension } = folder.descriptor;
    return {
      type: 'load-audio-model',
      wasmUrl: new URL(SCRIPTS[backend].wasm, this.options.assetBase).href,
      graph: await folder.readAudioGraph(backend),
      frontEnd: folder.frontEnd,
      melFramesPerFrame,
      minMelFrames,
      dimension,
    };
  }

  async #textModel(folder: ModelFolder): Promise<WorkerRequest> {
    const wasmUrl = new URL(SCRIPTS.wasm.wasm, this.options.assetBase).href;
    return { type: 'load-text-model', wasmUrl, ...(await folder.readTextModel()) };
  }

  async analyse(source: PcmSource, options: AnalyseOptions = {}): Promise<AnalysisResult> {
    const startedAt = this.#now();
    const { signal } = options;
    const { folder, audio } = await this.#loaded(signal);
    const model = folder.descriptor;
    const { windows } = planWindows(melFrameCount(source.length, source.sampleRate, model), model);
    const workerCount = Math.ceil(windows.length / WINDOWS_A_WORKER);
    await abortable(audio.start(workerCount), signal);
    const context = { model, workers: audio, workerCount, now: this.#now };
    const track = await new Analysis(source, context, options).run();
    return { track, fromCache: false, elapsedSeconds: (this.#now() - startedAt) / 1000 };
  }

  async embedText(text: string, signal?: AbortSignal): Promise<TextEmbedding> {
    return (await this.#loaded(signal)).prompts.embed(text, signal);
  }

  destroy(): void {
    this.#destroyed.abort(abortError('The engine was shut down.'));
    this.#loading?.then(
      ({ audio, prompts }) => {
        audio.end();
        prompts.end();
      },
      () => {},
    );
  }
}

function destroyedError(): EarmarkError {
  return new EarmarkError('destroyed', 'This engine was destroyed. Create another one.');
}

export function createEmbeddingEngine(options: EngineOptions): EmbeddingEngine {
  return new Engine(options);
}
