import { abortable } from './abortable.js';
import { Analysis } from './analysis.js';
import { AudioWorkers } from './audio-workers.js';
import { chooseBackend, forgetChoice, type Preferences } from './backend-choice.js';
import type { CachedEmbeddings, EmbeddingCache } from './embedding-cache.js';
import type {
  AnalyseOptions,
  AnalysisProgress,
  AnalysisResult,
  Backend,
  BackendChoice,
  EmbeddingEngine,
  TextEmbedding,
} from './embedding-engine.js';
import { emptyTrack, LEVELS_PER_FRAME, type EmbeddingTrack } from './embedding-track.js';
import { abortError, EarmarkError } from './errors.js';
import type { ModelDescriptor } from './model-descriptor.js';
import { ModelFolder, sha256Hex } from './model-folder.js';
import type { PcmSource } from './pcm-source.js';
import { PromptEncoder } from './prompt-encoder.js';
import type { WorkerRequest } from './protocol.js';
import { modelFrameCount, planWindows } from './window-plan.js';
import { WorkerClient, type WorkerLike } from './worker-client.js';

export interface EngineOptions {
  /** Where the worker files, the runtime's wasm files and `models/` lie. */
  readonly assetBase: URL;
  /** The built-in model, or the URL of a model folder. */
  readonly model: 'pocket' | URL;
  /** Default `auto`: the faster of CPU and GPU, if the GPU gives right results. */
  readonly backend?: 'auto' | Backend;
  /** Most workers that analyse at a time on the CPU. Default: one a core, at most 4. */
  readonly workers?: number;
  /** Where embeddings are kept between visits. Default: nowhere, every visit analyses. */
  readonly cache?: EmbeddingCache | null;
  /** Where the choice of the backend is remembered, e.g. `localStorage`. Default: nowhere, every load tries. */
  readonly preferences?: Preferences | null;
  /** Default: a module worker. */
  readonly createWorker?: (url: URL) => WorkerLike;
  /** Milliseconds of a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Each worker holds the model and the runtime, some 100 MB; beyond this the memory costs more than the time is worth. */
const MOST_WORKERS = 4;
/** A worker has to be worth its start: about a minute of audio. */
const WINDOWS_A_WORKER = 12;
/** Raised when the same audio and model give other numbers than before, so that old entries of the cache are not found. */
const ANALYSIS_VERSION = 1;

const FILES: Readonly<Record<Backend, { worker: string; wasm: string }>> = {
  wasm: { worker: 'analysis.worker.js', wasm: 'ort-wasm-simd-threaded.wasm' },
  webgpu: { worker: 'analysis-webgpu.worker.js', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
};

/** What prompts need: there before a backend has been chosen for audio. */
interface OpenedModel {
  readonly folder: ModelFolder;
  readonly prompts: PromptEncoder;
}

interface LoadedModel extends OpenedModel {
  readonly workers: AudioWorkers;
}

class Engine implements EmbeddingEngine {
  descriptor: ModelDescriptor | null = null;
  choice: BackendChoice | null = null;
  readonly #opened: () => Promise<OpenedModel>;
  readonly #loaded: () => Promise<LoadedModel>;
  readonly #destroyed = new AbortController();
  /** Everything that has workers, for `destroy`. */
  readonly #owners = new Set<{ end(): void }>();
  readonly #now: () => number;

  constructor(private readonly options: EngineOptions) {
    const { workers = 1 } = options;
    if (!Number.isInteger(workers) || workers < 1)
      throw new EarmarkError('bad-option', `"workers" is ${workers}; it must be a whole number from 1.`);
    this.#now = options.now ?? (() => performance.now());
    this.#opened = this.#once(() => this.#open());
    this.#loaded = this.#once(() => this.#load());
  }

  async load(signal?: AbortSignal): Promise<ModelDescriptor> {
    return (await abortable(this.#loaded(), signal)).folder.descriptor;
  }

  async embedText(text: string, signal?: AbortSignal): Promise<TextEmbedding> {
    return (await abortable(this.#opened(), signal)).prompts.embed(text, signal);
  }

  async analyse(source: PcmSource, options: AnalyseOptions = {}): Promise<AnalysisResult> {
    let startedAt = this.#now();
    const signal = AbortSignal.any([this.#destroyed.signal, ...(options.signal ? [options.signal] : [])]);
    const report = (stage: AnalysisProgress['stage'], fraction: number) =>
      options.onProgress?.({ stage, fraction, etaSeconds: null });
    const cache = options.keep === false ? null : (this.options.cache ?? null);
    let cacheError: Error | undefined;
    const keepError = (error: unknown): null => {
      cacheError = error as Error;
      return null;
    };
    const finish = (track: EmbeddingTrack, fromCache: boolean): AnalysisResult => ({
      track,
      fromCache,
      kept: cache !== null && !cacheError,
      elapsedSeconds: (this.#now() - startedAt) / 1000,
      ...(cacheError && { cacheError }),
    });

    const loading = abortable(this.#loaded(), options.signal);
    let key = '';
    if (cache !== null) {
      loading.catch(() => {});
      report('hashing', 0);
      const digest = await abortable(source.digest(signal), signal);
      const { folder } = await loading;
      key = await cacheKey(digest, folder, this.choice!.backend);
      report('cache', 0);
      const kept = await abortable(cache.get(key).catch(keepError), signal);
      const track = kept && restoreTrack(kept, folder.descriptor);
      if (track !== null) {
        options.onTrack?.(track);
        options.onWindows?.(track.plan.windows.map(({ index }) => index));
        report('cache', 1);
        return finish(track, true);
      }
    }

    report('loading-model', 0);
    const { folder, workers } = await loading;
    const model = folder.descriptor;
    const frameCount = modelFrameCount(Math.max(1, source.length), source.sampleRate, model);
    const { windows } = planWindows(frameCount, model);
    await abortable(workers.start(Math.ceil(windows.length / WINDOWS_A_WORKER)), signal);
    startedAt = this.#now();
    const track = await new Analysis(source, { model, workers, now: this.#now }, { ...options, signal }).run();
    if (cache !== null) {
      report('storing', 1);
      await abortable(cache.put(key, track).catch(keepError), signal);
    }
    return finish(track, false);
  }

  destroy(): void {
    this.#destroyed.abort();
    for (const owner of this.#owners) owner.end();
    this.#owners.clear();
  }

  /** The work's result for all who ask; a failure is not remembered. */
  #once<T>(work: () => Promise<T>): () => Promise<T> {
    let result: Promise<T> | null = null;
    return () => {
      if (this.#destroyed.signal.aborted)
        return Promise.reject(new EarmarkError('destroyed', 'This engine was destroyed. Create another one.'));
      result ??= abortable(work(), this.#destroyed.signal).catch((error: unknown) => {
        result = null;
        throw error;
      });
      return result;
    };
  }

  async #open(): Promise<OpenedModel> {
    const { assetBase, model } = this.options;
    const url = model === 'pocket' ? new URL('models/pocket/', assetBase) : model;
    const folder = await ModelFolder.open(url, this.#destroyed.signal);
    this.descriptor = folder.descriptor;
    const prompts = this.#owned(new PromptEncoder(this.#createClient('wasm', () => this.#textModel(folder))));
    // A prompt that comes later reports what goes wrong here.
    prompts.warm().catch(() => {});
    return { folder, prompts };
  }

  async #load(): Promise<LoadedModel> {
    const opened = await this.#opened();
    return { ...opened, workers: await this.#chooseWorkers(opened.folder) };
  }

  /** Workers on the backend that is best here, or that the user asked for. */
  async #chooseWorkers(folder: ModelFolder): Promise<AudioWorkers> {
    const {
      backend: wanted = 'auto',
      preferences = null,
      workers: limit = Math.min(navigator.hardwareConcurrency, MOST_WORKERS),
    } = this.options;
    const key = `earmark.backend.${folder.audioGraphHash('webgpu').slice(0, 16)}`;
    const create = (backend: Backend) =>
      this.#owned(
        new AudioWorkers({
          backend,
          limit,
          createClient: (used) => this.#createClient(used, () => this.#audioModel(folder, used)),
          onFellBack: (reason) => {
            forgetChoice(preferences, key);
            this.choice = {
              backend: 'wasm',
              reason: `WebGPU failed (${reason}), the CPU (WASM) took over`,
              fellBack: true,
              workers: limit,
            };
          },
        }),
      );
    const tried: Partial<Record<Backend, AudioWorkers>> = {};
    const on = (backend: Backend) => (tried[backend] ??= create(backend));
    let chosen: AudioWorkers | null = null;
    let isOver = false;
    const test = async (backend: Backend, timedRuns: number) => {
      // A trial that was given up goes on behind our back; it may start nothing any more.
      if (isOver) throw abortError();
      return on(backend).selfTest(timedRuns);
    };
    try {
      this.choice = await chooseBackend({
        wanted,
        wasmWorkers: limit,
        preferences,
        key,
        browser: navigator.userAgent,
        trial: { adapter: findAdapter, test },
        delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      });
      chosen = on(this.choice.backend);
      return chosen;
    } finally {
      isOver = true;
      for (const other of Object.values(tried)) {
        if (other === chosen) continue;
        this.#owners.delete(other);
        other.end();
      }
    }
  }

  #owned<Owner extends { end(): void }>(owner: Owner): Owner {
    this.#owners.add(owner);
    return owner;
  }

  #createClient(backend: Backend, load: () => Promise<WorkerRequest>): WorkerClient {
    const { assetBase, createWorker = (script: URL) => new Worker(script, { type: 'module' }) } = this.options;
    return new WorkerClient({ url: new URL(FILES[backend].worker, assetBase), createWorker, load });
  }

  async #audioModel(folder: ModelFolder, backend: Backend): Promise<WorkerRequest> {
    const { melFramesPerFrame, minMelFrames, dimension } = folder.descriptor;
    return {
      type: 'load-audio-model',
      wasmUrl: new URL(FILES[backend].wasm, this.options.assetBase).href,
      graph: await folder.readAudioGraph(backend),
      frontEnd: folder.frontEnd,
      melFramesPerFrame,
      minMelFrames,
      dimension,
    };
  }

  async #textModel(folder: ModelFolder): Promise<WorkerRequest> {
    const wasmUrl = new URL(FILES.wasm.wasm, this.options.assetBase).href;
    return { type: 'load-text-model', wasmUrl, ...(await folder.readTextModel()) };
  }
}

/** What the embeddings of a recording depend on: its audio, the model, the front end and the way windows are cut. */
async function cacheKey(digest: string, folder: ModelFolder, backend: Backend): Promise<string> {
  const { melFramesPerFrame, windowFrames, minMelFrames } = folder.descriptor;
  const parts = [
    ANALYSIS_VERSION,
    digest,
    'mean of the channels',
    folder.audioGraphHash(backend),
    folder.audioGraph(backend).dtype,
    folder.frontEnd,
    { melFramesPerFrame, windowFrames, minMelFrames, LEVELS_PER_FRAME },
  ];
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}

/** The track of embeddings that were kept; null if they do not fit the model. */
function restoreTrack({ frames, clips, levels }: CachedEmbeddings, model: ModelDescriptor): EmbeddingTrack | null {
  const frameCount = frames.length / model.dimension;
  if (!Number.isInteger(frameCount) || frameCount < 1) return null;
  const track = emptyTrack(frameCount, model);
  if (clips.length !== track.clips.length || levels.length !== track.levels.length) return null;
  return { ...track, frames, clips, levels, analysed: track.analysed.fill(1) };
}

async function findAdapter(): Promise<'hardware' | 'software' | null> {
  // The types know it as always there; older browsers and insecure pages have none.
  const { gpu } = navigator as { gpu?: GPU };
  const adapter = (await gpu?.requestAdapter()) ?? null;
  if (adapter === null) return null;
  const { isFallbackAdapter, vendor, architecture, description } = adapter.info;
  const name = `${vendor} ${architecture} ${description}`;
  return isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(name) ? 'software' : 'hardware';
}

/** An engine; nothing is loaded before it is used. */
export function createEmbeddingEngine(options: EngineOptions): EmbeddingEngine {
  return new Engine(options);
}
