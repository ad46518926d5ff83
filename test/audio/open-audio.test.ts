import { expect } from '@open-wc/testing';
import { type AudioInput, openAudio, type OpenAudioOptions, type OpenedAudio } from '../../src/plugin/audio-source.js';
import { wavBlob, type WavFormat } from '../helpers/wav.js';

const ASSETS = new URL('/dist/', location.href);

/** Opens, lets the test look, and frees the decoder whatever happens. */
async function withAudio(
  input: AudioInput,
  look: (audio: OpenedAudio) => Promise<void> | void,
  options: Partial<OpenAudioOptions> = {},
): Promise<void> {
  const audio = await openAudio(input, { assetBase: ASSETS, ...options });
  try {
    await look(audio);
  } finally {
    audio.source.close();
  }
}

/** Noise that repeats from run to run, −1…1, on a 16-bit grid so that integer formats keep it as it is. */
function noise(length: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) - 2 ** 15) / 2 ** 15;
  });
}

function maxDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).to.equal(b.length);
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i])), 0);
}

describe('openAudio', () => {
  const formats: [WavFormat, number, number][] = [
    ['pcm16', 44100, 2],
    ['pcm24', 48000, 2],
    ['float32', 22050, 1],
    ['pcm16', 8000, 1],
    ['pcm16', 96000, 6],
  ];
  for (const [format, sampleRate, channelCount] of formats) {
    it(`gives the exact samples of a ${format} WAV at ${sampleRate} Hz with ${channelCount} channels`, async () => {
      const channels = Array.from({ length: channelCount }, (_, index) => noise(sampleRate, index + 1));
      await withAudio(wavBlob(channels, sampleRate, format), async (audio) => {
        expect(audio).to.include({ sampleRate, channelCount, duration: 1 });
        const read = await audio.source.read(0, sampleRate);
        channels.forEach((channel, index) => expect(maxDifference(read[index], channel)).to.equal(0));
      });
    });
  }
});
