// Runs in the browser: the parts of the suite that need the real engine.
import { detect } from '../../src/detection/detect.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import { isAbortError } from '../../src/engine/errors.js';
import type { ModelDescriptor } from '../../src/engine/model-descriptor.js';
import { planWindows } from '../../src/engine/window-plan.js';
import { AnalysisSession } from '../../src/plugin/analysis-session.js';
import { openAudio } from '../../src/plugin/audio-source.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';
import { benchLogMel } from '../log-mel.js';
import { longRecording } from './long-recording.js';
import { longestGapsBeside, withLongestGaps } from './main-thread-gap.js';
import { NaiveLoop } from './naive-loop.js';
import type { BenchPage, TimedAnalysis } from './page-contract.js';

const ASSET_BASE = new URL('/dist/', location.href);
const RECORDING = '/demo/media/demo.flac';
const LONG_SECONDS = 600;
const NAIVE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const CANCELLATIONS = 5;
const NEW_PROMPTS = ['church bell', 'a car passing by', 'glass breaking', 'rain on a roof', 'a crowd cheering'];

interface Prepared {
  readonly engine: EmbeddingEngine;
  readonly naive: NaiveLoop;
  readonly descriptor: ModelDescriptor;
  readonly samples: Float32Array;
  readonly sampleRate: number;
  /** The recording of ten minutes: made beforehand, or what that leaves behind would be cleared away meanwhile. */
  readonly long: Blob;
}

let prepared: Prepared | null = null;
let longTrack: EmbeddingTrack | null = null;

function ready(): Prepared {
  if (prepared === null) throw new Error('prepare() comes first');
  return prepared;
}

async function trackOf(file: Blob, signal?: AbortSignal): Promise<EmbeddingTrack> {
  const { engine } = ready();
  const { source } = await openAudio(file, { assetBase: ASSET_BASE });
  try {
    const { track } = await engine.analyse(source, signal === undefined ? {} : { signal });
    return track;
  } finally {
    source.close();
  }
}

/** As a page does it: the prompt is scored while windows stream in, and the rest in slices. */
async function trackWithBoxesOf(file: Blob, prompt: string): Promise<EmbeddingTrack> {
  const { engine } = ready();
  const { source, duration } = await openAudio(file, { assetBase: ASSET_BASE });
  const embedding = await engine.embedText(prompt);
  try {
    return await new Promise((resolve, reject) => {
      const session = new AnalysisSession(source, async () => engine, {
        visibleRange: () => ({ start: 0, end: duration }),
        onAnalysis: () => {},
        onDetection: () => {},
        onResult: ({ track }) => resolve(track),
        onFailure: reject,
      });
      session.setPrompts([{ id: 'prompt', polarity: 'target', embedding }]);
      session.start();
    });
  } finally {
    source.close();
  }
}

async function boxesOf(track: EmbeddingTrack, prompt: string): Promise<number> {
  const { engine, descriptor } = ready();
  const scorer = new PromptScorer(track, await engine.embedText(prompt), descriptor);
  scorer.update();
  return detect(scorer.evidence).boxes.length;
}

/** The track over and over up to a length, as an analysis of so long a recording would leave it. */
function repeatTrack(track: EmbeddingTrack, duration: number, model: ModelDescriptor): EmbeddingTrack {
  const { grid, dimension } = track;
  const frameCount = Math.ceil((duration * grid.sampleRate) / grid.hop);
  const plan = planWindows(frameCount, model);
  const repeat = (values: Float32Array, length: number) => {
    const repeated = new Float32Array(length);
    for (let i = 0; i < length; i += values.length) repeated.set(values.subarray(0, length - i), i);
    return repeated;
  };
  return {
    ...track,
    grid: { ...grid, frameCount },
    frames: repeat(track.frames, frameCount * dimension),
    clips: repeat(track.clips, plan.windows.length * dimension),
    levels: repeat(track.levels, (frameCount * track.levels.length) / grid.frameCount),
    plan,
    analysed: new Uint8Array(plan.windows.length).fill(1),
  };
}

/** The least cosine between rows of unit length. */
function leastCosine(a: Float32Array, b: Float32Array, dimension: number): number {
  let least = 1;
  for (let row = 0; row < Math.min(a.length, b.length); row += dimension) {
    let cosine = 0;
    for (let i = row; i < row + dimension; i++) cosine += a[i] * b[i];
    least = Math.min(least, cosine);
  }
  return least;
}

async function timed(audioSeconds: number, work: () => Promise<void>): Promise<TimedAnalysis> {
  const start = performance.now();
  const { longestGaps } = await withLongestGaps(work);
  return { realTime: (audioSeconds * 1000) / (performance.now() - start), longestGaps };
}

const bench: BenchPage = {
  async logMel() {
    const results = Object.entries(await benchLogMel());
    return Object.fromEntries(results.map(([name, result]) => [name, { against: '', ...result }]));
  },

  async prepare() {
    const response = await fetch(RECORDING);
    if (!response.ok) throw new Error(`${RECORDING}: ${response.status}`);
    const { source } = await openAudio(await response.blob(), { assetBase: ASSET_BASE });
    const [samples = new Float32Array()] = await source.read(0, source.length);
    source.close();
    const engine = createEmbeddingEngine({ assetBase: ASSET_BASE, model: 'pocket' });
    const descriptor = await engine.load();
    const naive = await NaiveLoop.load();
    const { sampleRate } = source;
    const long = await longRecording(samples, sampleRate, LONG_SECONDS);
    prepared = { engine, naive, descriptor, samples, sampleRate, long };
    // The first runs compile; what is measured is what follows.
    const short = await longRecording(samples, sampleRate, 30);
    await trackOf(short);
    await naive.embed(short);
    const { choice } = engine;
    return choice === null ? 'unknown backend' : `${choice.backend}, ${choice.workers} workers`;
  },

  async analyse() {
    const { long } = ready();
    return timed(LONG_SECONDS, async () => {
      longTrack = await trackWithBoxesOf(long, 'dog bark');
    });
  },

  async analyseNaively() {
    const { samples, sampleRate, naive } = ready();
    const file = await longRecording(samples, sampleRate, NAIVE_SECONDS);
    return timed(NAIVE_SECONDS, async () => {
      await naive.embed(file);
    });
  },

  async compareNaive() {
    const { samples, sampleRate, naive } = ready();
    const file = await longRecording(samples, sampleRate, NAIVE_SECONDS);
    const { frames, dimension } = await trackOf(file);
    return leastCosine(await naive.embed(file), frames, dimension);
  },

  async newPromptOnHour() {
    const { descriptor } = ready();
    if (longTrack === null) throw new Error('analyse() comes first');
    const hour = repeatTrack(longTrack, HOUR_SECONDS, descriptor);
    const times: number[] = [];
    let boxCount = 0;
    for (const prompt of NEW_PROMPTS) {
      const start = performance.now();
      boxCount += await boxesOf(hour, prompt);
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    return { frameCount: hour.grid.frameCount, elapsed: times[times.length >> 1], boxCount };
  },

  // The workers, and one that decodes.
  gapsOfBusyMachine: (duration) => longestGapsBeside((ready().engine.choice?.workers ?? 1) + 1, duration),

  async cancel() {
    const { long } = ready();
    let longest = 0;
    for (let i = 0; i < CANCELLATIONS; i++) {
      const controller = new AbortController();
      let abortedAt = Infinity;
      const analysis = trackOf(long, controller.signal);
      // Every attempt cancels at another point of the work.
      setTimeout(
        () => {
          abortedAt = performance.now();
          controller.abort();
        },
        300 + 130 * i,
      );
      try {
        await analysis;
        throw new Error('the analysis was over before it could be cancelled');
      } catch (error) {
        if (!isAbortError(error)) throw error;
        longest = Math.max(longest, performance.now() - abortedAt);
      }
    }
    return longest;
  },
};

window.bench = bench;
