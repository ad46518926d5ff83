import type { SampleRange } from './span-position.js';
import type { Hertz, Samples } from './units.js';

/** Half the length of the filter, in samples of the lower of the two rates. */
const ZERO_CROSSINGS = 32;
/** Shape of the Kaiser window for 100 dB (Kaiser's β = 0.1102·(A − 8.7)). */
const KAISER_BETA = 0.1102 * (100 - 8.7);
/** Most filter phases that are stored; a ratio with more of them interpolates between neighbours. */
const MAX_PHASES = 4096;

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
  private readonly phases: PhaseTable;

  /**
   * @param sourceRate rate of the input, a positive integer
   * @param targetRate rate of the output, a positive integer
   * @throws RangeError when a rate is neither
   */
  constructor(sourceRate: Hertz, targetRate: Hertz) {
    for (const rate of [sourceRate, targetRate]) {
      if (!Number.isSafeInteger(rate) || rate <= 0)
        throw new RangeError(`Resampler: a sample rate must be a positive integer, not ${rate}.`);
    }
    const divisor = greatestCommonDivisor(sourceRate, targetRate);
    this.sourceRate = sourceRate;
    this.targetRate = targetRate;
    this.outputStep = targetRate / divisor;
    this.inputStep = sourceRate / divisor;
    this.reach = Math.ceil(ZERO_CROSSINGS * Math.max(1, sourceRate / targetRate));
    this.phases = phaseTable(Math.min(1, targetRate / sourceRate), this.reach, this.outputStep);
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
   * @returns a new array; when the rates are equal, a view of the input
   * @throws RangeError when the input begins after the first sample that is needed
   */
  resample(input: Float32Array, inputStart: Samples, outStart: Samples, outCount: Samples): Float32Array {
    const needed = this.neededInput(outStart, outCount);
    if (inputStart > needed.start)
      throw new RangeError(
        `Resampler: the input is needed from sample ${needed.start} on, but it begins at ${inputStart}.`,
      );
    if (this.sourceRate === this.targetRate)
      return input.subarray(outStart - inputStart, outStart - inputStart + outCount);
    const out = new Float32Array(outCount);
    const { outputStep, inputStep, reach, phases } = this;
    const { table, count, taps } = phases;
    const needsInterpolation = count !== outputStep;
    for (let n = 0; n < outCount; n++) {
      const turns = (outStart + n) * inputStep;
      const centre = Math.floor(turns / outputStep);
      const phase = ((turns - centre * outputStep) * count) / outputStep;
      const row = Math.floor(phase);
      const first = centre - reach + 1 - inputStart;
      const sum = dot(input, first, table, row * taps, taps);
      out[n] = needsInterpolation
        ? sum + (phase - row) * (dot(input, first, table, (row + 1) * taps, taps) - sum)
        : sum;
    }
    return out;
  }
}

function dot(input: Float32Array, first: number, table: Float32Array, row: number, taps: number): number {
  const from = Math.max(0, -first);
  const to = Math.min(taps, input.length - first);
  let sum = 0;
  for (let k = from; k < to; k++) sum += input[first + k]! * table[row + k]!;
  return sum;
}

interface PhaseTable {
  /** `[(count + 1) × taps]`: row *p* is the filter for an output *p/count* of a sample after an input sample. */
  readonly table: Float32Array;
  readonly count: number;
  readonly taps: number;
}

/** The low-pass filter, sampled at every phase; `bandwidth` is its cut-off as a share of the input's Nyquist rate. */
function phaseTable(bandwidth: number, reach: Samples, outputStep: number): PhaseTable {
  const count = outputStep <= MAX_PHASES ? outputStep : 1024;
  const taps = 2 * reach;
  const table = new Float32Array((count + 1) * taps);
  const row = new Float64Array(taps);
  for (let phase = 0; phase <= count; phase++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const distance = (k - reach + 1 - phase / count) * bandwidth;
      row[k] = sinc(distance) * kaiser(distance / ZERO_CROSSINGS);
      sum += row[k]!;
    }
    // A constant stays that constant at every phase.
    for (let k = 0; k < taps; k++) table[phase * taps + k] = row[k]! / sum;
  }
  return { table, count, taps };
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
