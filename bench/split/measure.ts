// What the split by class makes of tracks built from known pieces, against the bare argmax:
//   python bench/split/make_tracks.py EVALUATE.py models/pocket CLIPS VALIDATION build/split
//   node scripts/run.mjs bench/split/measure.ts build/split
import { readFileSync } from 'node:fs';
import { probability } from '../../src/detection/calibration.js';
import { detect } from '../../src/detection/detect.js';
import { DEFAULT_SWITCHING_COST, exclusiveSplit, type SplitEvidence } from '../../src/detection/exclusive-split.js';
import { frameToSeconds, type FrameGrid } from '../../src/detection/frame-grid.js';

/** Constants are chosen on the first, reported on the second; the third is recordings as they are, with overlaps. */
type Half = 'choose' | 'report' | 'natural';

/** A stretch of a class; −1 is "other". */
interface Stretch {
  readonly classIndex: number;
  readonly start: number;
  readonly end: number;
}

interface Track {
  readonly half: Half;
  readonly seconds: number;
  readonly grid: FrameGrid;
  /** The score curves of each class, one for every wording. */
  readonly curves: readonly (readonly Float32Array[])[];
  readonly levels: Float32Array;
  readonly truth: readonly Stretch[];
}

interface TrackRow {
  readonly half: Half;
  readonly seconds: number;
  readonly frames: number;
  readonly classes: readonly string[];
  readonly truth: readonly { readonly label: string; readonly start: number; readonly end: number }[];
}

const WORDINGS = 3;
const LEVELS_PER_FRAME = 8;

function readTracks(folder: string): Track[] {
  const rows = JSON.parse(readFileSync(`${folder}/tracks.json`, 'utf8')) as TrackRow[];
  const values = new Float32Array(new Uint8Array(readFileSync(`${folder}/tracks.f32`)).buffer);
  let position = 0;
  const take = (count: number): Float32Array => values.subarray(position, (position += count));
  return rows.map(({ half, seconds, frames, classes, truth }) => {
    const grid = { sampleRate: 32_000, offset: 0, hop: 5120, frameCount: frames };
    const logits = classes.map(() => Array.from({ length: WORDINGS }, () => take(frames)));
    const levels = take(frames * LEVELS_PER_FRAME);
    const curves = logits.map((wordings) =>
      wordings.map((frameLogits) => detect({ grid, frameLogits, levels }).curve.values),
    );
    const stretches = truth.map(({ label, start, end }) => ({ classIndex: classes.indexOf(label), start, end }));
    return { half, seconds, grid, curves, levels, truth: stretches };
  });
}

/** How the wordings of a class become one score. */
type Combine = (wordings: readonly number[]) => number;

const logitOf = (score: number): number => Math.log((score + 1e-9) / (1 - score + 1e-9));
const first: Combine = ([score]) => score;
const largest: Combine = (scores) => Math.max(...scores);
const meanLogit: Combine = (scores) =>
  probability(scores.reduce((sum, score) => sum + logitOf(score), 0) / scores.length);
/** As if the log-odds of "other" were other than −2.5. */
const withOther =
  (other: number): Combine =>
  ([score]) =>
    probability(logitOf(score) - 2.5 - other);
const either: Combine = (scores) => 1 - scores.reduce((none, score) => none * (1 - score), 1);

function evidenceOf({ grid, curves, levels }: Track, combine: Combine): SplitEvidence {
  const scores = curves.map((wordings) =>
    wordings[0].map((_, frame) => combine(wordings.map((curve) => curve[frame]))),
  );
  return { grid, scores, levels };
}

type Split = (evidence: SplitEvidence) => readonly Stretch[];

/** The likeliest class of each frame where it reaches `threshold`. */
function argmax(threshold: number): Split {
  return ({ grid, scores }) =>
    Array.from({ length: grid.frameCount }, (_, frame) => {
      let best = -1;
      for (const [i, curve] of scores.entries())
        if (curve[frame] > (best < 0 ? threshold : scores[best][frame])) best = i;
      return { classIndex: best, start: frameToSeconds(grid, frame), end: frameToSeconds(grid, frame + 1) };
    }).filter(({ classIndex }) => classIndex >= 0);
}

/** Truth and result are compared every 10 ms. */
const STEP = 0.01;
/** A boundary is found if one of the same class lies this near, seconds. */
const COLLAR = 0.25;

const stepsOf = (time: number): number => Math.max(0, Math.round(time / STEP));

/** The class of every step; −1 is "other". */
function paint(stretches: readonly Stretch[], seconds: number): Int16Array {
  const painted = new Int16Array(stepsOf(seconds)).fill(-1);
  for (const { classIndex, start, end } of stretches) painted.fill(classIndex, stepsOf(start), stepsOf(end));
  return painted;
}

/** A bit for every class that is there in a step. */
function paintAll(stretches: readonly Stretch[], seconds: number): Uint32Array {
  const painted = new Uint32Array(stepsOf(seconds));
  for (const { classIndex, start, end } of stretches)
    for (let i = stepsOf(start); i < stepsOf(end) && i < painted.length; i += 1) painted[i] |= 1 << classIndex;
  return painted;
}

interface Boundary {
  readonly position: number;
  readonly from: number;
  readonly to: number;
}

function boundaries(painted: Int16Array): Boundary[] {
  const found: Boundary[] = [];
  for (let i = 1; i < painted.length; i += 1)
    if (painted[i] !== painted[i - 1]) found.push({ position: i, from: painted[i - 1], to: painted[i] });
  return found;
}

interface Figures {
  /** Share of the time with a right class, or rightly with none. */
  readonly accuracy: number;
  /** Share of the time without any of the classes that was given to one. */
  readonly falseShare: number;
  /** Of boundaries within the collar. */
  readonly boundaryF1: number;
  /** Median distance of the boundaries that were found, ms. */
  readonly boundaryError: number;
  /** Boundaries in the result for one in the truth. */
  readonly fragmentation: number;
}

function measure(tracks: readonly Track[], combine: Combine, split: Split): Figures {
  let right = 0;
  let total = 0;
  let empty = 0;
  let wrong = 0;
  let inTruth = 0;
  let inResult = 0;
  const errors: number[] = [];
  for (const track of tracks) {
    const truth = paint(track.truth, track.seconds);
    const result = paint(split(evidenceOf(track, combine)), track.seconds);
    for (const [i, there] of paintAll(track.truth, track.seconds).entries()) {
      if (result[i] < 0 ? there === 0 : (there >> result[i]) & 1) right += 1;
      if (there === 0) empty += 1;
      if (there === 0 && result[i] >= 0) wrong += 1;
    }
    total += truth.length;
    const candidates = new Set(boundaries(result));
    const wanted = boundaries(truth);
    inTruth += wanted.length;
    inResult += candidates.size;
    for (const { position, from, to } of wanted) {
      const distance = (one: Boundary): number => Math.abs(one.position - position) * STEP;
      const near = [...candidates]
        .filter((one) => distance(one) <= COLLAR && (one.to === to || one.from === from))
        .sort((a, b) => distance(a) - distance(b))[0];
      if (!near) continue;
      candidates.delete(near);
      errors.push(distance(near) * 1000);
    }
  }
  errors.sort((a, b) => a - b);
  return {
    accuracy: right / total,
    falseShare: wrong / empty,
    boundaryF1: (2 * errors.length) / (inTruth + inResult),
    boundaryError: errors[errors.length >> 1],
    fragmentation: inResult / inTruth,
  };
}

function printTable(tracks: readonly Track[], rows: readonly (readonly [string, Combine, Split])[]): void {
  const columns = 'accuracy | boundary F1 | error, ms | boundaries';
  console.log(`\n| | ${columns} | ${columns} | natural: accuracy | false |`);
  console.log('| --- |' + ' --- |'.repeat(10));
  for (const [name, combine, split] of rows) {
    const cells = (['choose', 'report', 'natural'] as const).map((half) => {
      const own = tracks.filter((track) => track.half === half);
      const figures = measure(own, combine, split);
      const accuracy = figures.accuracy.toFixed(3);
      if (half === 'natural') return `${accuracy} | ${figures.falseShare.toFixed(3)}`;
      const { boundaryF1, boundaryError, fragmentation } = figures;
      return `${accuracy} | ${boundaryF1.toFixed(3)} | ${boundaryError.toFixed(0)} | ${fragmentation.toFixed(2)}`;
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

/** Milliseconds for two hours of ten classes that change every other second. */
function timeTwoHours(): number {
  const frameCount = 45_000;
  const grid = { sampleRate: 32_000, offset: 0, hop: 5120, frameCount };
  const scores = Array.from({ length: 10 }, (_, k) =>
    Float32Array.from({ length: frameCount }, (_v, i) => 0.5 + 0.49 * Math.sin(i / (7 + k) + k)),
  );
  const levels = new Float32Array(frameCount * LEVELS_PER_FRAME).fill(-30);
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    exclusiveSplit({ grid, scores, levels });
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4];
}

const folder = process.argv[2];
if (!folder) throw new Error('Usage: measure.ts FOLDER (what make_tracks.py has made)');
const tracks = readTracks(folder);
const withCost =
  (cost: number): Split =>
  (evidence) =>
    exclusiveSplit(evidence, cost);

printTable(tracks, [
  ['argmax, from 50 %', first, argmax(0.5)],
  ['argmax, from 8 %', first, argmax(probability(-2.5))],
  ...[0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2, 4].map(
    (cost) => [`switching cost ${cost} s`, first, withCost(cost)] as const,
  ),
]);
printTable(
  tracks,
  [-1, -1.5, -2, -2.5, -3, -3.5].map(
    (other) =>
      [`“other” at ${String(other).replace('-', '−')}`, withOther(other), withCost(DEFAULT_SWITCHING_COST)] as const,
  ),
);
printTable(tracks, [
  ['the label alone', first, withCost(DEFAULT_SWITCHING_COST)],
  ['largest of three wordings', largest, withCost(DEFAULT_SWITCHING_COST)],
  ['mean log-odds', meanLogit, withCost(DEFAULT_SWITCHING_COST)],
  ['probability of any', either, withCost(DEFAULT_SWITCHING_COST)],
]);
console.log(`\nTwo hours, ten classes: ${timeTwoHours().toFixed(0)} ms`);
