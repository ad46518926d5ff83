import {
  backgroundCalibrated,
  type BackgroundEmbeddings,
  type CalibratedQueries,
} from '../detection/background-calibration.js';
import type { PromptEvidence } from '../detection/detection.js';
import { similarityLogits } from '../detection/similarity.js';
import type { TextEmbedding } from '../engine/embedding-engine.js';
import { clipCount, type EmbeddingTrack } from '../engine/embedding-track.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';
import { TwoScaleLogits } from './two-scale-logits.js';

/**
 * Scores one prompt against an embedding track that may still be filling up. It never touches audio.
 *
 * The evidence does not depend on the order in which windows arrive.
 */
export class PromptScorer {
  /** The same object for the scorer's whole life; `update` fills its arrays. */
  readonly evidence: PromptEvidence;
  readonly #track: EmbeddingTrack;
  readonly #queries: CalibratedQueries;
  /** 1 where the window has been scored, `[windowCount]`. */
  readonly #scored: Uint8Array;
  /** Null for a model that gives frames. */
  readonly #twoScales: TwoScaleLogits | null;

  /**
   * @param background what the prompts of a model without a bias are calibrated by; default: the logits are the model's own
   */
  constructor(
    track: EmbeddingTrack,
    text: Pick<TextEmbedding, 'vector' | 'bias'>,
    model: Pick<ModelDescriptor, 'logitScale'>,
    background: BackgroundEmbeddings | null = null,
  ) {
    const { grid, levels, plan } = track;
    this.#track = track;
    const own = { vector: text.vector, scale: model.logitScale, bias: text.bias };
    this.#queries = background ? backgroundCalibrated(text.vector, background) : { frames: own, clips: own };
    this.#scored = new Uint8Array(plan.windows.length);
    this.evidence = {
      grid,
      frameLogits: new Float32Array(grid.frameCount).fill(NaN),
      levels,
    };
    const long = plan.windows.slice(0, clipCount(plan));
    this.#twoScales = long.length < plan.windows.length ? new TwoScaleLogits(long, this.evidence.frameLogits) : null;
  }

  /**
   * Scores windows that have been analysed but not scored yet.
   *
   * @param most at most this many, so that a long recording can be scored in slices
   * @param start with `end`: only what the frames `[start, end)` depend on; default: all of the recording
   * @returns how many those were; 0: nothing changed
   */
  update(most = Infinity, start = 0, end: number = this.evidence.grid.frameCount): number {
    const { frames, clips, plan, analysed } = this.#track;
    let count = 0;
    for (const { index, length, keepStart, keepEnd } of plan.windows) {
      if (count >= most) break;
      // Long windows are interpolated with their neighbours.
      const reach = this.#twoScales === null ? 0 : length;
      if (keepStart >= end + reach || keepEnd <= start - reach) continue;
      if (analysed[index] !== 1 || this.#scored[index] === 1) continue;
      if (this.#twoScales === null)
        similarityLogits(frames, this.#queries.frames, this.evidence.frameLogits, keepStart, keepEnd);
      else if (index < this.#twoScales.long.length)
        this.#twoScales.addLong(index, (out) => similarityLogits(clips, this.#queries.clips, out, index, index + 1));
      else
        this.#twoScales.addShort(keepStart, keepEnd, (out) =>
          similarityLogits(frames, this.#queries.frames, out, keepStart, keepEnd),
        );
      this.#scored[index] = 1;
      count += 1;
    }
    return count;
  }
}
