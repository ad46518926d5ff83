import type { Detection } from '../../src/detection/detection.js';
import type { Seconds } from '../../src/dsp/units.js';
import type { TimeSpan } from '../../src/evaluation/time-span.js';
import type { PromptTemplate } from '../../src/tasks/prompt-template.js';

/** Where the page finds what it needs, and what it asks of every recording. */
export interface PageSetup {
  /** Folder of the package's workers, runtime and models, absolute. */
  readonly assetBase: string;
  /** Folder of the model, absolute; null for the built-in one. */
  readonly modelUrl: string | null;
  readonly labels: readonly string[];
  /** Whether to do without the model's own biases, and calibrate by the background instead. */
  readonly noBias: boolean;
  /** The words around prompts; null: those that the model is used to. */
  readonly template: PromptTemplate | null;
}

export interface PageReady {
  readonly model: string;
  readonly backend: string;
  readonly workers: number;
  /** Why this backend, in words. */
  readonly reason: string;
}

/** What was heard in one recording; the record keys are labels. */
export interface RecordingResult {
  readonly duration: Seconds;
  /** Wall-clock time from the encoded file to the embeddings. */
  readonly analysisSeconds: Seconds;
  /** Wall-clock time from the embeddings to each label's boxes. */
  readonly scoringSeconds: Readonly<Record<string, Seconds>>;
  readonly detections: Readonly<Record<string, Pick<Detection, 'boxes' | 'presence'>>>;
  /** For each of the events that were asked about all labels, the best first, as the one that it is. */
  readonly identified: readonly (readonly string[])[];
  readonly probabilities: FrameProbabilities | null;
}

/** The model's opinion of every frame before anything is decided. */
export interface FrameProbabilities {
  /** Frame *i* covers `[i·frameSeconds, (i+1)·frameSeconds)`. */
  readonly frameSeconds: Seconds;
  /** `[frameCount]` by label. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** What `--detections` writes. */
export type DetectionsByFile = Record<string, Pick<RecordingResult, 'duration' | 'detections'>>;

/** A result, or why there is none, ready to show. */
export type Outcome<T> = { readonly value: T } | { readonly failure: string };

/** What the page offers to the tool that drives it, as `window.evaluation`. */
export interface EvaluationPage {
  load(setup: PageSetup): Promise<Outcome<PageReady>>;
  /**
   * @param url of the encoded recording
   * @param events in it whose labels are to be told
   */
  listen(url: string, events: readonly TimeSpan[], withProbabilities: boolean): Promise<Outcome<RecordingResult>>;
}

declare global {
  interface Window {
    evaluation: EvaluationPage;
  }
}
