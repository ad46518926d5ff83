import type { Page } from 'playwright-core';
import { wavHeader } from '../helpers/wav.js';

const SAMPLE_RATE = 48_000;

/** A sound that is mixed into a background. */
export interface Inserted {
  readonly clip: string;
  /** Seconds. */
  readonly onset: number;
  /** Seconds. */
  readonly offset: number;
}

export interface Mixture {
  /** A mono WAV file, 16 bit. */
  readonly wav: Uint8Array;
  readonly inserted: readonly Inserted[];
}

export interface MixturePlan {
  /** Address of the background, and where its stretch begins, in seconds. */
  readonly background: string;
  readonly backgroundStart: number;
  /** Seconds. */
  readonly duration: number;
  readonly events: readonly { readonly clip: string; readonly onset: number; readonly peakLevel: number }[];
}

export type Random = () => number;

/** Mulberry32: 0 ≤ x < 1, the same for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/**
 * Mixes clips into a stretch of a background, in the page, since a browser is the one decoder that every test machine
 * has. A clip is played at `peakLevel` dBFS; the background stays as it is. What comes out too loud is scaled down.
 */
export async function mix(page: Page, plan: MixturePlan): Promise<Mixture> {
  const mixed = await page.evaluate(
    async ({ background, backgroundStart, duration, events, rate }) => {
      const decode = async (url: string) => {
        const bytes = await (await fetch(url)).arrayBuffer();
        return (await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes)).getChannelData(0);
      };
      const peakOf = (samples: Float32Array) => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const bed = await decode(background);
      const out = new Float32Array(Math.round(duration * rate));
      for (let i = 0; i < out.length; i += 1) out[i] = bed[(Math.round(backgroundStart * rate) + i) % bed.length]!;
      const inserted: { clip: string; onset: number; offset: number }[] = [];
      for (const { clip, onset, peakLevel } of events) {
        const samples = await decode(clip);
        const peak = peakOf(samples);
        // The sound itself, without the silence around it.
        const isHeard = (x: number) => Math.abs(x) > peak * 10 ** (-30 / 20);
        const heard = samples.subarray(samples.findIndex(isHeard), samples.findLastIndex(isHeard) + 1);
        const at = Math.round(onset * rate);
        const gain = 10 ** (peakLevel / 20) / peak;
        for (let i = 0; i < heard.length && at + i < out.length; i += 1) out[at + i]! += gain * heard[i]!;
        inserted.push({ clip, onset, offset: onset + heard.length / rate });
      }
      const scale = Math.min(1, 0.99 / peakOf(out));
      const pcm = Int16Array.from(out, (x) => Math.round(x * scale * 32_767));
      let text = '';
      const bytes = new Uint8Array(pcm.buffer);
      for (let i = 0; i < bytes.length; i += 32_768) text += String.fromCharCode(...bytes.subarray(i, i + 32_768));
      return { samples: btoa(text), inserted };
    },
    { ...plan, rate: SAMPLE_RATE },
  );
  const data = Buffer.from(mixed.samples, 'base64');
  const header = wavHeader({
    sampleRate: SAMPLE_RATE,
    channelCount: 1,
    format: 'pcm16',
    frameCount: data.length / Int16Array.BYTES_PER_ELEMENT,
  });
  return { wav: Buffer.concat([header, data]), inserted: mixed.inserted };
}
