import { abortable } from './abortable.js';
import { Analysis } from './analysis.js';
import { AudioWorkers } from './audio-workers.js';
import { chooseBackend, forgetChoice, type Preferences } from './backend-choice.js';
import { fineMode } from './clap-fine-mode.js';
import { Checkpoint } from './checkpoint.js';
import { handOver, OtherFileError } from './described-file.js';
import type { EmbeddingCache } from './embedding-cache.js';
import type {
  AnalyseOptions,
  AnalysisProgress,
  AnalysisResult,
  Backend,
  BackendChoice,
  EmbeddingEngine,
  TextEmbedding,
} from './embedding-engine.js';
import { abortError, EarmarkError } from './errors.js';
import { findGpuAdapter, type GpuAdapter } from './gpu-adapter.js';
import { GraphChoice } from './graph-choice.js';
import type { HeardSoFar } from './heard-batch.js';
import type { ModelDescriptor } from './model-descriptor.js';
import { ModelFolder } from './model-folder.js';
import type { AudioGraph, ModelSource } from './model-source.js';
import { monoSource } from './mono-source.js';
import type { PcmSource } from './pcm-source.js';
import { PromptEncoder, type KeptTexts } from './prompt-encoder.js';
import type { GraphInspection, LoadAudioModel, SelfTestResult } from './protocol.js';
import type { ServedModel } from './remote-model.js';
import { sha256Hex } from './sha256.js';
import { WorkerClient, type PostToWorker, type WorkerLike } from './worker-client.js';

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
/** Whoever has just loaded the model mostly wants to hear with it at once; the GPU is warmed up if not. */
const WARM_AFTER_MS = 1000;
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
  /** Whether fine mode was asked for, and the model's files do not allow it. */
  readonly isTooCoarse: boolean;
}

/** What the numbers of a graph are kept under. */
type HeardWith = Pick<AudioGraph, 'sha256' | 'dtype'> | ServedModel;

interface LoadedModel extends OpenedModel {
  readonly workers: AudioWorkers;
  /** The graph that hears at present; another object after another one took over. */
  readonly heardWith: () => HeardWith;
}

/** An analysis that did not come to its end. */
interface Interrupted {
  /** Undefined: the mean of all. */
  readonly channel: number | undefined;
  readonly heard: HeardSoFar;
  /** The graph that heard all of it; null if there were several. */
  readonly graph: HeardWith | null;
  readonly checkpoint: Checkpoint | null;
}

class Engine implements EmbeddingEngine {
  descriptor: ModelDescriptor | null = null;
  choice: BackendChoice | null = null;
  readonly #opened: () => Promise<OpenedModel>;
  readonly #loaded: () => Promise<LoadedModel>;
  readonly #destroyed = new AbortController();
  /** Everything that has workers, for `destroy`. */
  readonly #owners = new Set<{ end(): void }>();
  /** What the next analysis of a source goes on from. */
  readonly #interrupted = new WeakMap<PcmSource, Interrupted>();
  readonly #now: () => number;
  /** Analyses that run. */
  #running = 0;
  /** Ends the warming up of the GPU; null until it has been thought of. */
  #warmUp: AbortController | null = null;

  constructor(private readonly options: EngineOptions) {
    const { workers = 1 } = options;
    if (!Number.isInteger(workers) || workers < 1)
      throw new EarmarkError('bad-option', `"workers" is ${workers}; it must be a whole number from 1.`);
    this.#now = options.now ?? (() => performance.now());
    this.#opened = this.#once(() => this.#open());
    this.#loaded = this.#once(() => this.#load());
  }

  async load(signal?: AbortSignal): Promise<ModelDescriptor> {
    const { source, workers } = await abortable(this.#loaded(), signal);
    if (this.#warmUp === null) void this.#warmWhenIdle(workers);
    return source.descriptor;
  }

  async embedText(text: string, signal?: AbortSignal): Promise<TextEmbedding> {
    return (await abortable(this.#opened(), signal)).prompts.embed(text, signal);
  }

  async analyse(source: PcmSource, options: AnalyseOptions = {}): Promise<AnalysisResult> {
    this.#running += 1;
    try {
      return await this.#analyse(source, options);
    } finally {
      this.#running -= 1;
    }
  }

  async #analyse(source: PcmSource, options: AnalyseOptions): Promise<AnalysisResult> {
    let startedAt = this.#now();
    const signal = AbortSignal.any([this.#destroyed.signal, ...(options.signal ? [options.signal] : [])]);
    const report = (stage: AnalysisProgress['stage'], fraction: number) =>
      options.onProgress?.({ stage, fraction, etaSeconds: null });
    const loading = abortable(this.#loaded(), options.signal);
    loading.catch(() => {});
    const { channel } = options;
    const listened = monoSource(source, channel);
    const interrupted = this.#interrupted.get(source);
    const before = interrupted?.channel === channel ? (interrupted ?? null) : null;
    const cache = options.keep === false ? null : (this.options.cache ?? null);
    let checkpoint = before ? before.checkpoint : cache && new Checkpoint(cache, source);
    const mayRestore = (await checkpoint?.mayRestore()) ?? false;
    // Hashing a long file takes seconds. It is heard meanwhile, unless some of it may have been heard before.
    report(mayRestore ? 'hashing' : 'loading-model', 0);
    const digest = checkpoint && !checkpoint.error && !checkpoint.isOpen ? source.digest(signal) : null;
    digest?.catch(() => {});
    const { source: opened, workers, heardWith } = await loading;
    const graph = heardWith();
    // Windows by two graphs in one track are no harm now, but another visit could not tell which.
    if (before && before.graph !== graph) checkpoint = null;
    const model = opened.descriptor;
    const onHeard = (index: number): void => {
      if (heardWith() !== graph) checkpoint = null;
      checkpoint?.add(index);
    };
    const context = { model, workers, now: this.#now, onHeard };
    const analysis = new Analysis(listened, context, { ...options, signal }, before?.heard);
    checkpoint?.follow(analysis);
    const restored = digest && checkpoint?.restore(digest.then((hash) => cacheKey([hash, channel], opened, graph)));
    if (mayRestore) {
      await abortable(digest!, signal).catch(() => {});
      signal.throwIfAborted();
      report('cache', 0);
      await abortable(restored!, signal);
    }
    try {
      if (analysis.left > 0) {
        this.#warmUp?.abort();
        await abortable(workers.start(Math.ceil(analysis.left / WINDOWS_A_WORKER)), signal);
        startedAt = this.#now();
        await analysis.run();
      }
      if (checkpoint && analysis.windowCount > 0) report('storing', 1);
      await abortable(Promise.resolve(restored), signal);
      await abortable(Promise.resolve(checkpoint?.finish()), signal);
      this.#interrupted.delete(source);
    } catch (error) {
      const isByOne = heardWith() === graph && (!before || before.graph === graph);
      this.#interrupted.set(source, { channel, heard: analysis.heard, graph: isByOne ? graph : null, checkpoint });
      void checkpoint?.finish();
      throw error;
    }
    const { continuedAt } = analysis;
    const cacheError = checkpoint?.error;
    return {
      track: analysis.heard.track,
      fromCache: analysis.windowCount === 0,
      kept: checkpoint !== null && !cacheError,
      elapsedSeconds: (this.#now() - startedAt) / 1000,
      ...(continuedAt !== null && { continuedAt }),
      ...(cacheError && { cacheError }),
    };
  }

  destroy(): void {
    this.#destroyed.abort();
    this.#warmUp?.abort();
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
    const source = this.options.fine === true ? await fineMode(plain, (graph) => this.#givesFrames(graph)) : plain;
    const isTooCoarse = this.options.fine === true && source.descriptor.kind === 'windows';
    this.descriptor = source.descriptor;
    const client = this.#createClient('wasm', (post) => this.#loadTextModel(source, post));
    const isSmall = source.descriptor.bytes <= MOST_WARMED_BYTES;
    const prompts = this.#owned(new PromptEncoder(client, isSmall ? null : this.#keptTexts(source)));
    // A prompt that comes later reports what goes wrong here.
    if (isSmall) prompts.warm().catch(() => {});
    return { source, prompts, isTooCoarse };
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
    if (opened.isTooCoarse) this.choice = withoutFineMode(this.choice!);
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
        createClient: (used) => this.#createClient(used, (post) => post(this.#audioModel(source, used, served.graph))),
        giveUpGraph: () => false,
        onFellBack: () => {},
        onRegained: () => {},
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
            this.#createClient(used, (post) =>
              handOver(graphs.current(used)!, (graph) => post(this.#audioModel(source, used, graph))),
            ),
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
          onRegained: (reason) => {
            this.choice = {
              backend: 'webgpu',
              reason: `The GPU failed (${reason}) and was opened anew; what had been heard was kept`,
              fellBack: false,
              regained: true,
              workers: 1,
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
        return handOver(gpuGraph, (graph) => on('webgpu').selfTest(timedRuns, graph)).catch((error: unknown) => {
          // What cannot be had says nothing about the GPU.
          if (isMissingFile(error)) throw error;
          return UNCHECKED;
        });
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
      if (choice.backend === 'wasm') await checkGraph(workers, graphs, source);
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

  /** What a GPU has to compile takes seconds; it is done when nothing else is, once a visit. */
  async #warmWhenIdle(workers: AudioWorkers): Promise<void> {
    this.#warmUp = new AbortController();
    if (this.choice?.backend !== 'webgpu') return;
    const { signal } = this.#warmUp;
    do {
      await new Promise((resolve) => setTimeout(resolve, WARM_AFTER_MS));
      await idle();
      // An analysis that needs the GPU aborts this; one that was kept from an earlier visit passes by.
    } while (this.#running > 0 && !signal.aborted);
    await workers.warm(signal);
  }

  #owned<Owner extends { end(): void }>(owner: Owner): Owner {
    this.#owners.add(owner);
    return owner;
  }

  /** Asks a worker: what a graph holds is read where it can be verified without holding up the page. */
  async #givesFrames(graph: AudioGraph): Promise<boolean> {
    const client = this.#owned(this.#createClient('wasm', async () => {}));
    try {
      const inspect = handOver(graph, (file) => client.request({ type: 'inspect-graph', graph: file }));
      return ((await inspect) as GraphInspection).givesFrames;
    } finally {
      this.#owners.delete(client);
      client.end();
    }
  }

  #createClient(backend: Backend, load: (post: PostToWorker) => Promise<unknown>): WorkerClient {
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

  async #loadTextModel(source: ModelSource, post: PostToWorker): Promise<void> {
    const wasmUrl = new URL(FILES.wasm.wasm, this.options.assetBase).href;
    const files = await source.readTextModel();
    await handOver(files.graph, (graph) => post({ type: 'load-text-model', wasmUrl, ...files, graph }));
  }
}

/**
 * Makes sure of a graph that the CPU computes, where there is a doubt.
 *
 * @throws EarmarkError `model-incomplete` if that takes a file that has not been downloaded
 */
async function checkGraph(workers: AudioWorkers, graphs: GraphChoice, { descriptor }: ModelSource): Promise<void> {
  const isQuantised = () => graphs.current('wasm')?.dtype === 'q8';
  if (!graphs.hasSpare('wasm') && !isQuantised()) return;
  try {
    await workers.checkGraph();
  } catch (cause) {
    if (!isQuantised() || !(cause instanceof EarmarkError && cause.code === 'model-corrupt')) throw cause;
    throw new EarmarkError(
      'model-incomplete',
      `The 8-bit file of ${descriptor.name} gives no usable numbers in this browser. Its file of full precision does; download that, too, or go back to the built-in model.`,
      { cause },
    );
  }
}

/** Whether a file of the model is to blame, not who was to run it. */
function isMissingFile(error: unknown): boolean {
  if (error instanceof OtherFileError) return true;
  return error instanceof EarmarkError && (error.code === 'model-missing' || error.code === 'model-incomplete');
}

/** Resolves when the page has nothing to do; at once where nobody can tell. */
function idle(): Promise<void> {
  const { requestIdleCallback: whenIdle } = globalThis as { requestIdleCallback?: (callback: () => void) => number };
  return new Promise((resolve) => (whenIdle ? whenIdle(() => resolve()) : resolve()));
}

function withoutFineMode(choice: BackendChoice): BackendChoice {
  const reason = `${choice.reason}. Fine mode is not possible with the files of this model that are here, so it hears in windows`;
  return { ...choice, reason, fellBack: true };
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
async function cacheKey(
  [digest, channel]: readonly [string, number | undefined],
  { descriptor, frontEnd }: ModelSource,
  heardWith: HeardWith,
): Promise<string> {
  const { kind, melFramesPerFrame, windowFrames, minMelFrames } = descriptor;
  const parts = [
    ANALYSIS_VERSION,
    digest,
    channel === undefined ? 'mean of the channels' : `channel ${channel}`,
    ...('identity' in heardWith ? [heardWith.identity, 'served'] : [heardWith.sha256, heardWith.dtype]),
    frontEnd,
    { kind, melFramesPerFrame, windowFrames, minMelFrames },
  ];
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}

/** An engine; nothing is loaded before it is used. */
export function createEmbeddingEngine(options: EngineOptions): EmbeddingEngine {
  return new Engine(options);
}
