import { RealFft } from './fft.js';
import type { SampleRange } from './span-position.js';
import type { Hertz, Samples } from './units.js';

/** A run of samples of a recording; before and behind it there is silence as far as it is used. */
export interface AudioRun {
  /** Position of the first sample in the recording. */
  readonly start: Samples;
  /** Planar, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** The frames `[first, end)`. */
export interface FrameRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Short-time Fourier transform that can be undone: frames of `size` samples under a periodic square-root Hann window at
 * analysis and at synthesis, a quarter of their length apart. The squared windows add up to 2, so filtering by gains of
 * 1 gives the signal back.
 *
 * Frame *i* covers the samples `[i·hop − (size − hop), i·hop + hop)` of the recording: frames are numbered from its
 * start, whatever part of it is at hand, and sample 0 is under as many frames as any other.
 */
export class Stft {
  readonly hop: Samples;
  /** Bins of a frame: 0…size/2. */
  readonly binCount: number;
  readonly #fft: RealFft;
  readonly #window: Float64Array;
  readonly #frame: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  /** @param size samples in a frame, a power of two from 8 up */
  constructor(readonly size: Samples) {
    this.hop = size / 4;
    this.binCount = size / 2 + 1;
    this.#fft = new RealFft(size);
    this.#window = Float64Array.from({ length: size }, (_, i) => Math.sin((Math.PI * i) / size));
    this.#frame = new Float64Array(size);
    this.#re = new Float64Array(this.binCount);
    this.#im = new Float64Array(this.binCount);
  }

  /** All frames that cover a sample of the range. */
  framesOver({ start, end }: SampleRange): FrameRange {
    const first = Math.max(0, Math.floor(start / this.hop));
    return { first, end: Math.max(first, Math.ceil((end + this.size) / this.hop) - 1) };
  }

  /** The frames that cover nothing but samples of the range; empty where it is shorter than a frame. */
  framesWithin({ start, end }: SampleRange): FrameRange {
    const first = Math.max(0, Math.ceil((start + this.size) / this.hop) - 1);
    return { first, end: Math.max(first, Math.floor(end / this.hop)) };
  }

  /** The samples that frames cover. */
  samplesUnder({ first, end }: FrameRange): SampleRange {
    return { start: this.#frameStart(first), end: this.#frameStart(end - 1) + this.size };
  }

  /**
   * The power |X|² of one frame, the mean over the channels.
   *
   * @param power receives `binCount` values
   */
  meanPower(run: AudioRun, frame: number, power: Float64Array): void {
    power.fill(0);
    for (const samples of run.channels) {
      this.#transform(samples, run.start, frame);
      for (let k = 0; k < power.length; k++) power[k]! += this.#re[k]! ** 2 + this.#im[k]! ** 2;
    }
    for (let k = 0; k < power.length; k++) power[k]! /= run.channels.length;
  }

  /**
   * What is left of a range when the bins of every frame are weighted; phases stay as they are.
   *
   * @param run reaches over everything that {@link framesOver} the range cover, as far as the recording does
   * @param gainsOf the gains of a frame's bins, `binCount` values
   * @returns one array a channel, as long as the range
   */
  filter(run: AudioRun, range: SampleRange, gainsOf: (frame: number) => Float32Array): Float32Array<ArrayBuffer>[] {
    const length = range.end - range.start;
    const sums = run.channels.map(() => new Float64Array(length));
    const { first, end } = this.framesOver(range);
    for (let frame = first; frame < end; frame++) {
      const gains = gainsOf(frame);
      const offset = this.#frameStart(frame) - range.start;
      const from = Math.max(0, -offset);
      const to = Math.min(this.size, length - offset);
      run.channels.forEach((samples, channel) => {
        this.#transform(samples, run.start, frame);
        for (let k = 0; k < this.binCount; k++) {
          this.#re[k]! *= gains[k]!;
          this.#im[k]! *= gains[k]!;
        }
        this.#fft.inverse(this.#re, this.#im, this.#frame);
        const sum = sums[channel]!;
        for (let i = from; i < to; i++) sum[offset + i]! += 0.5 * this.#window[i]! * this.#frame[i]!;
      });
    }
    return sums.map((sum) => Float32Array.from(sum));
  }

  #frameStart(frame: number): Samples {
    return frame * this.hop - (this.size - this.hop);
  }

  #transform(samples: Float32Array, start: Samples, frame: number): void {
    const offset = this.#frameStart(frame) - start;
    for (let i = 0; i < this.size; i++) {
      const sample = samples[offset + i] ?? 0;
      // Float files can hold NaN and infinity, which would spoil the whole frame.
      this.#frame[i] = sample - sample === 0 ? sample * this.#window[i]! : 0;
    }
    this.#fft.transform(this.#frame, this.#re, this.#im);
  }
}

/** The power of two whose frames last nearest to a time, at least 8. */
export function frameSizeFor(sampleRate: Hertz, seconds: number): Samples {
  return Math.max(8, 2 ** Math.round(Math.log2(sampleRate * seconds)));
}
