import { frameLevels } from '../dsp/frame-level.js';
import { LogMel } from '../dsp/log-mel.js';
import { parseFrontEndConfig } from '../dsp/front-end-config.js';
import { mixdown } from '../dsp/mixdown.js';
import { Resampler } from '../dsp/resample.js';
import type { SampleRange } from '../dsp/span-position.js';
import { LEVELS_PER_FRAME } from './embedding-track.js';
import type { ModelRuntime, ModelSession } from './model-runtime.js';
import type { AnalyseSpan, LoadAudioModel, SelfTestResult, WindowResult } from './protocol.js';
import type { AnalysisWindow } from './window-plan.js';

/** Mel frames of the self-test's window, 10.08 s for Pocket. */
const SELF_TEST_FRAMES = 1008;

function mixPieces(pieces: AnalyseSpan['pieces']): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(pieces.reduce((sum, [first]) => sum + first.length, 0));
  let position = 0;
  for (const piece of pieces) {
    mono.set(mixdown(piece), position);
    position += piece[0].length;
  }
  return mono;
}

/** The front end of one span: log-mel and levels, each computed once although windows overlap. */
class SpanFeatures {
  readonly #mono: Float32Array<ArrayBuffer>;
  readonly #resampler: Resampler;
  readonly #sampleCount: number;
  readonly #melFrameCount: number;
  readonly #mel: Float32Array<ArrayBuffer>;
  readonly #levels: Float32Array<ArrayBuffer>;
  /** First model frame in the buffers, and the one behind the last. */
  #first: number;
  #end: number;

  constructor(
    private readonly logMel: LogMel,
    resampler: Resampler,
    private readonly span: AnalyseSpan,
    private readonly model: LoadAudioModel,
  ) {
    this.#mono = mixPieces(span.pieces);
    this.#resampler = resampler;
    this.#sampleCount = this.#resampler.outputLength(span.sourceLength);
    this.#melFrameCount = logMel.frameCount(this.#sampleCount);
    const [{ start }] = span.windows;
    const longest = Math.max(...span.windows.map(({ length }) => length));
    this.#first = start;
    this.#end = start;
    this.#mel = new Float32Array(longest * model.melFramesPerFrame * logMel.config.melBands);
    this.#levels = new Float32Array(longest * LEVELS_PER_FRAME);
  }

  /** Moves on to a window that lies behind the last one. */
  advance({ start, length }: AnalysisWindow): { mel: Float32Array<ArrayBuffer>; levels: Float32Array<ArrayBuffer> } {
    const { melFramesPerFrame, minMelFrames } = this.model;
    const bands = this.logMel.config.melBands;
    const frameSize = melFramesPerFrame * bands;
    this.#mel.copyWithin(0, (start - this.#first) * frameSize, (this.#end - this.#first) * frameSize);
    this.#levels.copyWithin(0, (start - this.#first) * LEVELS_PER_FRAME, (this.#end - this.#first) * LEVELS_PER_FRAME);
    this.#first = start;
    this.#compute(Math.max(start, this.#end), start + length);
    this.#end = start + length;
    const melFrames = Math.min((start + length) * melFramesPerFrame, this.#melFrameCount) - start * melFramesPerFrame;
    const mel = new Float32Array(Math.max(melFrames, minMelFrames) * bands).fill(
      10 * Math.log10(this.logMel.config.powerFloor),
    );
    mel.set(this.#mel.subarray(0, melFrames * bands));
    return { mel, levels: this.#levels };
  }

  /** Fills the buffers for the model frames `[from, to)`. */
  #compute(from: number, to: number): void {
    const { melFramesPerFrame } = this.model;
    const { melBands, hop } = this.logMel.config;
    const firstMel = from * melFramesPerFrame;
    const melFrames = Math.min(to * melFramesPerFrame, this.#melFrameCount) - firstMel;
    const total = this.#sampleCount;
    const needed = this.logMel.neededSamples(firstMel, melFrames, total);
    this.#checkInput(needed);
    const samples = this.#resampler.resample(this.#mono, this.span.start, needed.start, needed.end - needed.start);
    const position = { start: needed.start, total };
    const row = (from - this.#first) * melFramesPerFrame * melBands;
    this.logMel.compute(samples, position, firstMel, melFrames, this.#mel.subarray(row, row + melFrames * melBands));
    const grid = { offset: 0, hop: (hop * melFramesPerFrame) / LEVELS_PER_FRAME };
    const [first, count] = [from * LEVELS_PER_FRAME, (to - from) * LEVELS_PER_FRAME];
    frameLevels(samples, position, grid, first, count, this.#levels.subarray(first - this.#first * LEVELS_PER_FRAME));
  }

  /** The resampler takes what it is not given for silence, which is right at the ends of the recording only. */
  #checkInput(needed: SampleRange): void {
    const input = this.#resampler.neededInput(needed.start, needed.end - needed.start);
    const { start, sourceLength } = this.span;
    if (input.start < start || Math.min(input.end, sourceLength) > start + this.#mono.length)
      throw new RangeError(`A span lacks audio: ${input.start} to ${input.end} is needed, it begins at ${start}.`);
  }
}

/** The audio side of a model, inside a worker: samples in, embeddings out. */
export class AudioModel {
  /** The last recording's; its filter takes a while to make. */
  #resampler: Resampler | null = null;

  private constructor(
    private readonly session: ModelSession,
    private readonly logMel: LogMel,
    private readonly model: LoadAudioModel,
  ) {}

  static async load(runtime: ModelRuntime, message: LoadAudioModel): Promise<AudioModel> {
    const logMel = new LogMel(parseFrontEndConfig(message.frontEnd));
    const session = await runtime.open(new Uint8Array(message.graph), message.wasmUrl);
    return new AudioModel(session, logMel, message);
  }

  /** The windows of a span in their order. Every number depends on the recording alone, not on the span. */
  async *analyse(span: AnalyseSpan): AsyncGenerator<WindowResult> {
    const { dimension } = this.model;
    if (this.#resampler?.sourceRate !== span.sourceRate)
      this.#resampler = new Resampler(span.sourceRate, this.logMel.config.sampleRate);
    const features = new SpanFeatures(this.logMel, this.#resampler, span, this.model);
    for (const window of span.windows) {
      const { index, start, keepStart, keepEnd } = window;
      const { mel, levels } = features.advance(window);
      const { clip, frames } = await this.#embed(mel);
      yield {
        type: 'window',
        index,
        frames: frames.slice((keepStart - start) * dimension, (keepEnd - start) * dimension),
        clip: clip.slice(),
        levels: levels.slice((keepStart - start) * LEVELS_PER_FRAME, (keepEnd - start) * LEVELS_PER_FRAME),
      };
    }
  }

  async selfTest(timedRuns: number): Promise<SelfTestResult> {
    const bands = this.logMel.config.melBands;
    // Any spectrogram that moves in time and frequency over the range of real ones will do.
    const mel = Float32Array.from(
      { length: SELF_TEST_FRAMES * bands },
      (_, i) =>
        -40 + 30 * Math.sin(i * 0.013) + 25 * Math.sin(Math.floor(i / bands) * 0.11) * Math.cos((i % bands) * 0.17),
    );
    const frames = (await this.#embed(mel)).frames.slice();
    const times: number[] = [];
    for (let run = 0; run < timedRuns; run += 1) {
      const start = performance.now();
      await this.#embed(mel);
      times.push(performance.now() - start);
    }
    const milliseconds = times.sort((a, b) => a - b)[Math.floor(timedRuns / 2)] ?? null;
    return { type: 'self-tested', frames, dimension: this.model.dimension, milliseconds };
  }

  /** @param mel `[melFrames × bands]` row-major, dB */
  async #embed(mel: Float32Array): Promise<{ clip: Float32Array; frames: Float32Array }> {
    const bands = this.logMel.config.melBands;
    const outputs = await this.session.run({
      input_features: { data: mel, dims: [1, 1, mel.length / bands, bands] },
    });
    return { clip: outputs['audio_embeds'], frames: outputs['frame_embeds'] };
  }
}
