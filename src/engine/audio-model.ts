import { LogMel } from '../dsp/log-mel.js';
import { parseFrontEndConfig } from '../dsp/front-end-config.js';
import { Resampler } from '../dsp/resample.js';
import { ClipFeatures } from './clap-features.js';
import { MelRunFeatures } from './mel-run-features.js';
import type { ModelRuntime, ModelSession } from './model-runtime.js';
import type { AnalyseSpan, HeardModel, LoadAudioModel, SelfTest, SelfTestResult, WindowResult } from './protocol.js';
import { SpanSamples } from './span-samples.js';
import { normalizeRows } from './unit-rows.js';
import type { SpanFeatures } from './window-features.js';

/** Mel frames of the self-test's window for models that hear any length, 10.08 s for Pocket. */
const SELF_TEST_FRAMES = 1008;

/** What a model gives for one window; unit L2 norm, owned by the caller. */
interface HeardMel {
  readonly clip: Float32Array<ArrayBuffer>;
  /** `[frames × D]` row-major; empty if the model gives none. */
  readonly frames: Float32Array<ArrayBuffer>;
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
    const session = await runtime.open(new Uint8Array(message.graph), message.wasmUrl);
    return new AudioModel(runtime, session, message);
  }

  /** The windows of a span in their order. Every number depends on the recording alone, not on the span. */
  async *analyse(span: AnalyseSpan): AsyncGenerator<WindowResult> {
    const { dimension } = this.#model;
    const features = this.#features(span);
    for (const window of span.windows) {
      const { index, start, keepStart, keepEnd } = window;
      const { mel, levels } = features.advance(window);
      const { clip, frames } = await this.#embed(this.#session, mel);
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
      onCpu === undefined ? this.#session : await this.#runtime.open(new Uint8Array(onCpu), this.#wasmUrl, 'wasm');
    try {
      const { clipSamples, dimension } = this.#model;
      const melFrames = clipSamples === undefined ? SELF_TEST_FRAMES : this.#logMel.frameCount(clipSamples);
      const mel = testMel(melFrames, this.#logMel.config.melBands);
      const { clip, frames } = await this.#embed(session, mel);
      const times: number[] = [];
      for (let run = 0; run < timedRuns; run += 1) {
        const start = performance.now();
        await this.#embed(session, mel);
        times.push(performance.now() - start);
      }
      const milliseconds = times.sort((a, b) => a - b)[Math.floor(timedRuns / 2)] ?? null;
      return { type: 'self-tested', frames: frames.length > 0 ? frames : clip, dimension, milliseconds };
    } finally {
      if (session !== this.#session) await session.close();
    }
  }

  /** @param mel `[melFrames × bands]` row-major, dB */
  async #embed(session: ModelSession, mel: Float32Array): Promise<HeardMel> {
    const bands = this.#logMel.config.melBands;
    const outputs = await session.run({
      input_features: { data: mel, dims: [1, 1, mel.length / bands, bands] },
    });
    const { kind, dimension } = this.#model;
    const unit = (rows: Float32Array) => normalizeRows(new Float32Array(rows), dimension);
    return {
      clip: unit(outputs['audio_embeds']),
      frames: kind === 'frames' ? unit(outputs['frame_embeds']) : new Float32Array(),
    };
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
