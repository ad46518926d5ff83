import type { BackgroundEmbeddings } from '../detection/background-calibration.js';
import { probability } from '../detection/calibration.js';
import { detect } from '../detection/detect.js';
import { frameToSeconds, secondsToFrame, type FrameGrid } from '../detection/frame-grid.js';
import type { Score, Seconds } from '../dsp/units.js';
import type { TextEmbedding } from '../engine/embedding-engine.js';
import type { EmbeddingTrack } from '../engine/embedding-track.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';
import { PromptScorer } from './prompt-scorer.js';

/** How well one of several labels names what is heard. */
export interface LabelScore {
  readonly label: string;
  /** Probability that it can be heard, whatever the other labels are; of a whole recording: somewhere in it. */
  readonly score: Score;
  /** Its probability if one of the labels is right and no other; all of them add up to 1. */
  readonly share: Score;
}

/** A stretch of a recording, `[start, end)`. */
export interface Stretch {
  readonly start: Seconds;
  readonly end: Seconds;
}

/**
 * Part of the frames that decides about a stretch: a label is heard where it is heard best, but in more than a moment.
 * The built-in model names short sounds best by it (models/pocket/README.md, "best form").
 */
const DECIDING_PART = 1 / 3;

/** What there is to compare labels with. */
export interface HeardTrack {
  readonly track: EmbeddingTrack;
  readonly model: Pick<ModelDescriptor, 'logitScale'>;
  /** As for {@link PromptScorer}. */
  readonly background: BackgroundEmbeddings | null;
}

/** What one label is worth; NaN where nothing of what is asked about has been analysed. */
export interface LabelEvidence {
  /** Mean of the highest third of the frame logits: how much of the sound is the label. */
  readonly logit: number;
  /** As {@link LabelScore.score}. */
  readonly score: Score;
}

/**
 * Compares a label with a recording or with stretches of it. Whether it is heard in a recording at all is decided as in
 * a search, where one bark in an hour is enough; what a stretch is, its frames say together.
 *
 * @param stretches null: the whole recording
 */
export function labelEvidence(
  { track, model, background }: HeardTrack,
  text: Pick<TextEmbedding, 'vector' | 'bias'>,
  stretches: readonly Stretch[] | null,
): LabelEvidence {
  const scorer = new PromptScorer(track, text, model, background);
  const { frameLogits } = scorer.evidence;
  if (stretches === null) {
    scorer.update();
    return { logit: meanOfHighest(frameLogits), score: detect(scorer.evidence).presence.score };
  }
  const logits = stretches.flatMap((stretch) => {
    const { start, end } = framesOf(stretch, track.grid);
    scorer.update(Infinity, start, end);
    return [...frameLogits.subarray(start, end)];
  });
  const logit = meanOfHighest(Float32Array.from(logits));
  return { logit, score: probability(logit) };
}

/** The frames whose middle lies in a stretch; of one too short for that, the frame around its own middle. */
function framesOf(stretch: Stretch, grid: FrameGrid): { start: number; end: number } {
  const { frameCount } = grid;
  const within = (frame: number): number => Math.min(frameCount, Math.max(0, frame));
  const start = within(Math.round(secondsToFrame(grid, stretch.start)));
  const end = within(Math.round(secondsToFrame(grid, Math.min(stretch.end, frameToSeconds(grid, frameCount)))));
  if (end > start) return { start, end };
  const middle = Math.min(frameCount - 1, within(Math.floor(secondsToFrame(grid, (stretch.start + stretch.end) / 2))));
  return { start: middle, end: middle + 1 };
}

function meanOfHighest(logits: Float32Array): number {
  const known = logits.filter((logit) => !Number.isNaN(logit)).sort();
  const highest = known.subarray(known.length - Math.max(1, Math.round(known.length * DECIDING_PART)));
  return highest.reduce((sum, logit) => sum + logit, 0) / highest.length;
}

/**
 * Puts labels into order, the best first; equal ones stay in theirs.
 *
 * @param isExclusive whether one of the labels is right and no other: then by share, else by score
 */
export function rankLabels(
  labels: readonly string[],
  evidence: readonly LabelEvidence[],
  isExclusive: boolean,
): LabelScore[] {
  const best = Math.max(...evidence.map(({ logit }) => logit));
  const weights = evidence.map(({ logit }) => Math.exp(logit - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return labels
    .map((label, i) => ({ label, score: evidence[i].score, share: weights[i] / total }))
    .sort((a, b) => (isExclusive ? b.share - a.share : b.score - a.score));
}
