// Runs in the browser: mutes a thousand regions of an hour in stereo, and writes the file.
import { gainEnvelope } from '../../src/dsp/gain-envelope.js';
import { servePort } from '../../src/engine/render-port.js';
import { removeRender } from '../../src/engine/render-storage.js';
import { sampleSource } from '../../src/plugin/audio/sample-source.js';
import { renderInWorker } from '../../src/plugin/render-client.js';
import { repeatedWavBlob } from '../../test/helpers/wav.js';

const RATE = 48_000;
const HOUR_SECONDS = 3600;
/** Seconds of noise that make up the hour, over and over: the file costs the memory of one. */
const PART_SECONDS = 30;
const REGIONS = 1000;
const STORAGE_NAME = 'bench';
const SHAPE = { attack: 0.01, hold: 0.1, release: 0.05, padding: 0.05, floor: -Infinity };

function noise(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: PART_SECONDS * RATE }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) - 2 ** 15) / 2 ** 15;
  });
}

const hour = repeatedWavBlob([noise(1), noise(2)], RATE, HOUR_SECONDS / PART_SECONDS);
const spans = Array.from({ length: REGIONS }, (_, i) => {
  const start = (i * HOUR_SECONDS) / REGIONS + 0.5;
  return { start, end: start + 1.5 };
});

window.renderHour = async () => {
  const length = HOUR_SECONDS * RATE;
  const envelope = gainEnvelope(spans, 'mute', SHAPE, HOUR_SECONDS);
  // Asked only for what the worker cannot decode, which WAV is not.
  const { port, close } = servePort(sampleSource(new AudioBuffer({ length: 1, sampleRate: RATE })));
  const started = performance.now();
  const { file } = await renderInWorker({
    input: { file: hour, port, sampleRate: RATE, channelCount: 2, length },
    plan: { outputs: [{ name: 'hour.wav', start: 0, end: length, envelope }], sampleFormat: 'source', zip: false },
    destination: null,
    storageName: STORAGE_NAME,
    assetBase: new URL('/dist/', location.href),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  const elapsed = performance.now() - started;
  const bytes = file.size;
  close();
  await removeRender(STORAGE_NAME);
  return { elapsed, bytes };
};
