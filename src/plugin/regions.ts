import type { ScoreCurve } from '../detection/score-curve.js';
import { secondsToFrame } from '../detection/frame-grid.js';
import type { SoundEventBox } from '../detection/sound-event-box.js';
import type { EditDocument } from './edit-document.js';
import type { Prompt } from './prompt.js';
import type { Region } from './region.js';

/** A candidate of which more than this share is covered by what the user decided is not offered again. */
const MAX_DECIDED_SHARE = 0.5;

/** The hits of one prompt, with the curve that they came from. */
export interface PromptHits {
  readonly prompt: Prompt;
  readonly hits: readonly SoundEventBox[];
  readonly curve: ScoreCurve;
}

/**
 * The regions to show: those that the user has decided on, as they are, and the hits that he has not decided on yet.
 * Candidates that were there before keep their identity.
 *
 * @param previous the regions shown until now
 * @param channel the channel that the hits were found in; null for the mean of all
 * @returns sorted by start; `previous` itself when nothing changed
 */
export function mergeRegions(
  document: EditDocument,
  sourceId: string,
  found: readonly PromptHits[],
  previous: readonly Region[],
  channel: number | null = null,
): readonly Region[] {
  const before = new Map(previous.map((region) => [region.id, region]));
  const candidates = found.flatMap(({ prompt, hits, curve }) => {
    const decided = [...document.kept, ...document.dismissed].filter(
      (region) => region.promptId === prompt.id && mayMean(region, channel),
    );
    const decidedIds = new Set(decided.map((region) => region.id));
    const covered = union(decided);
    return hits
      .map((box) => candidateOf(box, prompt, sourceId, curve, channel))
      .filter((region) => !decidedIds.has(region.id) && coveredShare(region, covered) <= MAX_DECIDED_SHARE)
      .map((region) => sameAs(before.get(region.id), region));
  });
  const merged = [...document.kept, ...candidates].sort(
    (a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1),
  );
  const unchanged = merged.length === previous.length && merged.every((region, i) => region === previous[i]);
  return unchanged ? previous : merged;
}

/** Whether what was decided about a region concerns a channel: what is in one channel may not be in another. */
function mayMean(region: Region, channel: number | null): boolean {
  return channel === null || region.channel === undefined || region.channel === channel;
}

/** The same box of the same prompt in the same channel gives the same id, so that selection and edits survive a new detection. */
function candidateOf(
  box: SoundEventBox,
  prompt: Prompt,
  sourceId: string,
  curve: ScoreCurve,
  channel: number | null,
): Region {
  return {
    id: `${prompt.id}@${box.start.toFixed(3)}-${box.end.toFixed(3)}${channel === null ? '' : `#${channel}`}`,
    sourceId,
    start: box.start,
    end: box.end,
    label: prompt.text,
    score: box.confidence,
    peak: peakWithin(curve, box),
    promptId: prompt.id,
    origin: 'detected',
    status: 'candidate',
    edited: false,
    ...(channel !== null && { channel }),
  };
}

/** Highest score of the frames that the box touches. */
function peakWithin({ grid, values }: ScoreCurve, box: SoundEventBox): number {
  const from = Math.max(0, Math.floor(secondsToFrame(grid, box.start)));
  const to = Math.min(values.length, Math.ceil(secondsToFrame(grid, box.end)));
  let peak = 0;
  for (let i = from; i < to; i += 1) if (values[i] > peak) peak = values[i];
  return peak;
}

/** What regions cover together: stretches without overlap, sorted by start. */
function union(regions: readonly Region[]): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  for (const { start, end } of [...regions].sort((a, b) => a.start - b.start)) {
    const last = stretches.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return stretches;
}

/** @param decided without overlap, sorted by start */
function coveredShare(candidate: Region, decided: readonly { start: number; end: number }[]): number {
  let covered = 0;
  for (let i = firstEndingAfter(decided, candidate.start); i < decided.length; i += 1) {
    const { start, end } = decided[i];
    if (start >= candidate.end) break;
    covered += Math.min(end, candidate.end) - Math.max(start, candidate.start);
  }
  return covered / (candidate.end - candidate.start);
}

function firstEndingAfter(stretches: readonly { end: number }[], time: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle].end > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sameAs(before: Region | undefined, now: Region): Region {
  if (before && (Object.keys(now) as (keyof Region)[]).every((key) => before[key] === now[key])) return before;
  return Object.freeze(now);
}
