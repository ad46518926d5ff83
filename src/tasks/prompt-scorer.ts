import type { PromptEvidence } from '../detection/detection.js';
import { similarityLogits, type TextQuery } from '../detection/similarity.js';
import type { TextEmbedding } from '../engine/embedding-engine.js';
import type { EmbeddingTrack } from '../engine/embedding-track.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';

/**
 * Scores one prompt against an embedding track that may still be filling up. It never touches audio.
 *
 * The evidence does not depend on the order in which windows arrive.
 */
export class PromptScorer {
  /** The same object for the scorer's whole life; `update` fills its arrays. */
  readonly evidence: PromptEvidence;
  readonly #track: EmbeddingTrack;
  readonly #query: TextQuery;
  /** 1 where the window has been scored, `[windowCount]`. */
  readonly #scored: Uint8Array;

  constructor(
    track: EmbeddingTrack,
    text: Pick<TextEmbedding, 'vector' | 'bias'>,
    model: Pick<ModelDescriptor, 'logitScale'>,
  ) {
    const { grid, levels, plan } = track;
    this.#track = track;
    this.#query = { vector: text.vector, scale: model.logitScale, bias: text.bias };
    this.#scored = new Uint8Array(plan.windows.length);
    this.evidence = {
      grid,
      frameLogits: new Float32Array(grid.frameCount).fill(NaN),
      levels,
    };
  }

  /**
   * Scores windows that have been analysed but not scored yet.
   *
   * @param most at most this many, so that a long recording can be scored in slices
   * @returns how many those were; 0: nothing changed
   */
  update(most = Infinity): number {
    const { frames, plan, analysed } = this.#track;
    let count = 0;
    for (const { index, keepStart, keepEnd } of plan.windows) {
      if (count >= most) break;
      if (analysed[index] !== 1 || this.#scored[index] === 1) continue;
      similarityLogits(frames, this.#query, this.evidence.frameLogits, keepStart, keepEnd);
      this.#scored[index] = 1;
      count += 1;
    }
    return count;
  }
}
