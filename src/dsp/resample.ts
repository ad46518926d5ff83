import { filterPolyphase, TAPS_A_STEP, type PolyphaseFilter } from './polyphase-kernel.js';
import type { SampleRange } from './span-position.js';
import type { Hertz, Samples } from './units.js';

/** Half the length of the filter, in samples of the lower of the two rates. */
const HALF_LENGTH = 48;
/** Attenuation of the stop band that the Kaiser window is made for, dB. */
const ATTENUATION = 100;
/** Kaiser's formula for the shape of a window of more than 50 dB. */
const KAISER_BETA = 0.1102 * (ATTENUATION - 8.7);
/**
 * Where the filter has fallen by half, as a share of the lower Nyquist frequency. By Kaiser's formula the transition is
 * (100 − 7.95)/(14.36·96) = 0.067 of the lower rate wide: from 0.45 to 0.517. What folds back lies above 0.483, over the
 * highest mel band of the models at hand (15 kHz of 32 kHz, 14 kHz of 48 kHz).
 */
const CUT_OFF = 0.967;
/** The highest rate that Web Audio knows. */
const HIGHEST_RATE: Hertz = 768_000;
/** Most filter values (4 MiB) that are stored for a ratio with a row for each phase; beyond, rows are interpolated. */
const MOST_EXACT_VALUES = 1 << 20;
/** Rows of an interpolated filter. The error of interpolating among so many is below −118 dB, (π/1024)²/8 of the highest frequency that passes. */
const INTERPOLATED_PHASES = 1024;

/**
 * Changes the sample rate by a rational factor: a Kaiser-windowed sinc, one polyphase branch an output phase. Zero
 * delay: output sample 0 stands at input sample 0. The recording counts as silent before its start and past its end.
 *
 * Output sample *n* is computed from the same input samples in the same order whatever the span, so blocks join without
 * a seam: the bits are those of the whole recording resampled at once.
 */
export class Resampler {
  readonly sourceRate: Hertz;
  readonly targetRate: Hertz;
  /** Output samples in `inputStep` input samples. */
  private readonly outputStep: number;
  private readonly inputStep: number;
  /** Input samples on either side of an output sample that its value depends on. */
  private readonly reach: Samples;
  private readonly filter: PolyphaseFilter;

  /**
   * @param sourceRate rate of the input, a whole number of hertz up to 768,000
   * @param targetRate rate of the output, likewise
   * @throws RangeError for another rate
   */
  constructor(sourceRate: Hertz, targetRate: Hertz) {
    for (const rate of [sourceRate, targetRate]) {
      if (!Number.isInteger(rate) || rate < 1 || rate > HIGHEST_RATE)
        throw new RangeError(
          `Resampler: a sample rate must be a whole number from 1 to ${HIGHEST_RATE} Hz, not ${rate}.`,
        );
    }
    const divisor = greatestCommonDivisor(sourceRate, targetRate);
    this.sourceRate = sourceRate;
    this.targetRate = targetRate;
    this.outputStep = targetRate / divisor;
    this.inputStep = sourceRate / divisor;
    this.reach = Math.ceil(HALF_LENGTH * Math.max(1, sourceRate / targetRate));
    this.filter = lowPassFilter(Math.min(1, targetRate / sourceRate), this.reach, this.outputStep);
  }

  /** Samples that a recording of `inputLength` samples becomes: ⌈inputLength·targetRate/sourceRate⌉. */
  outputLength(inputLength: Samples): Samples {
    return Math.ceil((inputLength * this.outputStep) / this.inputStep);
  }

  /**
   * The input samples that the outputs `[outStart, outStart + outCount)` depend on. The end may lie past the end of the
   * recording; what is not there counts as silence.
   */
  neededInput(outStart: Samples, outCount: Samples): SampleRange {
    const first = Math.floor((outStart * this.inputStep) / this.outputStep);
    if (outCount <= 0) return { start: first, end: first };
    const last = Math.floor(((outStart + outCount - 1) * this.inputStep) / this.outputStep);
    if (this.sourceRate === this.targetRate) return { start: first, end: last + 1 };
    return { start: Math.max(0, first - this.reach + 1), end: last + this.reach + 1 };
  }

  /**
   * @param input mono samples of the recording from `inputStart` on: at least {@link neededInput}, or up to the end of
   *   the recording
   * @param inputStart position of the first of them in the recording, in input samples
   * @param outStart first output sample wanted, counted from the start of the recording
   * @param outCount output samples wanted
   * @param out receives them; a new array by default
   * @returns `out`; when the rates are equal, a view of the input
   * @throws RangeError when the input begins after the first sample that is needed
   */
  resample(
    input: Float32Array,
    inputStart: Samples,
    outStart: Samples,
    outCount: Samples,
    out?: Float32Array<ArrayBuffer>,
  ): Float32Array {
    const needed = this.neededInput(outStart, outCount);
    if (inputStart > needed.start)
      throw new RangeError(
        `Resampler: the input is needed from sample ${needed.start} on, but it begins at ${inputStart}.`,
      );
    if (this.sourceRate === this.targetRate)
      return input.subarray(outStart - inputStart, outStart - inputStart + outCount);
    const resampled = out?.subarray(0, outCount) ?? new Float32Array(outCount);
    const { outputStep, inputStep, reach } = this;
    const turns = outStart * inputStep;
    const centre = Math.floor(turns / outputStep);
    const position = turns - centre * outputStep;
    const first = centre - reach + 1 - inputStart;
    filterPolyphase(this.filter, input, first, { position, inputStep, outputStep }, resampled);
    return resampled;
  }
}

/**
 * Samples the low-pass filter at every phase.
 *
 * @param scale samples of the lower rate in an input sample, at most 1
 * @param reach input samples on either side of an output sample
 */
function lowPassFilter(scale: number, reach: Samples, outputStep: number): PolyphaseFilter {
  const taps = Math.ceil((2 * reach) / TAPS_A_STEP) * TAPS_A_STEP;
  const phaseCount = outputStep * taps <= MOST_EXACT_VALUES ? outputStep : INTERPOLATED_PHASES;
  const rows = new Float32Array((phaseCount + 1) * taps);
  const row = new Float64Array(2 * reach);
  for (let phase = 0; phase <= phaseCount; phase++) {
    let sum = 0;
    for (let k = 0; k < row.length; k++) {
      const distance = (k - reach + 1 - phase / phaseCount) * scale;
      row[k] = sinc(CUT_OFF * distance) * kaiser(distance / HALF_LENGTH);
      sum += row[k]!;
    }
    // Scaled so that a constant stays that constant at every phase.
    for (let k = 0; k < row.length; k++) rows[phase * taps + k] = row[k]! / sum;
  }
  return { rows, phaseCount, taps };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window at −1…1, not normalised; 0 outside. */
function kaiser(x: number): number {
  return x > -1 && x < 1 ? besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) : 0;
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
