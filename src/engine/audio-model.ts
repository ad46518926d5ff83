import { LogMel } from '../dsp/log-mel.js';
import { parseFrontEndConfig } from '../dsp/front-end-config.js';
import { Resampler } from '../dsp/resample.js';
import { ClipFeatures } from './clap-features.js';
import { MelRunFeatures } from './mel-run-features.js';
import type { ModelRuntime, ModelSession } from './model-runtime.js';
import type { AnalyseSpan, HeardModel, LoadAudioModel, SelfTest, SelfTestResult, WindowResult } from './protocol.js';
import { RAW_FRAMES, withRawFrames } from './onnx-graph-outputs.js';
import { openServedSession } from './remote-session.js';
import { SpanSamples } from './span-samples.js';
import { normalizeRows } from './unit-rows.js';
import type { SpanFeatures, WindowFeatures } from './window-features.js';
import type { AnalysisWindow } from './window-plan.js';

/** Mel frames of the self-test's window for models that hear any length, 10.08 s for Pocket. */
const SELF_TEST_FRAMES = 1008;

/** What a model gives for one window; unit L2 norm, owned by the caller. */
interface HeardMel {
  readonly clip: Float32Array<ArrayBuffer>;
  /** `[frames × D]` row-major; empty if the model gives none. */
  readonly frames: Float32Array<ArrayBuffer>;
}

/** A window and what the model is going to hear of it. */
interface WindowToHear extends WindowFeatures {
  readonly window: AnalysisWindow;
}

/** The audio side of a model, inside a worker: samples in, embeddings out. */
export class AudioModel {
  readonly #runtime: ModelRuntime;
  readonly #session: ModelSession;
  readonly #logMel: LogMel;
  readonly #model: HeardModel;
  readonly #wasmUrl: string;
  /** The last recording's; its filter takes a while to make. */
  #resampler: Resampler | null = null;

  private constructor(runtime: ModelRuntime, session: ModelSession, { frontEnd, model, wasmUrl }: LoadAudioModel) {
    this.#runtime = runtime;
    this.#session = session;
    this.#logMel = new LogMel(parseFrontEndConfig(frontEnd));
    this.#model = model;
    this.#wasmUrl = wasmUrl;
  }

  static async load(runtime: ModelRuntime, message: LoadAudioModel): Promise<AudioModel> {
    const { graph, model, wasmUrl } = message;
    const session =
      graph instanceof ArrayBuffer
        ? await runtime.open(withRawFrames(new Uint8Array(graph)), wasmUrl)
        : openServedSession(graph, model);
    return new AudioModel(runtime, session, message);
  }

  /**
   * The windows of a span in their order. Every number depends on the recording alone, not on the span.
   *
   * @throws DOMException `AbortError` when cancelled, where the model can be stopped within a window
   */
  async *analyse(span: AnalyseSpan, signal?: AbortSignal): AsyncGenerator<WindowResult> {
    const features = this.#features(span);
    const batch: WindowToHear[] = [];
    for (const window of span.windows) {
      const next = { ...features.advance(window), window };
      if (batch.length > 0 && batch[0].mel.length !== next.mel.length) yield* this.#hear(batch.splice(0), signal);
      batch.push(next);
      if (batch.length === this.#session.batch) yield* this.#hear(batch.splice(0), signal);
    }
    if (batch.length > 0) yield* this.#hear(batch, signal);
  }

  /** @param batch windows of one length */
  async *#hear(batch: readonly WindowToHear[], signal: AbortSignal | undefined): AsyncGenerator<WindowResult> {
    const { dimension } = this.#model;
    const mels = batch.map(({ mel }) => mel);
    const heard = await this.#embed(this.#session, mels, signal);
    for (const [i, { window, levels }] of batch.entries()) {
      const { index, start, keepStart, keepEnd } = window;
      const { clip, frames } = heard[i];
      const kept = frames.slice((keepStart - start) * dimension, (keepEnd - start) * dimension);
      yield { type: 'window', index, frames: kept, clip, levels };
    }
  }

  #features(span: AnalyseSpan): SpanFeatures {
    if (this.#resampler?.sourceRate !== span.sourceRate)
      this.#resampler = new Resampler(span.sourceRate, this.#logMel.config.sampleRate);
    const samples = new SpanSamples(this.#resampler, span);
    const { clipSamples } = this.#model;
    return clipSamples === undefined
      ? new MelRunFeatures(this.#logMel, samples, this.#model, span)
      : new ClipFeatures(this.#logMel, samples, this.#model, clipSamples);
  }

  async selfTest({ timedRuns, onCpu }: SelfTest): Promise<SelfTestResult> {
    const session =
      onCpu === undefined
        ? this.#session
        : await this.#runtime.open(withRawFrames(new Uint8Array(onCpu)), this.#wasmUrl, 'wasm');
    try {
      const { clipSamples, dimension } = this.#model;
      const melFrames = clipSamples === undefined ? SELF_TEST_FRAMES : this.#logMel.frameCount(clipSamples);
      const mel = testMel(melFrames, this.#logMel.config.melBands);
      const [{ clip, frames }] = await this.#embed(session, [mel]);
      const times: number[] = [];
      for (let run = 0; run < timedRuns; run += 1) {
        const start = performance.now();
        await this.#embed(session, [mel]);
        times.push(performance.now() - start);
      }
      const milliseconds = times.sort((a, b) => a - b)[Math.floor(timedRuns / 2)] ?? null;
      return { type: 'self-tested', frames: frames.length > 0 ? frames : clip, dimension, milliseconds };
    } finally {
      if (session !== this.#session) await session.close();
    }
  }

  /** @param mels of one length, each `[melFrames × bands]` row-major, dB */
  async #embed(session: ModelSession, mels: readonly Float32Array[], signal?: AbortSignal): Promise<HeardMel[]> {
    const bands = this.#logMel.config.melBands;
    const [{ length }] = mels;
    const count = mels.length;
    const data = count === 1 ? mels[0] : new Float32Array(count * length);
    if (count > 1) for (const [i, mel] of mels.entries()) data.set(mel, i * length);
    const outputs = await session.run({ input_features: { data, dims: [count, 1, length / bands, bands] } }, signal);
    const { kind, dimension } = this.#model;
    const unit = (rows: Float32Array, i: number) => {
      const size = rows.length / count;
      return normalizeRows(rows.slice(i * size, (i + 1) * size), dimension);
    };
    return mels.map((_, i) => ({
      clip: unit(outputs['audio_embeds'], i),
      frames: kind === 'frames' ? unit(outputs[RAW_FRAMES] ?? outputs['frame_embeds'], i) : new Float32Array(),
    }));
  }
}

/** A spectrogram that moves in time and frequency over the range of real ones. */
function testMel(melFrames: number, bands: number): Float32Array {
  return Float32Array.from(
    { length: melFrames * bands },
    (_, i) =>
      -40 + 30 * Math.sin(i * 0.013) + 25 * Math.sin(Math.floor(i / bands) * 0.11) * Math.cos((i % bands) * 0.17),
  );
}
