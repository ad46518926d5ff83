import type { SampleRange } from '../../src/dsp/span-position.js';
import type { CoincidentPlan, MixPlan } from './mixes.js';

export const SAMPLE_RATE = 48_000;
const SEAM_SAMPLES = 0.02 * SAMPLE_RATE;
const PEAK = 0.9;

export interface Mix {
  /** Quantised to 16 bits. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** The target's part of it, as it should be found. */
  readonly target: Float32Array<ArrayBuffer>;
  /** Where the target sounds. */
  readonly events: readonly SampleRange[];
}

/** Of mixes of sounds that coincide, in seconds. */
const COINCIDENT = { duration: 8, onset: 3, bed: 'sea-waves-1', bedGain: 0.1 };

/** Mixes as a plan says. */
export function makeMix(plan: MixPlan, clips: ReadonlyMap<string, Float32Array>): Mix {
  const length = plan.duration * SAMPLE_RATE;
  const target = new Float32Array(length);
  const events = plan.events.map(({ clip, onset }) => {
    const samples = clipNamed(clip, clips);
    const start = Math.round(onset * SAMPLE_RATE);
    samples.forEach((sample, i) => (target[start + i] += sample));
    return { start, end: start + samples.length };
  });
  const interferer = repeat(clipNamed(plan.interferer, clips), length);
  const over = plan.levelOver === 'mix' ? [{ start: 0, end: length }] : events;
  const gain = Math.sqrt(energy(target, over) / energy(interferer, over));
  const rest = interferer.map((sample) => gain * sample);
  return { ...quantised(target, rest), events };
}

/** Mixes two sounds that begin together. */
export function makeCoincidentMix(plan: CoincidentPlan, clips: ReadonlyMap<string, Float32Array>): Mix {
  const { duration, onset, bed, bedGain } = COINCIDENT;
  const length = duration * SAMPLE_RATE;
  const [first, second] = [clipNamed(plan.target, clips), clipNamed(plan.other, clips)];
  const start = onset * SAMPLE_RATE;
  const event = { start, end: start + Math.min(first.length, second.length) };
  const placed = (clip: Float32Array): Float32Array<ArrayBuffer> => {
    const samples = new Float32Array(length);
    samples.set(clip.subarray(0, event.end - start), start);
    return samples;
  };
  const [target, other, interferer] = [placed(first), placed(second), repeat(clipNamed(bed, clips), length)];
  const otherGain = Math.sqrt(energy(target, [event]) / energy(other, [event]));
  const interfererGain = bedGain * Math.sqrt(energy(target, [event]) / energy(interferer, [event]));
  const rest = other.map((sample, i) => otherGain * sample + interfererGain * interferer[i]);
  return { ...quantised(target, rest), events: [event] };
}

/** The sum at the peak that mixes have. */
function quantised(target: Float32Array<ArrayBuffer>, rest: Float32Array): Pick<Mix, 'samples' | 'target'> {
  const mix = target.map((sample, i) => sample + rest[i]);
  const scale = PEAK / mix.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  const samples = mix.map((sample) => Math.round(sample * scale * 2 ** 15) / 2 ** 15);
  return { samples, target: target.map((sample) => sample * scale) };
}

function clipNamed(name: string, clips: ReadonlyMap<string, Float32Array>): Float32Array {
  const samples = clips.get(name);
  if (!samples) throw new Error(`There is no clip ${name}.`);
  return samples;
}

/** A clip over and over; each repetition begins while the one before it is faded out. */
function repeat(clip: Float32Array, length: number): Float32Array {
  const output = new Float32Array(length);
  const step = clip.length - SEAM_SAMPLES;
  for (let start = 0; start < length; start += step) {
    for (let i = 0; i < clip.length && start + i < length; i += 1) {
      const rise = start === 0 ? 1 : Math.min(1, (i + 0.5) / SEAM_SAMPLES);
      const fall = Math.min(1, (clip.length - i - 0.5) / SEAM_SAMPLES);
      output[start + i] += rise * fall * clip[i];
    }
  }
  return output;
}

function energy(samples: Float32Array, ranges: readonly SampleRange[]): number {
  let sum = 0;
  for (const { start, end } of ranges) for (let i = start; i < end; i += 1) sum += samples[i] ** 2;
  return sum;
}
