import { abortable } from './abortable.js';
import { Analysis } from './analysis.js';
import { AudioWorkers } from './audio-workers.js';
import { chooseBackend, forgetChoice, type Preferences } from './backend-choice.js';
import { fineMode } from './clap-fine-mode.js';
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
import { emptyTrack, type EmbeddingTrack } from './embedding-track.js';
import { abortError, EarmarkError } from './errors.js';
import { findGpuAdapter, type GpuAdapter } from './gpu-adapter.js';
import { GraphChoice } from './graph-choice.js';
import type { ModelDescriptor } from './model-descriptor.js';
import { ModelFolder, sha256Hex } from './model-folder.js';
import type { AudioGraph, ModelSource } from './model-source.js';
import type { PcmSource } from './pcm-source.js';
import { PromptEncoder, type KeptTexts } from './prompt-encoder.js';
import type { LoadAudioModel, SelfTestResult, WorkerRequest } from './protocol.js';
import type { ServedModel } from './remote-model.js';
import { modelFrameCount, planWindows } from './window-plan.js';
import { WorkerClient, type WorkerLike } from './worker-client.js';

export interface EngineOptions {
  /** Where the worker files, the runtime's wasm files and `models/` lie. */
  readonly assetBase: URL;
  /** The built-in model, the URL of a model folder, or what opens a model from elsewhere. */
  readonly model: 'pocket' | URL | ((signal: AbortSignal) => Promise<ModelSource>);
  /**
   * Whether a model that embeds whole windows shall give frames, where its graph allows: faster and finer, of a quality
   * that has not been verified on real weights. Default false.
   */
  readonly fine?: boolean;
  /** Default `auto`: the faster of CPU and GPU, if the GPU gives right results. */
  readonly backend?: 'auto' | Backend;
  /** Most workers that analyse at a time on the CPU. Default: one a core, at most 4. */
  readonly workers?: number;
  /** What runs the audio graph in place of this machine, which then computes its input only. */
  readonly server?: InferenceServer;
  /** Where embeddings are kept between visits. Default: nowhere, every visit analyses. */
  readonly cache?: EmbeddingCache | null;
  /** Where the choice of the backend is remembered, e.g. `localStorage`. Default: nowhere, every load tries. */
  readonly preferences?: Preferences | null;
  /** Default: a module worker. */
  readonly createWorker?: (url: URL) => WorkerLike;
  /** Milliseconds of a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
}

/** A server that has the audio graph. */
export interface InferenceServer {
  readonly choice: BackendChoice;
  /** Makes sure that it serves a model. */
  connect(model: ModelSource, signal: AbortSignal): Promise<ServedModel>;
}

/** Each worker holds the model and the runtime, some 100 MB; beyond this the memory costs more than the time is worth. */
const MOST_WORKERS = 4;
/** Most bytes that the graphs of all workers have together; in memory a graph takes three times as much. */
const MOST_GRAPH_BYTES = 2 ** 28;
/** Larger models are not made ready for a prompt that may never come; instead their embeddings of prompts are kept. */
const MOST_WARMED_BYTES = 2 ** 25;
/** A worker has to be worth its start: about a minute of audio. */
const WINDOWS_A_WORKER = 12;
/** Raised when the same audio and model give other numbers than before, so that old entries of the cache are not found. */
const ANALYSIS_VERSION = 2;
/** The same for texts. */
const TEXT_VERSION = 1;

/** No window to compare with: the GPU's worker has no room for the graph on the CPU, too. */
const UNCHECKED: SelfTestResult = {
  type: 'self-tested',
  frames: new Float32Array(),
  dimension: 1,
  milliseconds: null,
};

const FILES: Readonly<Record<Backend, { worker: string; wasm: string }>> = {
  wasm: { worker: 'analysis.worker.js', wasm: 'ort-wasm-simd-threaded.wasm' },
  webgpu: { worker: 'analysis-webgpu.worker.js', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
};

/** What prompts need: there before a backend has been chosen for audio. */
interface OpenedModel {
  readonly source: ModelSource;
  readonly prompts: PromptEncoder;
}

/** What the numbers of a graph are kept under. */
type HeardWith = Pick<AudioGraph, 'sha256' | 'dtype'> | ServedModel;

interface LoadedModel extends OpenedModel {
  readonly workers: AudioWorkers;
  /** The graph that hears at present; another object after another one took over. */
  readonly heardWith: () => HeardWith;
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
    return (await abortable(this.#loaded(), signal)).source.descriptor;
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
    let kept = cache !== null;
    const keepError = (error: unknown): null => {
      cacheError = error as Error;
      kept = false;
      return null;
    };
    const finish = (track: EmbeddingTrack, fromCache: boolean): AnalysisResult => ({
      track,
      fromCache,
      kept,
      elapsedSeconds: (this.#now() - startedAt) / 1000,
      ...(cacheError && { cacheError }),
    });

    const loading = abortable(this.#loaded(), options.signal);
    let key = '';
    if (cache !== null) {
      loading.catch(() => {});
      report('hashing', 0);
      const digest = await abortable(source.digest(signal), signal);
      const { source: model, heardWith } = await loading;
      key = await cacheKey(digest, model, heardWith());
      report('cache', 0);
      const found = await abortable(cache.get(key).catch(keepError), signal);
      const track = found && restoreTrack(found, model.descriptor);
      if (track !== null) {
        options.onTrack?.(track);
        options.onWindows?.(track.plan.windows.map(({ index }) => index));
        report('cache', 1);
        return finish(track, true);
      }
    }

    report('loading-model', 0);
    const { source: opened, workers, heardWith } = await loading;
    const model = opened.descriptor;
    const frameCount = modelFrameCount(Math.max(1, source.length), source.sampleRate, model);
    const { windows } = planWindows(frameCount, model);
    await abortable(workers.start(Math.ceil(windows.length / WINDOWS_A_WORKER)), signal);
    startedAt = this.#now();
    const first = heardWith();
    const track = await new Analysis(source, { model, workers, now: this.#now }, { ...options, signal }).run();
    // Windows by two graphs in one track are no harm now, but another visit could not tell which.
    if (heardWith() !== first) kept = false;
    else if (cache !== null) {
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
    const plain = await this.#openSource(this.#destroyed.signal);
    const source = this.options.fine === true ? await fineMode(plain) : plain;
    this.descriptor = source.descriptor;
    const client = this.#createClient('wasm', () => this.#textModel(source));
    const isSmall = source.descriptor.bytes <= MOST_WARMED_BYTES;
    const prompts = this.#owned(new PromptEncoder(client, isSmall ? null : this.#keptTexts(source)));
    // A prompt that comes later reports what goes wrong here.
    if (isSmall) prompts.warm().catch(() => {});
    return { source, prompts };
  }

  #keptTexts({ textHash }: ModelSource): KeptTexts | null {
    const { cache = null } = this.options;
    const key = (text: string) => `${TEXT_VERSION} ${textHash} ${text}`;
    return (
      cache && {
        get: (text) => cache.getText(key(text)),
        put: (text, embedding) => cache.putText(key(text), embedding),
      }
    );
  }

  #openSource(signal: AbortSignal): Promise<ModelSource> {
    const { assetBase, model } = this.options;
    if (typeof model === 'function') return model(signal);
    return ModelFolder.open(model === 'pocket' ? new URL('models/pocket/', assetBase) : model, signal);
  }

  async #load(): Promise<LoadedModel> {
    const opened = await this.#opened();
    const { server } = this.options;
    if (server) return { ...opened, ...(await this.#connect(opened.source, server)) };
    const gpu = await findGpuAdapter().catch(() => null);
    const graphs = new GraphChoice(opened.source, gpu?.dtype === 'fp16');
    const workers = await this.#chooseWorkers(opened.source, graphs, gpu);
    const heardWith = () => graphs.current(this.choice?.backend === 'webgpu' ? 'webgpu' : 'wasm')!;
    return { ...opened, workers, heardWith };
  }

  /** Workers that have a server hear, after it has proved that it can. */
  async #connect(source: ModelSource, server: InferenceServer): Promise<Pick<LoadedModel, 'workers' | 'heardWith'>> {
    const served = await server.connect(source, this.#destroyed.signal);
    const workers = this.#owned(
      new AudioWorkers({
        backend: 'wasm',
        limit: server.choice.workers,
        createClient: (used) => this.#createClient(used, async () => this.#audioModel(source, used, served.graph)),
        giveUpGraph: () => false,
        onFellBack: () => {},
      }),
    );
    try {
      await workers.selfTest(0);
    } catch (error) {
      this.#owners.delete(workers);
      workers.end();
      throw error;
    }
    this.choice = server.choice;
    return { workers, heardWith: () => served };
  }

  /** Workers on the backend that is best here, or that the user asked for. */
  async #chooseWorkers(source: ModelSource, graphs: GraphChoice, gpu: GpuAdapter | null): Promise<AudioWorkers> {
    const { backend: wanted = 'auto', preferences = null } = this.options;
    const gpuGraph = graphs.current('webgpu');
    const limit = this.options.workers ?? mostWorkers(graphs.current('wasm')!);
    const key = `earmark.backend.${gpuGraph?.sha256.slice(0, 16)}`;
    const create = (backend: Backend) =>
      this.#owned(
        new AudioWorkers({
          backend,
          limit,
          createClient: (used) =>
            this.#createClient(used, async () => this.#audioModel(source, used, await graphs.current(used)!.read())),
          giveUpGraph: () => graphs.giveUp('wasm'),
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
      if (backend === 'wasm' && gpuGraph && gpuGraph !== graphs.current('wasm'))
        return on('webgpu')
          .selfTest(timedRuns, await gpuGraph.read())
          .catch(() => UNCHECKED);
      return on(backend).selfTest(timedRuns);
    };
    try {
      const choice = await chooseBackend({
        wanted,
        wasmWorkers: limit,
        graph: gpuGraph ?? null,
        isIos: isIos(),
        preferences,
        key,
        browser: navigator.userAgent,
        trial: { adapter: async () => gpu?.kind ?? null, test },
        delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      });
      this.choice = choice;
      const workers = on(choice.backend);
      if (choice.backend === 'wasm' && graphs.hasSpare('wasm')) await workers.checkGraph();
      chosen = workers;
      return workers;
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

  #audioModel(source: ModelSource, backend: Backend, graph: LoadAudioModel['graph']): LoadAudioModel {
    const { kind, melHop, melFramesPerFrame, minMelFrames, clipSamples, dimension } = source.descriptor;
    return {
      type: 'load-audio-model',
      wasmUrl: new URL(FILES[backend].wasm, this.options.assetBase).href,
      graph,
      frontEnd: source.frontEnd,
      model: {
        kind,
        melHop,
        melFramesPerFrame,
        minMelFrames,
        dimension,
        ...(clipSamples !== undefined && { clipSamples }),
      },
    };
  }

  async #textModel(source: ModelSource): Promise<WorkerRequest> {
    const wasmUrl = new URL(FILES.wasm.wasm, this.options.assetBase).href;
    return { type: 'load-text-model', wasmUrl, ...(await source.readTextModel()) };
  }
}

function mostWorkers({ bytes }: AudioGraph): number {
  if (isIos()) return 1;
  return Math.max(1, Math.min(navigator.hardwareConcurrency, MOST_WORKERS, Math.floor(MOST_GRAPH_BYTES / bytes)));
}

/** Also an iPad that asks for desktop pages: it says it is a Mac, but no Mac has a touch screen. */
function isIos(): boolean {
  // Pages have it, workers do not.
  const { userAgent, maxTouchPoints = 0 } = navigator as { userAgent: string; maxTouchPoints?: number };
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);
}

/** What the embeddings of a recording depend on: its audio, the model, the front end and the way windows are cut. */
async function cacheKey(digest: string, { descriptor, frontEnd }: ModelSource, heardWith: HeardWith): Promise<string> {
  const { kind, melFramesPerFrame, windowFrames, minMelFrames } = descriptor;
  const parts = [
    ANALYSIS_VERSION,
    digest,
    'mean of the channels',
    ...('identity' in heardWith ? [heardWith.identity, 'served'] : [heardWith.sha256, heardWith.dtype]),
    frontEnd,
    { kind, melFramesPerFrame, windowFrames, minMelFrames },
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

/** An engine; nothing is loaded before it is used. */
export function createEmbeddingEngine(options: EngineOptions): EmbeddingEngine {
  return new Engine(options);
}
