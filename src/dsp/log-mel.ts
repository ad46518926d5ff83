import type { FrontEndConfig } from './front-end-config.js';
import { melFilterbank, type MelBand } from './mel-filterbank.js';
import { PowerSpectrogram } from './power-spectrogram.js';
import type { SampleRange, SpanPosition } from './span-position.js';
import type { Samples } from './units.js';

/** 10·log10(p) = (10/ln 10)·ln p, and browsers compute the natural logarithm faster. */
const DECIBELS_PER_LOG_UNIT = 10 / Math.LN10;

/**
 * Log-mel spectrogram in dB: the input of an audio-text model.
 *
 *     samples ─ STFT, power ─ × pre-emphasis ─ mel triangles ─ 10·log10(max(floor, ·))
 *
 * Frame *i* is centred on sample *i·hop* of the recording. A frame depends on nothing but the samples under its window,
 * so any span gives exactly the frames that the whole recording would give; at the recording's ends the signal is
 * mirrored.
 */
export class LogMel {
  readonly config: FrontEndConfig;
  private readonly spectrogram: PowerSpectrogram;
  private readonly bands: readonly MelBand[];
  private readonly power: Float64Array;

  constructor(config: FrontEndConfig) {
    this.config = config;
    this.spectrogram = new PowerSpectrogram(config);
    this.bands = emphasizedBands(config);
    this.power = new Float64Array(this.spectrogram.binCount);
  }

  /** Frames of a recording of `sampleCount` samples: 1 + ⌊sampleCount/hop⌋, and none for an empty one. */
  frameCount(sampleCount: Samples): number {
    return this.spectrogram.frameCount(sampleCount);
  }

  /**
   * The samples that {@link compute} needs for the frames `[firstFrame, firstFrame + frameCount)` of a recording of
   * `total` samples.
   */
  neededSamples(firstFrame: number, frameCount: number, total: Samples): SampleRange {
    return this.spectrogram.neededSamples(firstFrame, frameCount, total);
  }

  /**
   * @param samples mono, −1…1, at `config.sampleRate`: a span of the recording that holds {@link neededSamples}
   * @param position where the span lies in its recording
   * @param firstFrame first frame wanted, counted from the start of the recording
   * @param frameCount frames wanted
   * @param out receives the result; a new array by default
   * @returns `out`: dB, `[frameCount × melBands]`, row-major (a row is a frame)
   * @throws RangeError when the recording has no such frames, the span lacks samples that they need, or `out` is too
   *   short
   */
  compute(
    samples: Float32Array,
    position: SpanPosition,
    firstFrame: number,
    frameCount: number,
    out: Float32Array = new Float32Array(frameCount * this.config.melBands),
  ): Float32Array {
    this.checkSpan(samples, position, firstFrame, frameCount);
    const valueCount = frameCount * this.config.melBands;
    if (out.length < valueCount)
      throw new RangeError(`LogMel: ${valueCount} values do not fit into an array of ${out.length}.`);
    const { spectrogram, bands, power } = this;
    const { powerFloor } = this.config;
    let at = 0;
    for (let frame = firstFrame; frame < firstFrame + frameCount; frame++) {
      spectrogram.compute(samples, position, frame, power);
      for (const { firstBin, weights } of bands) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[firstBin + i]!;
        out[at++] = DECIBELS_PER_LOG_UNIT * Math.log(Math.max(powerFloor, sum));
      }
    }
    return out;
  }

  private checkSpan(samples: Float32Array, { start, total }: SpanPosition, firstFrame: number, count: number): void {
    const available = this.frameCount(total);
    if (firstFrame < 0 || firstFrame + count > available)
      throw new RangeError(
        `LogMel: the frames ${firstFrame} to ${firstFrame + count} were asked for, but the recording has ${available}.`,
      );
    const needed = this.neededSamples(firstFrame, count, total);
    const end = start + samples.length;
    if (needed.start < start || needed.end > end)
      throw new RangeError(
        `LogMel: the samples ${needed.start} to ${needed.end} are needed, but those given are ${start} to ${end}.`,
      );
  }
}

/** The mel triangles with what multiplies the power spectrum before them worked in. */
function emphasizedBands(config: FrontEndConfig): MelBand[] {
  const { fftSize, preemphasis } = config;
  const nyquist = fftSize / 2;
  const bands = melFilterbank({
    sampleRate: config.sampleRate,
    fftSize,
    bands: config.melBands,
    lowFrequency: config.lowFrequency,
    highFrequency: config.highFrequency,
    scale: config.melScale,
    norm: config.melNorm,
    slopes: config.melSlopes,
  });
  return bands.map(({ firstBin, weights }) => ({
    firstBin,
    weights: weights.map((weight, i) => {
      const bin = firstBin + i;
      // |1 − a·e^(−jω)|² = 1 + a² − 2a·cos ω
      const emphasis = 1 + preemphasis ** 2 - 2 * preemphasis * Math.cos((Math.PI * bin) / nyquist);
      return weight * emphasis;
    }),
  }));
}
