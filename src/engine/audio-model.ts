import { LogMel } from '../dsp/log-mel.js';
import { parseFrontEndConfig } from '../dsp/front-end-config.js';
import { ClipFeatures } from './clap-features.js';
import { GrowingBuffer } from './growing-buffer.js';
import { withFrameEmbeddings } from './clap-frame-embeddings.js';
import type { DescribedFile } from './described-file.js';
import { EarmarkError } from './errors.js';
import { MelRunFeatures } from './mel-run-features.js';
import type { ModelRuntime, ModelSession } from './model-runtime.js';
import type { AnalyseSpan, HeardModel, LoadAudioModel, SelfTest, SelfTestResult, WindowResult } from './protocol.js';
import { RAW_FRAMES, withRawFrames } from './onnx-graph-outputs.js';
import { openGraph } from './open-graph.js';
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

/** A window whose features have been put into the batch. */
interface WindowToHear extends Pick<WindowFeatures, 'levels'> {
  readonly window: AnalysisWindow;
}

/** The audio side of a model, inside a worker: samples in, embeddings out. */
export class AudioModel {
  readonly #runtime: ModelRuntime;
  readonly #session: ModelSession;
  readonly #logMel: LogMel;
  readonly #model: HeardModel;
  readonly #wasmUrl: string;
  readonly #features: SpanFeatures;
  /** What the model hears at a time, one window after another. */
  readonly #batch = new GrowingBuffer();

  private constructor(runtime: ModelRuntime, session: ModelSession, { frontEnd, model, wasmUrl }: LoadAudioModel) {
    this.#runtime = runtime;
    this.#session = session;
    this.#logMel = new LogMel(parseFrontEndConfig(frontEnd));
    this.#model = model;
    this.#wasmUrl = wasmUrl;
    const samples = new SpanSamples(this.#logMel.config.sampleRate);
    const { clipSamples } = model;
    this.#features =
      clipSamples === undefined
        ? new MelRunFeatures(this.#logMel, samples, model)
        : new ClipFeatures(this.#logMel, samples, model, clipSamples);
  }

  static async load(runtime: ModelRuntime, message: LoadAudioModel): Promise<AudioModel> {
    const { graph, model, wasmUrl } = message;
    const session =
      'content' in graph
        ? await openAudioGraph(graph, model, (bytes) => runtime.open(bytes, wasmUrl))
        : openServedSession(graph, model);
    return new AudioModel(runtime, session, message);
  }

  /**
   * The windows of a span in their order. Every number depends on the recording alone, not on the span.
   *
   * @throws DOMException `AbortError` when cancelled, where the model can be stopped within a window
   */
  async *analyse(span: AnalyseSpan, signal?: AbortSignal): AsyncGenerator<WindowResult> {
    this.#features.open(span);
    const batch: WindowToHear[] = [];
    let melLength = 0;
    for (const window of span.windows) {
      const { mel, levels } = this.#features.advance(window);
      if (batch.length > 0 && mel.length !== melLength) yield* this.#hear(batch.splice(0), melLength, signal);
      melLength = mel.length;
      this.#batch.take(this.#session.batch * melLength).set(mel, batch.length * melLength);
      batch.push({ window, levels });
      if (batch.length === this.#session.batch) yield* this.#hear(batch.splice(0), melLength, signal);
    }
    if (batch.length > 0) yield* this.#hear(batch, melLength, signal);
  }

  /** @param melLength values that each window has in the batch */
  async *#hear(
    batch: readonly WindowToHear[],
    melLength: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<WindowResult> {
    const { dimension } = this.#model;
    const mels = this.#batch.take(batch.length * melLength);
    const heard = await this.#embed(this.#session, mels, batch.length, signal);
    for (const [i, { window, levels }] of batch.entries()) {
      const { index, start, keepStart, keepEnd } = window;
      const { clip, frames } = heard[i];
      const kept = frames.slice((keepStart - start) * dimension, (keepEnd - start) * dimension);
      yield { type: 'window', index, frames: kept, clip, levels };
    }
  }

  async selfTest({ timedRuns, onCpu }: SelfTest): Promise<SelfTestResult> {
    const session =
      onCpu === undefined
        ? this.#session
        : await openAudioGraph(onCpu, this.#model, (bytes) => this.#runtime.open(bytes, this.#wasmUrl, 'wasm'));
    try {
      const { clipSamples, dimension } = this.#model;
      const melFrames = clipSamples === undefined ? SELF_TEST_FRAMES : this.#logMel.frameCount(clipSamples);
      const mel = testMel(melFrames, this.#logMel.config.melBands);
      const [{ clip, frames }] = await this.#embed(session, mel, 1);
      const times: number[] = [];
      for (let run = 0; run < timedRuns; run += 1) {
        const start = performance.now();
        await this.#embed(session, mel, 1);
        times.push(performance.now() - start);
      }
      const milliseconds = times.sort((a, b) => a - b)[Math.floor(timedRuns / 2)] ?? null;
      return { type: 'self-tested', frames: frames.length > 0 ? frames : clip, dimension, milliseconds };
    } finally {
      if (session !== this.#session) await session.close();
    }
  }

  /** @param data `[count × melFrames × bands]` row-major, dB */
  async #embed(session: ModelSession, data: Float32Array, count: number, signal?: AbortSignal): Promise<HeardMel[]> {
    const bands = this.#logMel.config.melBands;
    const dims = [count, 1, data.length / count / bands, bands];
    const outputs = await session.run({ input_features: { data, dims } }, signal);
    const { kind, dimension } = this.#model;
    const unit = (rows: Float32Array, i: number) => {
      const size = rows.length / count;
      return normalizeRows(rows.slice(i * size, (i + 1) * size), dimension);
    };
    return Array.from({ length: count }, (_, i) => ({
      clip: unit(outputs['audio_embeds'], i),
      frames: kind === 'frames' ? unit(outputs[RAW_FRAMES] ?? outputs['frame_embeds'], i) : new Float32Array(),
    }));
  }
}

/** Opens the graph in a file with the outputs that the model is used by. */
function openAudioGraph(
  file: DescribedFile,
  { kind, clipSamples }: HeardModel,
  open: (graph: Uint8Array) => Promise<ModelSession>,
): Promise<ModelSession> {
  const isFine = kind === 'frames' && clipSamples !== undefined;
  const prepare = (graph: Uint8Array<ArrayBuffer>) => {
    const prepared = isFine ? withFrameEmbeddings(graph) : withRawFrames(graph);
    if (prepared !== null) return prepared;
    throw new EarmarkError(
      'model-corrupt',
      `${file.path} cannot give frames, which fine mode needs. Use this model without fine mode.`,
    );
  };
  return openGraph(file, prepare, open);
}

/** A spectrogram that moves in time and frequency over the range of real ones. */
function testMel(melFrames: number, bands: number): Float32Array {
  return Float32Array.from(
    { length: melFrames * bands },
    (_, i) =>
      -40 + 30 * Math.sin(i * 0.013) + 25 * Math.sin(Math.floor(i / bands) * 0.11) * Math.cos((i % bands) * 0.17),
  );
}
