import { expect } from '@open-wc/testing';
import { type AudioInput, openAudio, type OpenAudioOptions, type OpenedAudio } from '../../src/plugin/audio-source.js';

export const ASSETS = new URL('/dist/', location.href);

export const moduleWorker = (url: URL): Worker => new Worker(url, { type: 'module' });

/** The real decode worker in a browser that has no WebCodecs. */
export function workerWithoutWebCodecs(url: URL): Worker {
  const script = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const hide = script('delete globalThis.AudioDecoder;');
  return moduleWorker(new URL(script(`import '${hide}'; import '${url.href}';`)));
}

/** A recording of test/fixtures/audio. */
export async function fixture(name: string): Promise<File> {
  const response = await fetch(`/test/fixtures/audio/${name}`);
  expect(response.ok, name).to.equal(true);
  return new File([await response.blob()], name);
}

/** Opens, lets the test look, and frees the decoder whatever happens. */
export async function withAudio<T>(
  input: AudioInput,
  look: (audio: OpenedAudio) => Promise<T> | T,
  options: Partial<OpenAudioOptions> = {},
): Promise<T> {
  const audio = await openAudio(input, { assetBase: ASSETS, ...options });
  try {
    return await look(audio);
  } finally {
    audio.source.close();
  }
}

/** Puts something else in the place of the browser's decoder of whole files while `work` runs. */
export async function withDecodeAudioData(
  decode: () => Promise<AudioBuffer>,
  work: () => Promise<void>,
): Promise<void> {
  // The method itself is on a prototype further up.
  Object.defineProperty(OfflineAudioContext.prototype, 'decodeAudioData', { value: decode, configurable: true });
  try {
    await work();
  } finally {
    Reflect.deleteProperty(OfflineAudioContext.prototype, 'decodeAudioData');
  }
}

/** What `work` rejects with; fails where it does not. */
export async function rejection(work: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('This was expected to be refused, and was not.');
}

/** Noise that repeats from run to run, −1…1, on a 16-bit grid so that integer formats keep it as it is. */
export function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) - 2 ** 15) / 2 ** 15;
  });
}

export function maxDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).to.equal(b.length);
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0);
}

/** Index of the sample with the greatest magnitude. */
export function loudest(samples: Float32Array): number {
  return samples.reduce((best, value, i) => (Math.abs(value) > Math.abs(samples[best]) ? i : best), 0);
}

/** Positions of the two clicks of the `click.*` fixtures: the loudest sample of each half second around them. */
export function clickPositions(samples: Float32Array, sampleRate: number, offset = 0): number[] {
  return [0.5, 1].map((time) => {
    const from = Math.round((offset + time - 0.25) * sampleRate);
    return from + loudest(samples.subarray(from, from + Math.round(sampleRate / 2)));
  });
}
