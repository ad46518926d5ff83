// The front end beside what one would use instead: transformers.js' ClapFeatureExtractor on overlapping windows.
// Runs in a page that is served from the root of the repository.
import { ClapFeatureExtractor, env } from '@huggingface/transformers';
import { LogMel, parseFrontEndConfig, Resampler } from '../src/dsp/index.js';
import { median } from './spread.js';

export interface BenchResult {
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with. */
  readonly against?: string;
}

const TRACK_SECONDS = 180;
const WINDOW_SECONDS = 10;
/** The two sides take turns, so that both meet the same load of the machine. */
const ROUNDS = 9;

/**
 * Times the front end on a track of three minutes, one thread.
 *
 * - `logMelVsTransformers`: windows of 10 s, one every second. We compute the track once and slice it.
 * - `logMelWindowVsTransformers`: a single window of 10 s.
 * - `logMelRealTime`, `pocketLogMelRealTime`: seconds of audio in a second, for the hub's CLAP models and for Pocket.
 * - `resampleRealTime`: the same for resampling 48 kHz to 32 kHz.
 *
 * All are medians; both sides are timed in turn after a warm-up, and their results are compared first.
 *
 * @throws Error when the two disagree by more than 0.01 dB
 */
export async function benchLogMel(): Promise<Record<string, BenchResult>> {
  const hubJson = await readJson('/test/golden/clap-features/preprocessor_config.json');
  const clap = new LogMel(parseFrontEndConfig(hubJson));
  const pocket = new LogMel(parseFrontEndConfig(await readJson('/models/pocket/preprocessor_config.json')));
  const { sampleRate } = clap.config;
  const track = noisyTones(TRACK_SECONDS * sampleRate);
  const windowLength = WINDOW_SECONDS * sampleRate;
  const windowAt = (second: number) => track.subarray(second * sampleRate, second * sampleRate + windowLength);
  const windowCount = TRACK_SECONDS - WINDOW_SECONDS + 1;

  const transformers = createExtractor(hubJson);
  checkAgreement(computeAll(clap, windowAt(3)), await transformers(windowAt(3)));

  const resampler = new Resampler(48_000, 32_000);
  const resample = () => resampler.resample(track, 0, 0, resampler.outputLength(track.length));
  const pocketTrack = resample();
  const theirWindow: number[] = [];
  const ourWindow: number[] = [];
  const ourTrack: number[] = [];
  const pocketTimes: number[] = [];
  const resampling: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let second = round; second < windowCount; second += ROUNDS) {
      const window = windowAt(second);
      theirWindow.push(await time(() => transformers(window)));
      ourWindow.push(await time(() => computeAll(clap, window)));
    }
    ourTrack.push(await time(() => computeAll(clap, track)));
    pocketTimes.push(await time(() => computeAll(pocket, pocketTrack)));
    resampling.push(await time(resample));
  }

  const against = `transformers.js ${env.version} ClapFeatureExtractor`;
  const ratio = (value: number, note: string): BenchResult => ({ value, unit: '×', against: `${against}, ${note}` });
  const realTime = (times: number[]): BenchResult => ({
    value: (TRACK_SECONDS * 1000) / median(times),
    unit: '× real time',
  });
  return {
    logMelVsTransformers: ratio(
      (median(theirWindow) * windowCount) / median(ourTrack),
      `windows of ${WINDOW_SECONDS} s every second of ${TRACK_SECONDS} s`,
    ),
    logMelWindowVsTransformers: ratio(median(theirWindow) / median(ourWindow), `one window of ${WINDOW_SECONDS} s`),
    logMelRealTime: realTime(ourTrack),
    pocketLogMelRealTime: realTime(pocketTimes),
    resampleRealTime: realTime(resampling),
  };
}

async function readJson(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

/** transformers.js' features of one window, `[1001 × 64]`. Its mel product runs in onnxruntime-web on WebAssembly. */
function createExtractor(config: Record<string, unknown>): (window: Float32Array) => Promise<Float32Array> {
  const { wasm } = env.backends.onnx;
  if (wasm !== undefined)
    wasm.wasmPaths = { wasm: '/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm' };
  const extractor = new ClapFeatureExtractor(config);
  return async (window) => (await extractor._call(window)).input_features.data as Float32Array;
}

function computeAll(logMel: LogMel, samples: Float32Array): Float32Array {
  return logMel.compute(samples, { start: 0, total: samples.length }, 0, logMel.frameCount(samples.length));
}

function checkAgreement(ours: Float32Array, theirs: Float32Array): void {
  if (ours.length !== theirs.length)
    throw new Error(`We have ${ours.length} values, transformers.js ${theirs.length}.`);
  const worst = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
  if (!(worst <= 0.01)) throw new Error(`We differ from transformers.js by ${worst} dB.`);
}

/** Something of every frequency, so that nothing falls under the floor. */
function noisyTones(length: number): Float32Array {
  let noise = 1;
  return Float32Array.from({ length }, (_, n) => {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
    return 0.3 * Math.sin(n * (0.02 + 1e-7 * (n % 480_000))) + (0.05 * noise) / 2 ** 31;
  });
}

/** Milliseconds. */
async function time(task: () => unknown): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}
