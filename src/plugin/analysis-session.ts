import type { BackgroundEmbeddings } from '../detection/background-calibration.js';
import { detect } from '../detection/detect.js';
import type { Detection } from '../detection/detection.js';
import type { AnalysisProgress, AnalysisResult, EmbeddingEngine, TextEmbedding } from '../engine/embedding-engine.js';
import type { EmbeddingTrack } from '../engine/embedding-track.js';
import type { EarmarkError } from '../engine/errors.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';
import type { PcmSource } from '../engine/pcm-source.js';
import { PromptScorer } from '../tasks/prompt-scorer.js';
import { breathe } from './breathe.js';
import { toEarmarkError } from './notices.js';
import type { PromptPolarity } from './prompt.js';
import type { AnalysisState } from './state.js';

/** A prompt as the session scores it. */
export interface EncodedPrompt {
  readonly id: string;
  /** `class`: of a split, heard by itself. */
  readonly polarity: PromptPolarity | 'class';
  readonly embedding: TextEmbedding;
}

/** Where a session tells what it has found out. */
export interface AnalysisListener {
  /** The part of the source that is on screen, in seconds. */
  visibleRange(): { start: number; end: number };
  onAnalysis(state: AnalysisState): void;
  /** @param complete whether it speaks of the whole recording */
  onDetection(promptId: string, detection: Detection, complete: boolean): void;
  onResult(result: AnalysisResult): void;
  onFailure(error: EarmarkError): void;
}

/** What there is to score prompts against. */
export interface Heard {
  readonly track: EmbeddingTrack;
  readonly model: ModelDescriptor;
  /** What prompts are calibrated by; null for a model that is calibrated. */
  readonly background: BackgroundEmbeddings | null;
}

interface ScoredPrompt extends EncodedPrompt {
  readonly scorer: PromptScorer;
  /** Whether its evidence, or that of a contrast prompt, has changed since its detection. */
  stale: boolean;
}

/** Least time between two passes over all prompts while windows stream in, ms: more often is not seen. */
const MIN_PASS_INTERVAL = 100;

/** Passes take at most one part in this many of the main thread's time while windows stream in. */
const PASS_INTERVAL_RATIO = 16;

/** Windows that are scored between two looks at the clock: half a millisecond or so. */
const WINDOWS_AT_ONCE = 64;

/**
 * Analyses one recording with one engine, and scores prompts against whatever has been heard of it so far.
 *
 * ```
 * engine ──windows──► track ──► a PromptScorer per prompt ──► evidence ──detect──► curve, boxes, presence
 * ```
 *
 * Windows only mark the prompts as behind; passes over the prompts follow at most ten times a second. A prompt that is
 * added later is scored against the track at once, without any audio inference.
 */
export class AnalysisSession {
  readonly #source: PcmSource;
  readonly #engine: () => Promise<EmbeddingEngine>;
  readonly #listener: AnalysisListener;
  readonly #channel: number | null;
  /** Seconds. */
  readonly #duration: number;
  #run = new AbortController();
  #state: AnalysisState = { phase: 'idle' };
  #failure: EarmarkError | null = null;
  #heard: Heard | null = null;
  #complete = false;
  #prompts: readonly EncodedPrompt[] = [];
  #scored = new Map<string, ScoredPrompt>();
  #passes: Promise<void> | null = null;
  #passWanted = false;
  #passTimer: ReturnType<typeof setTimeout> | undefined;
  #nextPassAt = 0;
  #closed = false;

  /** @param channel the channel to hear; null: the mean of all */
  constructor(
    source: PcmSource,
    engine: () => Promise<EmbeddingEngine>,
    listener: AnalysisListener,
    channel: number | null = null,
  ) {
    this.#source = source;
    this.#channel = channel;
    this.#duration = source.length / source.sampleRate;
    this.#engine = engine;
    this.#listener = listener;
  }

  get state(): AnalysisState {
    return this.#state;
  }

  /** Why the analysis failed; null when it did not. */
  get failure(): EarmarkError | null {
    return this.#failure;
  }

  /** What has been heard so far; its track fills up while the analysis runs. */
  get heard(): Heard | null {
    return this.#heard;
  }

  /** Starts the analysis, goes on with one that was stopped, or starts it anew; what was found stays until there is something better. */
  start(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#complete = false;
    this.#failure = null;
    this.#setState(runningWith({ stage: 'loading-model', fraction: 0, etaSeconds: null }));
    void this.#analyse(this.#run.signal);
  }

  /** Stops the analysis; what has been heard so far stays, and prompts can still be scored against it. */
  cancel(): void {
    if (this.#state.phase !== 'running') return;
    this.#run.abort();
    this.#setState({ phase: 'cancelled', fraction: this.#state.progress.fraction });
  }

  /** Ends the session silently; the source stays open. */
  close(): void {
    this.#closed = true;
    this.#run.abort();
    clearTimeout(this.#passTimer);
    this.#heard = null;
    this.#scored.clear();
  }

  /** The prompts to score from now on; new ones are scored at once. */
  setPrompts(prompts: readonly EncodedPrompt[]): void {
    this.#prompts = prompts;
    this.#passInBackground();
  }

  async #analyse(signal: AbortSignal): Promise<void> {
    try {
      const engine = await this.#engine();
      signal.throwIfAborted();
      const model = await engine.load(signal);
      const background = model.calibrated ? null : await this.#hearBackground(engine, signal);
      const result = await engine.analyse(this.#source, {
        signal,
        channel: this.#channel ?? undefined,
        visibleRange: () => this.#listener.visibleRange(),
        onTrack: (track) => {
          if (!signal.aborted) this.#hear({ track, model, background });
        },
        onWindows: () => {
          if (!signal.aborted) this.#passSoon();
        },
        onProgress: (progress) => {
          if (!signal.aborted) this.#setState(runningWith(progress));
        },
      });
      if (signal.aborted) return;
      this.#hear({ track: result.track, model, background });
      this.#complete = true;
      for (const prompt of this.#scored.values()) prompt.stale = true;
      await this.#passNow();
      if (signal.aborted) return;
      const { elapsedSeconds, fromCache, kept, continuedAt } = result;
      const from = continuedAt === undefined ? {} : { continuedAt };
      this.#setState({ phase: 'done', elapsedSeconds, fromCache, kept, ...from });
      this.#listener.onResult(result);
    } catch (error) {
      if (signal.aborted) return;
      const failure = toEarmarkError(error);
      this.#failure = failure;
      this.#setState({ phase: 'failed', code: failure.code, message: failure.message });
      this.#listener.onFailure(failure);
    }
  }

  /** What prompts are calibrated by; it makes the model ready, and counts as part of loading it. */
  async #hearBackground(engine: EmbeddingEngine, signal: AbortSignal): Promise<BackgroundEmbeddings> {
    const { backgroundOf } = await import('../tasks/background.js');
    return backgroundOf(engine, {
      signal,
      onProgress: ({ fraction, etaSeconds }) => {
        if (!signal.aborted) this.#setState(runningWith({ stage: 'loading-model', fraction, etaSeconds }));
      },
    });
  }

  #hear(heard: Heard): void {
    if (this.#heard?.track === heard.track) return;
    this.#heard = heard;
    this.#scored.clear();
  }

  #setState(state: AnalysisState): void {
    this.#state = state;
    this.#listener.onAnalysis(state);
  }

  /** Passes over the prompts when it is time again. */
  #passSoon(): void {
    if (this.#passTimer !== undefined || this.#passWanted) return;
    this.#passTimer = setTimeout(() => this.#passInBackground(), Math.max(0, this.#nextPassAt - performance.now()));
  }

  /** Resolves when all prompts are scored against all that has been heard by now. */
  #passNow(): Promise<void> {
    clearTimeout(this.#passTimer);
    this.#passTimer = undefined;
    this.#passWanted = true;
    this.#passes ??= this.#passUntilDone();
    return this.#passes;
  }

  #passInBackground(): void {
    this.#passNow().catch((error: unknown) => this.#listener.onFailure(toEarmarkError(error)));
  }

  async #passUntilDone(): Promise<void> {
    try {
      while (this.#passWanted && !this.#closed) {
        this.#passWanted = false;
        const start = performance.now();
        await this.#pass();
        const now = performance.now();
        this.#nextPassAt = Math.max(start + MIN_PASS_INTERVAL, now + PASS_INTERVAL_RATIO * (now - start));
      }
    } finally {
      // In the same turn as the last look at what is wanted, or a wish in between would be lost.
      this.#passes = null;
    }
  }

  async #pass(): Promise<void> {
    const slice = { start: performance.now() };
    const prompts = this.#syncScored();
    for (const prompt of prompts) {
      while (prompt.scorer.update(WINDOWS_AT_ONCE) > 0) {
        markStale(prompts, prompt);
        await breathe(slice);
      }
    }
    for (const prompt of prompts) {
      if (!prompt.stale || this.#scored.get(prompt.id) !== prompt) continue;
      prompt.stale = false;
      const contrasts = prompt.polarity === 'target' ? prompts.filter((other) => other.polarity === 'contrast') : [];
      const detection = detect(
        prompt.scorer.evidence,
        {},
        contrasts.map((contrast) => contrast.scorer.evidence),
      );
      this.#listener.onDetection(prompt.id, withinRecording(detection, this.#duration), this.#complete);
      await breathe(slice);
    }
  }

  /** Brings the scorers in line with the prompts and the track. */
  #syncScored(): ScoredPrompt[] {
    if (!this.#heard) return [];
    const { track, model, background } = this.#heard;
    const before = this.#scored;
    const oldContrasts = contrastEmbeddings([...before.values()]);
    const contrasts = contrastEmbeddings(this.#prompts);
    const contrastsChanged =
      contrasts.length !== oldContrasts.length || contrasts.some((embedding, i) => embedding !== oldContrasts[i]);
    const scored = this.#prompts.map((prompt): ScoredPrompt => {
      const same = before.get(prompt.id);
      if (same?.embedding !== prompt.embedding) {
        return { ...prompt, scorer: new PromptScorer(track, prompt.embedding, model, background), stale: true };
      }
      const stale = same.stale || contrastsChanged || same.polarity !== prompt.polarity;
      return { ...prompt, scorer: same.scorer, stale };
    });
    this.#scored = new Map(scored.map((prompt) => [prompt.id, prompt]));
    return scored;
  }
}

function runningWith(progress: AnalysisProgress): AnalysisState {
  return { phase: 'running', progress };
}

function contrastEmbeddings(prompts: readonly EncodedPrompt[]): TextEmbedding[] {
  return prompts.flatMap(({ polarity, embedding }) => (polarity === 'contrast' ? [embedding] : []));
}

/** The last frame reaches past the end of the recording; its events do not. */
function withinRecording(detection: Detection, duration: number): Detection {
  const boxes = detection.boxes
    .filter((box) => box.start < duration)
    .map((box) => (box.end > duration ? { ...box, end: duration } : box));
  return { ...detection, boxes };
}

/** New evidence of a contrast prompt concerns all the others too. */
function markStale(prompts: readonly ScoredPrompt[], changed: ScoredPrompt): void {
  changed.stale = true;
  if (changed.polarity === 'contrast') for (const prompt of prompts) prompt.stale = true;
}
