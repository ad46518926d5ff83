import type { EmbeddingTrack } from './embedding-track.js';
import type { ModelDescriptor } from './model-descriptor.js';
import type { PcmSource } from './pcm-source.js';

/** What runs the model. */
export type Backend = 'wasm' | 'webgpu';

/** How the engine came to its backend; shown to the user. */
export interface BackendChoice {
  /** `remote`: a server runs the audio side, this machine the rest. */
  readonly backend: Backend | 'remote';
  /** One sentence, e.g. "WebGPU agreed with WASM and was 6.1 × faster". */
  readonly reason: string;
  /** Whether something better was tried and given up; the UI shows it as a notice. */
  readonly fellBack: boolean;
  /** Set when the GPU was lost and opened anew; the UI shows that as a notice, too. */
  readonly regained?: boolean;
  readonly workers: number;
  /** Host that features of the audio are sent to. Absent where everything stays in the page. */
  readonly sentTo?: string;
}

/** A prompt in the model's space. */
export interface TextEmbedding {
  /** `[D]`, unit L2 norm. */
  readonly vector: Float32Array;
  /** Added to scale·cosine to get the logit; 0 for models without one. */
  readonly bias: number;
  /** What the model took the prompt for, best first; empty where the model cannot tell. */
  readonly understood: readonly UnderstoodClass[];
}

export interface UnderstoodClass {
  readonly label: string;
  /** 0…1; the shares of one prompt add up to at most 1. */
  readonly share: number;
}

/** Progress of an analysis. */
export interface AnalysisProgress {
  readonly stage: 'hashing' | 'cache' | 'loading-model' | 'analysing' | 'storing';
  /** 0…1 of the analysis as a whole. */
  readonly fraction: number;
  /** Seconds still needed; null until there is something to judge by. */
  readonly etaSeconds: number | null;
  /** Share of the analysis, 0…1, that an interrupted one had come to: this one goes on from there. Absent where none had. */
  readonly continuedAt?: number;
}

export interface AnalyseOptions {
  readonly signal?: AbortSignal;
  /** Whether to look for the embeddings on the device, and to keep them there while they come. Default true. */
  readonly keep?: boolean;
  /** The channel to hear by itself, from 0. Default: the mean of all. */
  readonly channel?: number | undefined;
  /** The part to analyse first, in seconds of the source; asked again for every batch of windows. */
  readonly visibleRange?: () => { start: number; end: number };
  /**
   * The track as it stands now; the same object for the whole run, its arrays fill up. Only where the recording turns out
   * longer or shorter than it said, another one takes its place, with what has been analysed so far.
   */
  readonly onTrack?: (track: EmbeddingTrack) => void;
  /** Windows (indices into `plan.windows`) that have just been filled in. */
  readonly onWindows?: (indices: readonly number[]) => void;
  readonly onProgress?: (progress: AnalysisProgress) => void;
}

export interface AnalysisResult {
  readonly track: EmbeddingTrack;
  /** Whether all of it had been kept. */
  readonly fromCache: boolean;
  /** Share of it, 0…1, that had been heard before, of which nothing was heard again. Absent where nothing had. */
  readonly continuedAt?: number;
  /** Whether the next visit will find it on the device. */
  readonly kept: boolean;
  /** Wall-clock seconds that it took once the model was there. */
  readonly elapsedSeconds: number;
  /** Set when the result could not be kept on the device; the analysis itself is good. */
  readonly cacheError?: Error;
}

/** Turns audio and text into embeddings. One engine serves any number of recordings, one after another. */
export interface EmbeddingEngine {
  readonly descriptor: ModelDescriptor | null;
  readonly choice: BackendChoice | null;
  /** Loads the model and chooses a backend; further calls share the first one's result. A failure is not remembered. */
  load(signal?: AbortSignal): Promise<ModelDescriptor>;
  /**
   * Goes on where an interrupted analysis of the same recording stopped: of the same source in any case, of another one
   * (after a reload) where embeddings are kept. The result is the same to the bit.
   *
   * @throws DOMException `AbortError` when cancelled, within 200 ms
   * @throws EarmarkError `model-missing`, `model-corrupt`, `worker-missing`, `worker-crashed`, `out-of-memory`; `bad-option`
   *   for a channel that there is not
   */
  analyse(source: PcmSource, options?: AnalyseOptions): Promise<AnalysisResult>;
  /** Encodes a prompt; never touches audio. Same text, same object. */
  embedText(text: string, signal?: AbortSignal): Promise<TextEmbedding>;
  /** Ends all workers; what is pending rejects with `AbortError`. */
  destroy(): void;
}
