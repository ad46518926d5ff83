import { frameLevels } from '../dsp/frame-level.js';
import type { LogMel } from '../dsp/log-mel.js';
import { levelsPerFrame } from './embedding-track.js';
import { GrowingBuffer } from './growing-buffer.js';
import { frameHop } from './model-descriptor.js';
import type { AnalyseSpan, HeardModel } from './protocol.js';
import type { SpanSamples } from './span-samples.js';
import type { SpanFeatures, WindowFeatures } from './window-features.js';
import type { AnalysisWindow } from './window-plan.js';

/** For models that hear any length: one run of log-mel, of which windows are stretches, each frame computed once. */
export class MelRunFeatures implements SpanFeatures {
  readonly #levelsPerFrame: number;
  readonly #run = { mel: new GrowingBuffer(), levels: new GrowingBuffer() };
  readonly #window = new GrowingBuffer();
  #melFrameCount = 0;
  #mel = this.#run.mel.take(0);
  #levels = this.#run.levels.take(0);
  /** First model frame in the buffers, and the one behind the last. */
  #first = 0;
  #end = 0;

  constructor(
    private readonly logMel: LogMel,
    private readonly samples: SpanSamples,
    private readonly model: HeardModel,
  ) {
    this.#levelsPerFrame = levelsPerFrame(frameHop(model), logMel.config.sampleRate);
  }

  open(span: AnalyseSpan): void {
    this.samples.open(span);
    this.#melFrameCount = this.logMel.frameCount(this.samples.total);
    const [{ start }] = span.windows;
    const longest = Math.max(...span.windows.map(({ length }) => length));
    this.#first = start;
    this.#end = start;
    this.#mel = this.#run.mel.take(longest * this.model.melFramesPerFrame * this.logMel.config.melBands);
    this.#levels = this.#run.levels.take(longest * this.#levelsPerFrame);
  }

  advance({ start, length, keepStart, keepEnd }: AnalysisWindow): WindowFeatures {
    const { melFramesPerFrame, minMelFrames } = this.model;
    const { melBands, powerFloor } = this.logMel.config;
    const frameSize = melFramesPerFrame * melBands;
    const parts = this.#levelsPerFrame;
    this.#mel.copyWithin(0, (start - this.#first) * frameSize, (this.#end - this.#first) * frameSize);
    this.#levels.copyWithin(0, (start - this.#first) * parts, (this.#end - this.#first) * parts);
    this.#first = start;
    this.#compute(Math.max(start, this.#end), start + length);
    this.#end = start + length;
    const melFrames = Math.min((start + length) * melFramesPerFrame, this.#melFrameCount) - start * melFramesPerFrame;
    const mel = this.#window.take(Math.max(melFrames, minMelFrames) * melBands);
    mel.set(this.#mel.subarray(0, melFrames * melBands));
    mel.fill(10 * Math.log10(powerFloor), melFrames * melBands);
    return { mel, levels: this.#levels.slice((keepStart - start) * parts, (keepEnd - start) * parts) };
  }

  /** Fills the buffers for the model frames `[from, to)`. */
  #compute(from: number, to: number): void {
    const { melFramesPerFrame } = this.model;
    const { melBands } = this.logMel.config;
    const firstMel = from * melFramesPerFrame;
    const melFrames = Math.min(to * melFramesPerFrame, this.#melFrameCount) - firstMel;
    const { total } = this.samples;
    const needed = this.logMel.neededSamples(firstMel, melFrames, total);
    const samples = this.samples.read(needed.start, needed.end);
    const position = { start: needed.start, total };
    const row = (from - this.#first) * melFramesPerFrame * melBands;
    this.logMel.compute(samples, position, firstMel, melFrames, this.#mel.subarray(row, row + melFrames * melBands));
    const parts = this.#levelsPerFrame;
    const grid = { offset: 0, hop: frameHop(this.model) / parts };
    const levels = this.#levels.subarray((from - this.#first) * parts);
    frameLevels(samples, position, grid, from * parts, (to - from) * parts, levels);
  }
}
