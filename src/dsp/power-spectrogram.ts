import { RealFft } from './fft.js';
import type { SampleRange, SpanPosition } from './span-position.js';
import type { Samples } from './units.js';

export interface PowerSpectrogramOptions {
  /** Samples transformed a frame, a power of two; bins are sampleRate/fftSize apart. */
  readonly fftSize: number;
  /** Samples from one frame's centre to the next. */
  readonly hop: Samples;
  /** Samples under the Hann window, at most `fftSize`; the window sits in the middle of the frame. */
  readonly windowLength: Samples;
  /** A periodic window (for spectral analysis) or a symmetric one. */
  readonly windowPeriodic: boolean;
}

/**
 * Short-time Fourier transform, as power. Frame *i* is centred on sample *i·hop* of the recording, and past either end
 * the recording is mirrored (without repeating its first or last sample), as `torch.stft` and librosa do by default.
 *
 * Frames are numbered from the start of the recording and computed one by one, so a frame is the same whatever span of
 * samples it is computed from.
 */
export class PowerSpectrogram {
  /** Bins of a frame: 0…fftSize/2. */
  readonly binCount: number;
  private readonly hop: Samples;
  private readonly fft: RealFft;
  private readonly window: Float64Array;
  /** Zeros on the left of the window within the frame. */
  private readonly windowOffset: number;
  /** From a frame's centre to the first sample under its window. */
  private readonly reach: Samples;
  private readonly frame: Float64Array;

  constructor({ fftSize, hop, windowLength, windowPeriodic }: PowerSpectrogramOptions) {
    this.binCount = fftSize / 2 + 1;
    this.hop = hop;
    this.fft = new RealFft(fftSize);
    this.window = hannWindow(windowLength, windowPeriodic);
    this.windowOffset = (fftSize - windowLength) >> 1;
    this.reach = fftSize / 2 - this.windowOffset;
    this.frame = new Float64Array(fftSize);
  }

  /** Frames of a recording of `total` samples. */
  frameCount(total: Samples): number {
    return total > 0 ? 1 + Math.floor(total / this.hop) : 0;
  }

  /** The samples of the recording that the frames `[firstFrame, firstFrame + frameCount)` are made from. */
  neededSamples(firstFrame: number, frameCount: number, total: Samples): SampleRange {
    if (frameCount <= 0) return { start: 0, end: 0 };
    let start = firstFrame * this.hop - this.reach;
    let end = (firstFrame + frameCount - 1) * this.hop - this.reach + this.window.length;
    const mirroredStart = 2 * (total - 1) - (end - 1);
    if (start < 0) end = Math.max(end, 1 - start);
    if (end > total) start = Math.min(start, mirroredStart);
    return { start: Math.max(0, start), end: Math.min(total, end) };
  }

  /**
   * Power |X|² of one frame.
   *
   * @param samples a span that holds at least {@link neededSamples} of the frame
   * @param position where the span lies in its recording
   * @param power receives `binCount` values
   */
  compute(samples: Float32Array, position: SpanPosition, frame: number, power: Float64Array): void {
    const { window, windowOffset, frame: windowed } = this;
    const first = frame * this.hop - this.reach;
    if (first >= 0 && first + window.length <= position.total) {
      const offset = first - position.start;
      for (let i = 0; i < window.length; i++) windowed[windowOffset + i] = samples[offset + i]! * window[i]!;
    } else {
      for (let i = 0; i < window.length; i++)
        windowed[windowOffset + i] = samples[mirrored(first + i, position.total) - position.start]! * window[i]!;
    }
    this.fft.power(windowed, power);
  }
}

function hannWindow(length: Samples, periodic: boolean): Float64Array {
  const period = periodic ? length : length - 1;
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / period));
}

/** The sample of a recording that stands at a position before its start or past its end. */
function mirrored(position: Samples, total: Samples): Samples {
  if (total === 1) return 0;
  const period = 2 * (total - 1);
  const phase = ((position % period) + period) % period;
  return phase < total ? phase : period - phase;
}
