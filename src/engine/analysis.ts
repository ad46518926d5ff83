import type { Samples } from '../dsp/units.js';
import { abortable } from './abortable.js';
import type { AudioWorkers } from './audio-workers.js';
import type { AnalyseOptions } from './embedding-engine.js';
import { addWindow, clipCount, emptyTrack, heardIn, type EmbeddingTrack } from './embedding-track.js';
import { EarmarkError, isAbortError } from './errors.js';
import { type HeardBatch, type HeardSoFar, unpackWindows } from './heard-batch.js';
import { frameHop, type ModelDescriptor } from './model-descriptor.js';
import type { MonoSource } from './mono-source.js';
import type { WindowResult } from './protocol.js';
import { modelFrameCount, nextWindows, type AnalysisWindow } from './window-plan.js';

/** Windows in the longest span: some 25 s. Longer ones would share less audio, and take more memory, several times over. */
const LONGEST_SPAN = 4;
/**
 * Most samples that a span is made of, over all channels: 12 MB, which a page whose recording lies in its memory mixes
 * in some milliseconds. At least one window, however large.
 */
const MOST_SPAN_SAMPLES = 3_000_000;
/**
 * Audio read beyond a window's ends: more than half a frame of the STFT, and more than the reach of the resampler's
 * filter, which at low rates is a number of samples. The worker checks that it was enough.
 */
const MARGIN_SECONDS = 0.05;
const MARGIN_SAMPLES = 128;
/** How far past the stated end of a recording it is looked for more. */
const PROBE_SECONDS = 1;
/** A recording that goes on past its stated end is taken to be longer by half, at least by this. */
const LEAST_GROWTH_SECONDS = 60;

const WAITING = 0;
const IN_WORK = 1;
const DONE = 2;

/** Audio of a recording at its own rate, `[start, end)`. */
interface SpanAudio {
  readonly start: Samples;
  /** Less than was asked for where the recording ends. */
  readonly end: Samples;
  readonly samples: Float32Array<ArrayBuffer>;
}

export interface AnalysisContext {
  readonly model: ModelDescriptor;
  readonly workers: AudioWorkers;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** A window has been heard in this run, by its index. */
  readonly onHeard: (index: number) => void;
}

/** One run over a recording: reads its audio span by span, has its windows analysed and puts the track together. */
export class Analysis {
  #track: EmbeddingTrack;
  #states: Uint8Array;
  /** Length of the recording as far as it is known; certain once its end has been seen. */
  #length: Samples;
  #endSeen: boolean;
  #spanCount = 0;
  /** Windows that have been heard in this run. */
  #windowCount = 0;
  /** Share of the windows that had been heard before; null where none had. */
  #continuedAt: number | null = null;
  #firstSpanAt = 0;
  /** Spans that workers have been given. */
  readonly #inWork = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  /** Settles what {@link run} gives as soon as nothing waits any more. */
  #onComplete: () => void = () => {};
  readonly #completed = new Promise<void>((resolve) => {
    this.#onComplete = resolve;
  });

  /** @param before what an earlier run over the same recording, with the same model, has come to */
  constructor(
    private readonly source: MonoSource,
    private readonly context: AnalysisContext,
    private readonly options: AnalyseOptions,
    before: HeardSoFar | null = null,
  ) {
    this.#length = before?.length ?? Math.max(1, source.length);
    this.#endSeen = before?.endSeen ?? false;
    this.#track = before?.track ?? this.#emptyTrack();
    this.#states = this.#track.analysed.map((value) => (value === 1 ? DONE : WAITING));
    this.options.onTrack?.(this.#track);
    if (before) this.goOn();
  }

  get heard(): HeardSoFar {
    return { track: this.#track, length: this.#length, endSeen: this.#endSeen };
  }

  /** Windows that have not been heard. */
  get left(): number {
    return this.#states.reduce((sum, state) => sum + (state === DONE ? 0 : 1), 0);
  }

  /** Windows that have been heard in this run. */
  get windowCount(): number {
    return this.#windowCount;
  }

  /** Share of the windows that had been heard before; null where none had. */
  get continuedAt(): number | null {
    return this.#continuedAt;
  }

  /**
   * Takes windows that had been heard earlier; they are not heard again. Call {@link goOn} when all are taken.
   *
   * @returns indices of the windows that were taken, or had been heard by now all the same
   */
  adopt(batch: HeardBatch): readonly number[] {
    if (!this.#endSeen && (batch.endSeen || batch.length > this.#length)) {
      this.#endSeen = batch.endSeen;
      this.#replan(batch.length);
    }
    // Short windows have other indices in a plan for another length.
    if (batch.endSeen && batch.length !== this.#length) return [];
    const windows = unpackWindows(batch, this.#track);
    for (const [window, heard] of windows) {
      if (this.#states[window.index] === DONE) continue;
      addWindow(this.#track, window, heard);
      this.#states[window.index] = DONE;
    }
    return windows.map(([{ index }]) => index);
  }

  /** Tells what had been heard before, and ends the run if that was all. */
  goOn(): void {
    const done = this.#track.plan.windows.flatMap(({ index }) => (this.#states[index] === DONE ? [index] : []));
    if (done.length <= this.#windowCount) return;
    this.#continuedAt = (done.length - this.#windowCount) / this.#states.length;
    this.options.onWindows?.(done);
    if (this.left === 0) this.#onComplete();
    else this.#report();
  }

  /**
   * @throws DOMException `AbortError` at once when cancelled
   * @throws EarmarkError `empty-audio`, and what workers and source report
   */
  async run(): Promise<EmbeddingTrack> {
    const { signal } = this.options;
    const stop = () => this.#stop.abort();
    signal?.addEventListener('abort', stop);
    try {
      await abortable(Promise.race([this.#run(), this.#completed]), signal);
      return this.#track;
    } catch (error) {
      // One failure stops all that runs beside it; what is told is the failure, not the stop.
      throw this.#stop.signal.aborted ? this.#stop.signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  async #run(): Promise<void> {
    const { workers } = this.context;
    for (;;) {
      await Promise.race([workers.room(), ...this.#inWork]);
      this.#stop.signal.throwIfAborted();
      const windows = this.#nextSpan();
      if (windows.length > 0) await this.#analyse(windows);
      else if (this.#inWork.size > 0) await Promise.race(this.#inWork);
      else return;
    }
  }

  /** Short spans at first, so that a curve stands early, and at the end, so that all workers finish together. */
  #nextSpan(): AnalysisWindow[] {
    const workerCount = this.context.workers.count;
    const { plan, grid } = this.#track;
    const waiting = this.#states.reduce((sum, state) => sum + (state === WAITING ? 1 : 0), 0);
    const most = Math.min(
      LONGEST_SPAN,
      2 ** Math.floor(this.#spanCount / workerCount),
      Math.ceil(waiting / workerCount),
    );
    const visibleStart = this.options.visibleRange?.().start ?? 0;
    const firstVisible = Math.floor((visibleStart * grid.sampleRate) / grid.hop);
    const windows = nextWindows(plan, (index) => this.#states[index] === WAITING, firstVisible, most);
    return windows.filter((window, i) => i === 0 || this.#spanSamples(windows[0], window) <= MOST_SPAN_SAMPLES);
  }

  /** Samples that a span of these windows and those between them is made of, over all channels. */
  #spanSamples(first: AnalysisWindow, last: AnalysisWindow): Samples {
    const { start, end } = this.#audioRange(first.start, last.start + last.length);
    return (end - start) * this.source.mixedFrom;
  }

  async #analyse(chosen: readonly AnalysisWindow[]): Promise<void> {
    const audio = await this.#readAudio(chosen);
    this.#stop.signal.throwIfAborted();
    // Seeing the end may have changed the plan.
    const windows = chosen.flatMap(({ index }) => this.#track.plan.windows.slice(index, index + 1));
    const ready = windows.filter((window) => this.#isCovered(window, audio));
    if (ready.length === 0) return;
    for (const { index } of ready) this.#states[index] = IN_WORK;
    if (this.#spanCount === 0) this.#firstSpanAt = this.context.now();
    this.#spanCount += 1;
    const work = this.#runSpan(ready, audio);
    this.#inWork.add(work);
    work.then(
      () => this.#inWork.delete(work),
      (error: unknown) => this.#stop.abort(error),
    );
  }

  async #runSpan(windows: readonly AnalysisWindow[], audio: SpanAudio): Promise<void> {
    const { workers } = this.context;
    const { start, samples } = audio;
    const sourceRate = this.source.sampleRate;
    try {
      await workers.run(
        { type: 'analyse-span', windows, sourceRate, sourceLength: this.#length, start, samples },
        (result) => this.#receive(result),
        this.#stop.signal,
      );
    } catch (error) {
      for (const { index } of windows) if (this.#states[index] === IN_WORK) this.#states[index] = WAITING;
      if (this.#stop.signal.aborted) throw error;
      // A worker that was ended to be replaced is not one that failed.
      if (!isAbortError(error)) await workers.recover(error as Error);
    }
  }

  #receive(result: WindowResult): void {
    const { index } = result;
    // It has come to light meanwhile that it had been heard before.
    if (this.#states[index] === DONE) return;
    addWindow(this.#track, this.#track.plan.windows[index], result);
    this.#states[index] = DONE;
    this.#windowCount += 1;
    this.context.onHeard(index);
    this.options.onWindows?.([index]);
    this.#report();
  }

  #report(): void {
    const elapsed = (this.context.now() - this.#firstSpanAt) / 1000;
    const { left } = this;
    this.options.onProgress?.({
      stage: 'analysing',
      fraction: (this.#states.length - left) / this.#states.length,
      // The first window also pays for warming up.
      etaSeconds: this.#windowCount > 1 ? (elapsed / this.#windowCount) * left : null,
      ...(this.#continuedAt !== null && { continuedAt: this.#continuedAt }),
    });
  }

  async #readAudio(windows: readonly AnalysisWindow[]): Promise<SpanAudio> {
    const last = windows[windows.length - 1];
    const { start, end } = this.#audioRange(windows[0].start, last.start + last.length);
    if (this.#endSeen) return this.#read(start, Math.min(end, this.#length));
    const wanted = end < this.#length ? end : end + this.#samples(PROBE_SECONDS);
    const audio = await this.#read(start, wanted);
    if (audio.end < wanted) {
      if (audio.end === 0) throw new EarmarkError('empty-audio', 'The recording holds no audio. Choose another file.');
      // Nothing at all was read behind the end, which then has to be looked for further to the front.
      this.#endSeen = audio.end > audio.start;
      this.#replan(audio.end);
    } else if (end >= this.#length) {
      this.#replan(audio.end + Math.max(this.#samples(LEAST_GROWTH_SECONDS), Math.floor(audio.end / 2)));
    }
    return audio;
  }

  async #read(start: Samples, end: Samples): Promise<SpanAudio> {
    const [samples] = await this.source.read(start, end - start, this.#stop.signal);
    return { start, end: start + samples.length, samples };
  }

  /** Goes on with another length. Windows are anchored at sample 0, so what has been heard stays valid. */
  #replan(length: Samples): void {
    if (length === this.#length) return;
    const former = this.#track;
    const formerStates = this.#states;
    this.#length = length;
    const track = this.#emptyTrack();
    if (track.plan.frameCount === former.plan.frameCount) return;
    this.#states = new Uint8Array(track.plan.windows.length);
    // Short windows, whose indices have changed, begin only when the end has been seen.
    const same = Math.min(clipCount(track.plan), clipCount(former.plan));
    for (const window of track.plan.windows.slice(0, same)) {
      this.#states[window.index] = formerStates[window.index];
      if (formerStates[window.index] === DONE) addWindow(track, window, heardIn(former, window));
    }
    this.#track = track;
    this.options.onTrack?.(track);
  }

  #emptyTrack(): EmbeddingTrack {
    const { model } = this.context;
    return emptyTrack(modelFrameCount(this.#length, this.source.sampleRate, model), model);
  }

  #samples(seconds: number): Samples {
    return Math.ceil(seconds * this.source.sampleRate);
  }

  get #margin(): Samples {
    return this.#samples(MARGIN_SECONDS) + MARGIN_SAMPLES;
  }

  /** The source's samples that the model frames `[from, to)` depend on; may reach past the end. */
  #audioRange(from: number, to: number): { start: Samples; end: Samples } {
    const { model } = this.context;
    const frameSamples = (frameHop(model) * this.source.sampleRate) / model.sampleRate;
    return {
      start: Math.max(0, Math.floor(from * frameSamples) - this.#margin),
      end: Math.ceil(to * frameSamples) + this.#margin,
    };
  }

  #isCovered({ start, length }: AnalysisWindow, audio: SpanAudio): boolean {
    const { start: first, end } = this.#audioRange(start, start + length);
    // The last window of a plan may begin earlier than in the plan before.
    if (first < audio.start) return false;
    return this.#endSeen ? Math.min(end, this.#length) <= audio.end : end <= audio.end && end < this.#length;
  }
}
