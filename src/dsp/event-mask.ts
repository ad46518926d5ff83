import type { BinBands } from './bin-bands.js';
import { factorise, type Factorisation, type FixedComponents, type Matrix } from './nmf.js';
import type { SampleRange } from './span-position.js';
import type { AudioRun, FrameRange, Stft } from './stft.js';

/** Gains of a frame's bins; the array is used again for the next frame. */
export type FrameGains = (frame: number) => Float32Array;

/** Where a bin holds nothing of the target it is still let through this much: −30 dB, so that no holes are heard. */
const LEAST_GAIN = 10 ** (-30 / 20);
/** Over-subtraction (Berouti, Schwartz and Makhoul, ICASSP 1979): the surroundings are taken to be louder than measured. */
const OVER_SUBTRACTION = 1.5;
/** Moments that the surroundings are learned from, evenly spread: more make no difference. */
const MOST_MOMENTS = 256;
const SURROUNDING_COMPONENTS = 8;
const EVENT_COMPONENTS = 12;
const ITERATIONS = 40;
const SEED = 1;

/** What is heard around an event, and taken to go on beneath it. */
export class Surroundings {
  /** Mean power of every bin. */
  readonly power: Float64Array;
  readonly #moments: Matrix;
  #components: FixedComponents | null = null;

  /** @param moments amplitudes of the bands at some moments */
  constructor(power: Float64Array, moments: Matrix) {
    this.power = power;
    this.#moments = moments;
  }

  /** What they are made of, and the most that was ever heard of each component. */
  get components(): FixedComponents {
    this.#components ??= this.#factorise();
    return this.#components;
  }

  #factorise(): FixedComponents {
    const options = { rank: SURROUNDING_COMPONENTS, iterations: ITERATIONS, seed: SEED };
    const { basis, activations } = factorise(this.#moments, options);
    return { basis, ceilings: largestOfColumns(activations) };
  }
}

/**
 * Listens to what surrounds an event.
 *
 * @param parts stretches without the event; frames that reach beyond them are left out
 * @returns null where there is not a single frame
 */
export function hearSurroundings(
  stft: Stft,
  bands: BinBands,
  parts: readonly { readonly run: AudioRun; readonly range: SampleRange }[],
): Surroundings | null {
  const moments = parts.flatMap(({ run, range }) =>
    framesIn(stft.framesWithin(range)).map((frame) => ({ run, frame })),
  );
  if (moments.length === 0) return null;
  const count = Math.min(moments.length, MOST_MOMENTS);
  const power = new Float64Array(stft.binCount);
  const mean = new Float64Array(stft.binCount);
  const values = new Float64Array(count * bands.bandCount);
  for (let i = 0; i < count; i++) {
    const { run, frame } = moments[Math.floor((i * moments.length) / count)]!;
    stft.meanPower(run, frame, power);
    for (let k = 0; k < mean.length; k++) mean[k]! += power[k]! / count;
    bands.amplitudes(power, values.subarray(i * bands.bandCount, (i + 1) * bands.bandCount));
  }
  return new Surroundings(mean, { rowCount: count, columnCount: bands.bandCount, values });
}

/**
 * One gain a bin for the whole event: the share of the event's power that its surroundings do not explain (Wiener).
 *
 * @param range of the event
 */
export function bandGains(stft: Stft, run: AudioRun, range: SampleRange, surroundings: Surroundings): FrameGains {
  const power = new Float64Array(stft.binCount);
  const sum = new Float64Array(stft.binCount);
  let frames = framesIn(stft.framesWithin(range));
  // An event shorter than a frame is never alone in one.
  if (frames.length === 0) frames = framesIn(stft.framesOver(range));
  for (const frame of frames) {
    stft.meanPower(run, frame, power);
    for (let k = 0; k < sum.length; k++) sum[k]! += power[k]!;
  }
  const gains = Float32Array.from(sum, (total, k) => {
    const expected = OVER_SUBTRACTION * surroundings.power[k]!;
    const gain = total > 0 ? 1 - (expected * frames.length) / total : 0;
    return Math.max(LEAST_GAIN, gain);
  });
  return () => gains;
}

/**
 * An event taken apart by non-negative matrix factorisation: its surroundings, which may go on no louder than they ever
 * were, and components of what they do not explain.
 */
export class EventComponents {
  /** Components of what the surroundings do not explain. */
  readonly count = EVENT_COMPONENTS;
  readonly #bands: BinBands;
  readonly #frames: FrameRange;
  readonly #factors: Factorisation;
  readonly #fixed: number;
  readonly #chosen: Float64Array;
  readonly #rest: Float64Array;
  readonly #gains: Float32Array;

  /** @param surroundings null where the event has none: then everything is the event's */
  constructor(stft: Stft, bands: BinBands, run: AudioRun, range: SampleRange, surroundings: Surroundings | null) {
    this.#bands = bands;
    this.#frames = stft.framesOver(range);
    const frames = framesIn(this.#frames);
    const power = new Float64Array(stft.binCount);
    const values = new Float64Array(frames.length * bands.bandCount);
    frames.forEach((frame, i) => {
      stft.meanPower(run, frame, power);
      bands.amplitudes(power, values.subarray(i * bands.bandCount, (i + 1) * bands.bandCount));
    });
    this.#factors = factorise(
      { rowCount: frames.length, columnCount: bands.bandCount, values },
      {
        rank: EVENT_COMPONENTS,
        iterations: ITERATIONS,
        seed: SEED,
        ...(surroundings && { fixed: surroundings.components }),
      },
    );
    this.#fixed = surroundings ? SURROUNDING_COMPONENTS : 0;
    this.#chosen = new Float64Array(bands.bandCount);
    this.#rest = new Float64Array(bands.bandCount);
    this.#gains = new Float32Array(stft.binCount);
  }

  /** The energy of a component, comparable between those of one event. */
  energy(component: number): number {
    const { basis, activations } = this.#factors;
    const k = this.#fixed + component;
    let [loudness, spread] = [0, 0];
    for (let i = k; i < activations.values.length; i += activations.columnCount)
      loudness += activations.values[i]! ** 2;
    for (let f = 0; f < basis.columnCount; f++) spread += basis.values[k * basis.columnCount + f]! ** 2;
    return loudness * spread;
  }

  /** The Wiener gains of some components against all else. */
  gains(chosen: ReadonlySet<number>): FrameGains {
    return (frame) => {
      this.#model(frame, chosen);
      for (let f = 0; f < this.#chosen.length; f++) {
        const [target, rest] = [this.#chosen[f]! ** 2, this.#rest[f]! ** 2];
        this.#chosen[f] = Math.max(LEAST_GAIN, target > 0 ? target / (target + rest) : 0);
      }
      this.#bands.spread(this.#chosen, this.#gains);
      return this.#gains;
    };
  }

  /** The gains that take one component out: what is left adds up with it to the event. */
  gainsWithout(component: number): FrameGains {
    const alone = new Set([component]);
    return (frame) => {
      this.#model(frame, alone);
      for (let f = 0; f < this.#chosen.length; f++) {
        const all = this.#chosen[f]! + this.#rest[f]!;
        this.#chosen[f] = all > 0 ? this.#rest[f]! / all : 1;
      }
      this.#bands.spread(this.#chosen, this.#gains);
      return this.#gains;
    };
  }

  /** Amplitudes of the bands in a frame: those of the chosen components, and of all others. */
  #model(frame: number, chosen: ReadonlySet<number>): void {
    const { basis, activations } = this.#factors;
    const row = (frame - this.#frames.first) * activations.columnCount;
    this.#chosen.fill(0);
    this.#rest.fill(0);
    for (let k = 0; k < activations.columnCount; k++) {
      const activation = activations.values[row + k]!;
      const bands = chosen.has(k - this.#fixed) ? this.#chosen : this.#rest;
      for (let f = 0, w = k * basis.columnCount; f < bands.length; f++, w++) bands[f]! += activation * basis.values[w]!;
    }
  }
}

function framesIn({ first, end }: FrameRange): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function largestOfColumns({ values, columnCount }: Matrix): Float64Array {
  const largest = new Float64Array(columnCount);
  values.forEach((value, i) => {
    largest[i % columnCount] = Math.max(largest[i % columnCount]!, value);
  });
  return largest;
}
