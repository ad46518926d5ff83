// What the page and an analysis worker say to each other. Every message belongs to a job: the page numbers its
// requests, a request is over with exactly one closing message of the same number. Buffers in a message marked
// "transferred" change owner; all others are copied.
import type { DescribedFile } from './described-file.js';
import type { EarmarkErrorCode } from './errors.js';
import type { UnderstoodClass } from './embedding-engine.js';
import type { ModelDescriptor } from './model-descriptor.js';
import type { StatedHash } from './model-offer.js';
import type { AnalysisWindow } from './window-plan.js';

/** What a worker has to know of the model that it hears with. */
export type HeardModel = Pick<
  ModelDescriptor,
  'kind' | 'melHop' | 'melFramesPerFrame' | 'minMelFrames' | 'clipSamples' | 'dimension'
>;

/** An audio graph that a server runs; it speaks the Open Inference Protocol, version 2. */
export interface ServedGraph {
  /** What requests for an inference are posted to. */
  readonly inferUrl: string;
  /** Sent as `Authorization: Bearer …`; null for servers that ask for none. */
  readonly token: string | null;
  /** Whether the server takes tensors as bytes instead of JSON (the binary tensor data extension). */
  readonly binary: boolean;
  /** The output that frames come from. */
  readonly frames: string;
  /** Most windows in one request. */
  readonly batch: number;
  /** After this long without an answer a request is tried again. */
  readonly timeoutMs: number;
}

/** What a worker needs to hear: sent once, before anything else. */
export interface LoadAudioModel {
  readonly type: 'load-audio-model';
  /** Absolute URL of the runtime's WebAssembly file. */
  readonly wasmUrl: string;
  /** The file of the graph, which the worker verifies, or where it is served. */
  readonly graph: DescribedFile | ServedGraph;
  /** The content of `preprocessor_config.json`. */
  readonly frontEnd: unknown;
  readonly model: HeardModel;
}

/** What a worker needs to read: sent once, before anything else. */
export interface LoadTextModel {
  readonly type: 'load-text-model';
  readonly wasmUrl: string;
  readonly graph: DescribedFile;
  /** The contents of `tokenizer.json` and `tokenizer_config.json`. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  /** Whether prompts are put between the tokenizer's special tokens. */
  readonly specialTokens: boolean;
  /** Names of the classes that the text model mixes prompts from, in their order; empty for models without. */
  readonly classes: readonly string[];
}

/** Neighbouring windows and the audio that they hear. */
export interface AnalyseSpan {
  readonly type: 'analyse-span';
  readonly windows: readonly AnalysisWindow[];
  readonly sourceRate: number;
  /** Samples of the whole recording at the source's rate. */
  readonly sourceLength: number;
  /** Position of the first sample in the recording, at the source's rate. */
  readonly start: number;
  /** Mono. Transferred. */
  readonly samples: Float32Array<ArrayBuffer>;
}

/** Encodes a fixed window, to compare backends by result and speed. */
export interface SelfTest {
  readonly type: 'self-test';
  /** Runs to take the time of, after one that warms up; 0 compares results only. */
  readonly timedRuns: number;
  /** A graph to encode the window with on the CPU of this worker's runtime, instead of with the worker's own session. */
  readonly onCpu?: DescribedFile;
}

/** Asks what a graph is able to, before anything is heard with it. */
export interface InspectGraph {
  readonly type: 'inspect-graph';
  readonly graph: DescribedFile;
}

export interface EmbedText {
  readonly type: 'embed-text';
  readonly text: string;
}

/** Hashes a file, for which nothing has to be loaded. */
export interface HashFileRequest {
  readonly type: 'hash-file';
  readonly content: Blob;
  readonly algorithm: StatedHash['algorithm'];
}

/** Stops a job after its current window; the job is still closed by a message of its own. */
export interface Cancel {
  readonly type: 'cancel';
}

export type WorkerRequest =
  LoadAudioModel | LoadTextModel | InspectGraph | HashFileRequest | AnalyseSpan | SelfTest | EmbedText;
export type ToWorker = { readonly job: number } & (WorkerRequest | Cancel);

/** One finished window of a span; more follow. */
export interface WindowResult {
  readonly type: 'window';
  readonly index: number;
  /** The kept frames, `[(keepEnd − keepStart) × D]` row-major, unit L2 norm; empty if the model gives none. Transferred. */
  readonly frames: Float32Array<ArrayBuffer>;
  /** `[D]`, unit L2 norm. Transferred. */
  readonly clip: Float32Array<ArrayBuffer>;
  /** Levels of the kept frames in dBFS, in equal parts of a frame. Transferred. */
  readonly levels: Float32Array<ArrayBuffer>;
}

export interface FileHash {
  readonly type: 'hashed';
  /** Lower-case hex. */
  readonly value: string;
}

export interface SelfTestResult {
  readonly type: 'self-tested';
  /** Embeddings of the fixed window, `[count × D]`: of its frames, or one of the whole. */
  readonly frames: Float32Array;
  readonly dimension: number;
  /** Median time of one window; null if no time was taken. */
  readonly milliseconds: number | null;
}

export interface GraphInspection {
  readonly type: 'inspected';
  /** Whether the graph of a model that embeds whole windows can be made to give frames. */
  readonly givesFrames: boolean;
}

export interface TextResult {
  readonly type: 'text';
  readonly vector: Float32Array;
  readonly bias: number;
  readonly understood: readonly UnderstoodClass[];
}

export interface Failure {
  readonly type: 'failed';
  readonly code: EarmarkErrorCode;
  readonly message: string;
  /** The worker can't be used any more: its runtime is in an unknown state. */
  readonly fatal: boolean;
  /** Set if a file that came with the request is another one than was described: its next content may be right. */
  readonly isOtherFile?: true;
}

/** Closes a job that has nothing to return: `done`, or `cancelled` when it stopped early. */
export interface Closed {
  readonly type: 'done' | 'cancelled';
}

export type WorkerReply = GraphInspection | FileHash | SelfTestResult | TextResult | Failure | Closed;
export type FromWorker = { readonly job: number } & (WorkerReply | WindowResult);
