import type { SampleRange } from '../../src/dsp/span-position.js';
import type { MixPlan } from './mixes.js';

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
  const mix = target.map((sample, i) => sample + gain * interferer[i]);
  const scale = PEAK / mix.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  const samples = mix.map((sample) => Math.round(sample * scale * 2 ** 15) / 2 ** 15);
  return { samples, target: target.map((sample) => sample * scale), events };
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
