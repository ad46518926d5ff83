import type { PromptEvidence } from '../detection/detection.js';
import { similarityLogits, type TextQuery } from '../detection/similarity.js';
import type { TextEmbedding } from '../engine/embedding-engine.js';
import type { EmbeddingTrack } from '../engine/embedding-track.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';
import type { AnalysisWindow } from '../engine/window-plan.js';

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
  /** Logit of each window's clip embedding, `[windowCount]`. */
  readonly #windowLogits: Float32Array;
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
    this.#windowLogits = new Float32Array(plan.windows.length);
    this.#scored = new Uint8Array(plan.windows.length);
    this.evidence = {
      grid,
      frameLogits: new Float32Array(grid.frameCount).fill(NaN),
      clipLogits: new Float32Array(grid.frameCount).fill(NaN),
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
    const { frames, clips, plan, analysed } = this.#track;
    const { frameLogits } = this.evidence;
    const added: AnalysisWindow[] = [];
    for (const window of plan.windows) {
      if (analysed[window.index] !== 1 || this.#scored[window.index] === 1) continue;
      similarityLogits(frames, this.#query, frameLogits, window.keepStart, window.keepEnd);
      similarityLogits(clips, this.#query, this.#windowLogits, window.index, window.index + 1);
      this.#scored[window.index] = 1;
      added.push(window);
      if (added.length >= most) break;
    }
    for (const window of added) this.#spreadClips(window);
    return added.length;
  }

  /**
   * Recomputes the clip logit of every frame that `window` hears: the mean over all scored windows that hear it, each
   * weighted by a triangle over its length (1.05 in the middle, .05 at its ends), so that neighbours blend.
   */
  #spreadClips(window: AnalysisWindow): void {
    const { windows } = this.#track.plan;
    const { clipLogits } = this.evidence;
    const end = Math.min(window.start + window.length, clipLogits.length);
    let first = window.index;
    while (first > 0 && windowEnd(windows[first - 1]) > window.start) first -= 1;
    for (let frame = window.start; frame < end; frame += 1) {
      let sum = 0;
      let weights = 0;
      for (let i = first; i < windows.length && windows[i].start <= frame; i += 1) {
        if (this.#scored[i] === 0 || windowEnd(windows[i]) <= frame) continue;
        const weight = 1.05 - Math.abs(((frame - windows[i].start + 0.5) / windows[i].length) * 2 - 1);
        sum += weight * this.#windowLogits[i];
        weights += weight;
      }
      clipLogits[frame] = sum / weights;
    }
  }
}

function windowEnd(window: AnalysisWindow): number {
  return window.start + window.length;
}
