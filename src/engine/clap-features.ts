import { frameLevels } from '../dsp/frame-level.js';
import type { LogMel } from '../dsp/log-mel.js';
import type { Samples } from '../dsp/units.js';
import { levelsPerFrame } from './embedding-track.js';
import { frameHop } from './model-descriptor.js';
import type { AnalyseSpan, HeardModel } from './protocol.js';
import type { SpanSamples } from './span-samples.js';
import type { SpanFeatures, WindowFeatures } from './window-features.js';
import type { AnalysisWindow } from './window-plan.js';

/**
 * A clip brought to the length that a CLAP model hears, as `repeatpad` of `ClapFeatureExtractor` does: as many whole
 * copies as fit, then silence.
 *
 * @param padded receives it, of that length; a new array by default
 * @throws RangeError for a clip that is empty or longer
 */
export function repeatPad(
  clip: Float32Array,
  length: Samples,
  padded = new Float32Array(length),
): Float32Array<ArrayBuffer> {
  if (clip.length === 0 || clip.length > length)
    throw new RangeError(`A clip has to have 1 to ${length} samples, not ${clip.length}.`);
  let at = 0;
  for (; at + clip.length <= length; at += clip.length) padded.set(clip, at);
  return padded.fill(0, at);
}

/**
 * Log-mel of a clip that is repeated to `length` samples: to the bit that of {@link repeatPad}'s result, but where the
 * copies begin on the mel grid only one of them is computed.
 *
 * @param clip mono, at the front end's rate, 1…`length` samples
 * @param scratch of `length`, for the repeated clip; a new array by default
 * @param mel receives the result; a new array by default
 * @returns dB, `[1 + ⌊length/hop⌋ × melBands]` row-major
 */
export function clipLogMel(
  logMel: LogMel,
  clip: Float32Array,
  length: Samples,
  scratch?: Float32Array<ArrayBuffer>,
  mel = new Float32Array(logMel.frameCount(length) * logMel.config.melBands),
): Float32Array {
  const { hop, melBands, fftSize } = logMel.config;
  const padded = repeatPad(clip, length, scratch);
  const position = { start: 0, total: length };
  const frameCount = logMel.frameCount(length);
  const compute = (from: number, to: number) =>
    logMel.compute(padded, position, from, to - from, mel.subarray(from * melBands, to * melBands));

  const period = clip.length / hop;
  // Frames from here on see nothing of the mirrored beginning, those before `copiesEnd` nothing behind the copies.
  const copied = Math.ceil(fftSize / 2 / hop) + period;
  const copiesEnd = Math.floor((length - (length % clip.length) - fftSize / 2) / hop) + 1;
  if (!Number.isInteger(period) || copied >= copiesEnd) {
    compute(0, frameCount);
    return mel;
  }
  compute(0, copied);
  for (let frame = copied; frame < copiesEnd; frame += period) {
    const source = (frame - period) * melBands;
    mel.copyWithin(frame * melBands, source, source + Math.min(period, copiesEnd - frame) * melBands);
  }
  compute(copiesEnd, frameCount);
  return mel;
}

/** For models that hear clips of one length: every window is a clip of its own, with the mirrored ends of one. */
export class ClipFeatures implements SpanFeatures {
  readonly #padded: Float32Array<ArrayBuffer>;
  readonly #mel: Float32Array<ArrayBuffer>;

  constructor(
    private readonly logMel: LogMel,
    private readonly samples: SpanSamples,
    private readonly model: HeardModel,
    private readonly clipSamples: Samples,
  ) {
    this.#padded = new Float32Array(clipSamples);
    this.#mel = new Float32Array(logMel.frameCount(clipSamples) * logMel.config.melBands);
  }

  open(span: AnalyseSpan): void {
    this.samples.open(span);
  }

  advance({ start, length, keepStart, keepEnd }: AnalysisWindow): WindowFeatures {
    const { total } = this.samples;
    const hop = frameHop(this.model);
    const clip = this.samples.read(start * hop, Math.min((start + length) * hop, total));
    const parts = levelsPerFrame(hop, this.logMel.config.sampleRate);
    const levels = new Float32Array((keepEnd - keepStart) * parts);
    const position = { start: start * hop, total };
    frameLevels(clip, position, { offset: 0, hop: hop / parts }, keepStart * parts, levels.length, levels);
    return { mel: clipLogMel(this.logMel, clip, this.clipSamples, this.#padded, this.#mel), levels };
  }
}
