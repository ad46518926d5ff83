import type {
  AnalyseOptions,
  AnalysisResult,
  BackendChoice,
  EmbeddingEngine,
  TextEmbedding,
} from '../../src/engine/embedding-engine.js';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import { abortError, EarmarkError } from '../../src/engine/errors.js';
import type { ModelDescriptor } from '../../src/engine/model-descriptor.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import type { AnalysisWindow } from '../../src/engine/window-plan.js';
import type { AudioOpener, EngineSettings } from '../../src/plugin/options.js';

/** A sound in a fake recording. */
export interface FakeSound {
  /** The prompt that finds it. */
  readonly text: string;
  /** Seconds; multiples of .16 are found exactly. */
  readonly start: number;
  readonly end: number;
  /** How well it fits the prompt, 0…1; default 1. */
  readonly strength?: number;
  /** The only channel that it is in; default all. */
  readonly channel?: number;
}

/** A recording that says what is in it instead of having samples. */
export class FakeRecording implements PcmSource {
  readonly sampleRate = 32_000;
  readonly length: number;
  closed = false;

  constructor(
    readonly duration: number,
    readonly sounds: readonly FakeSound[],
    readonly channelCount = 1,
  ) {
    this.length = Math.round(duration * this.sampleRate);
  }

  digest(): Promise<string> {
    return Promise.resolve(JSON.stringify(this.sounds));
  }

  read(_start: number, _count: number, _signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.reject(new Error('A fake recording has no samples.'));
  }

  close(): void {
    this.closed = true;
  }
}

/** What can go wrong, and how long things take. All may be changed while the engine runs. */
export interface FakeEngineControls {
  /** Milliseconds that one window takes. */
  windowDelay: number;
  loadDelay: number;
  textDelay: number;
  loadError: Error | null;
  /** Thrown after `failAfterWindows` windows. */
  analyseError: Error | null;
  failAfterWindows: number;
  textError: Error | null;
  cacheError: Error | null;
  /** Goes on after an abort, as a worker does that is busy with its window. */
  deaf: boolean;
}

const HOP = 5_120;
const WINDOW_FRAMES = 50;
const DIMENSION = 32;

/** Logits of what is there and of what is not: ±10. */
const SCALE = 20;
const BIAS = -10;

export const FAKE_MODEL: ModelDescriptor = {
  kind: 'frames',
  id: 'fake',
  name: 'Fake model',
  revision: '1',
  licence: 'MIT',
  files: [],
  bytes: 1_000,
  sampleRate: 32_000,
  dimension: DIMENSION,
  melHop: 320,
  melFramesPerFrame: 16,
  windowFrames: WINDOW_FRAMES,
  minMelFrames: 16,
  logitScale: SCALE,
  calibrated: true,
};

/** An engine that hears the sounds of a {@link FakeRecording}: every text has a coordinate of its own. */
export class FakeEngine implements EmbeddingEngine {
  descriptor: ModelDescriptor | null = null;
  choice: BackendChoice | null = null;
  destroyed = false;
  /** Windows computed so far, over all analyses. */
  windowsComputed = 0;
  /** Analyses started so far. */
  analyses = 0;
  readonly #ended = new AbortController();
  readonly #texts = new Map<string, TextEmbedding>();

  constructor(
    readonly controls: FakeEngineControls,
    readonly settings?: EngineSettings,
  ) {}

  async load(signal?: AbortSignal): Promise<ModelDescriptor> {
    await this.#pause(this.controls.loadDelay, signal);
    if (this.controls.loadError) throw this.controls.loadError;
    const backend = this.settings?.backend === 'webgpu' ? 'webgpu' : 'wasm';
    this.choice = { backend, reason: 'There is only one.', fellBack: false, workers: 1 };
    this.descriptor = FAKE_MODEL;
    return FAKE_MODEL;
  }

  async analyse(source: PcmSource, options: AnalyseOptions = {}): Promise<AnalysisResult> {
    const started = performance.now();
    const { controls } = this;
    this.analyses += 1;
    const recording = source as FakeRecording;
    const track = emptyTrack(recording);
    options.onTrack?.(track);
    const { windows } = track.plan;
    for (const [done, window] of windows.entries()) {
      await this.#pause(controls.windowDelay, options.signal);
      if (controls.analyseError && done >= controls.failAfterWindows) throw controls.analyseError;
      this.#hear(recording, track, window, options.channel);
      options.onWindows?.([window.index]);
      options.onProgress?.({ stage: 'analysing', fraction: (done + 1) / windows.length, etaSeconds: null });
    }
    const { cacheError } = controls;
    const elapsedSeconds = (performance.now() - started) / 1000;
    return { track, fromCache: false, kept: !cacheError, elapsedSeconds, ...(cacheError ? { cacheError } : {}) };
  }

  async embedText(text: string, signal?: AbortSignal): Promise<TextEmbedding> {
    await this.#pause(this.controls.textDelay, signal);
    if (this.controls.textError) throw this.controls.textError;
    const known = this.#texts.get(text);
    if (known) return known;
    const vector = new Float32Array(DIMENSION);
    vector[coordinateOf(text)] = 1;
    const embedding = { vector, bias: BIAS, understood: [{ label: text, share: 1 }] };
    this.#texts.set(text, embedding);
    return embedding;
  }

  destroy(): void {
    this.destroyed = true;
    this.#ended.abort(abortError());
  }

  #hear(recording: FakeRecording, track: EmbeddingTrack, window: AnalysisWindow, channel?: number): void {
    this.windowsComputed += 1;
    for (let frame = window.keepStart; frame < window.keepEnd; frame += 1) {
      const middle = ((frame + 0.5) * HOP) / recording.sampleRate;
      const row = track.frames.subarray(frame * DIMENSION, (frame + 1) * DIMENSION);
      let rest = 1;
      for (const sound of recording.sounds) {
        if (middle < sound.start || middle >= sound.end) continue;
        if (channel !== undefined && sound.channel !== undefined && sound.channel !== channel) continue;
        const strength = sound.strength ?? 1;
        row[coordinateOf(sound.text)] = strength;
        rest -= strength ** 2;
      }
      row[0] = Math.sqrt(Math.max(0, rest));
      track.levels[frame] = -20;
    }
    track.clips[window.index * DIMENSION] = 1;
    track.analysed[window.index] = 1;
  }

  async #pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([this.#ended.signal, ...(signal && !this.controls.deaf ? [signal] : [])]);
    stop.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        stop.removeEventListener('abort', cancel);
        resolve();
      }, milliseconds);
      const cancel = (): void => {
        clearTimeout(timer);
        reject(abortError());
      };
      stop.addEventListener('abort', cancel, { once: true });
    });
  }
}

/** The engines made for one Earmark, and what they shall do. */
export class FakeEngines {
  readonly made: FakeEngine[] = [];
  readonly controls: FakeEngineControls;

  constructor(controls: Partial<FakeEngineControls> = {}) {
    this.controls = {
      windowDelay: 0,
      loadDelay: 0,
      textDelay: 0,
      loadError: null,
      analyseError: null,
      failAfterWindows: 0,
      textError: null,
      cacheError: null,
      deaf: false,
      ...controls,
    };
  }

  get last(): FakeEngine {
    const engine = this.made.at(-1);
    if (!engine) throw new Error('No engine has been made yet.');
    return engine;
  }

  readonly create = (settings: EngineSettings): FakeEngine => {
    const engine = new FakeEngine(this.controls, settings);
    this.made.push(engine);
    return engine;
  };
}

/** Opens recordings by name; other names are no audio. */
export function fakeAudioOpener(recordings: Readonly<Record<string, FakeRecording>>, delay = 0): AudioOpener {
  return async (input, { signal, name }) => {
    await new Promise((resolve) => setTimeout(resolve, delay));
    signal.throwIfAborted();
    const key = input instanceof Blob ? await input.text() : (input as string);
    const source = recordings[key];
    if (!source) throw new EarmarkError('not-audio', `${key} is not audio.`);
    source.closed = false;
    const { duration, sampleRate, channelCount } = source;
    return {
      source,
      data: new Blob([key]),
      name: name ?? key,
      duration,
      sampleRate,
      channelCount,
      codec: null,
      warnings: [],
    };
  };
}

/** Opens anything as the same recording, and keeps what it was given. */
export function openAnythingAs(recording: FakeRecording): { opener: AudioOpener; opened: (Blob | URL | string)[] } {
  const opened: (Blob | URL | string)[] = [];
  const opener: AudioOpener = (input, { name }) => {
    opened.push(input as Blob | URL | string);
    const { duration, sampleRate, channelCount } = recording;
    return Promise.resolve({
      source: recording,
      data: new Blob(),
      name: name ?? 'recording',
      duration,
      sampleRate,
      channelCount,
      codec: null,
      warnings: [],
    });
  };
  return { opener, opened };
}

/** Texts get coordinates in the order in which they are first seen; 0 is the background. */
const coordinates = new Map<string, number>();

function coordinateOf(text: string): number {
  const key = text.toLowerCase();
  const known = coordinates.get(key);
  if (known !== undefined) return known;
  const next = 1 + (coordinates.size % (DIMENSION - 1));
  coordinates.set(key, next);
  return next;
}

function emptyTrack(recording: FakeRecording): EmbeddingTrack {
  const frameCount = Math.ceil(recording.length / HOP);
  const windows = Array.from({ length: Math.ceil(frameCount / WINDOW_FRAMES) }, (_, index): AnalysisWindow => {
    const start = index * WINDOW_FRAMES;
    const length = Math.min(WINDOW_FRAMES, frameCount - start);
    return { index, start, length, keepStart: start, keepEnd: start + length };
  });
  return {
    grid: { sampleRate: recording.sampleRate, offset: 0, hop: HOP, frameCount },
    dimension: DIMENSION,
    frames: new Float32Array(frameCount * DIMENSION),
    clips: new Float32Array(windows.length * DIMENSION),
    levels: new Float32Array(frameCount).fill(-Infinity),
    plan: { frameCount, melFramesPerFrame: 16, windows },
    analysed: new Uint8Array(windows.length),
  };
}
