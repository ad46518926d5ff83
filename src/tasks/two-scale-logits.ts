import type { AnalysisWindow } from '../engine/window-plan.js';

/** Share of the long windows in a frame's logit, by measurement: docs/decisions/0013-window-models.md has the table. */
const LONG_SHARE = 0.25;

/** Writes logits into its argument. */
type Score = (out: Float32Array) => void;

/**
 * Frame logits of a model that embeds whole windows, from long ones (whether) and short ones (when):
 *
 *     logit = ¼ · long + ¾ · short          where both are known; else the one that is
 *
 * The long windows' logits are interpolated between their centres, so that their borders make no steps in the curve.
 */
export class TwoScaleLogits {
  readonly #longLogits: Float32Array;
  readonly #shortLogits: Float32Array;

  /**
   * @param long the long windows, side by side
   * @param frameLogits receives the result, `[frameCount]`; NaN where nothing is known
   */
  constructor(
    readonly long: readonly AnalysisWindow[],
    private readonly frameLogits: Float32Array,
  ) {
    this.#longLogits = new Float32Array(long.length).fill(NaN);
    this.#shortLogits = new Float32Array(frameLogits.length).fill(NaN);
  }

  /** @param score writes element `index` */
  addLong(index: number, score: Score): void {
    score(this.#longLogits);
    const first = this.long[Math.max(0, index - 1)];
    const last = this.long[Math.min(this.long.length - 1, index + 1)];
    this.#combine(first.keepStart, last.keepEnd);
  }

  /** @param score writes the elements `[start, end)` */
  addShort(start: number, end: number, score: Score): void {
    score(this.#shortLogits);
    this.#combine(start, end);
  }

  #combine(start: number, end: number): void {
    for (let frame = start; frame < end; frame += 1) {
      const long = this.#longAt(frame);
      const short = this.#shortLogits[frame];
      if (Number.isNaN(short)) this.frameLogits[frame] = long;
      else if (Number.isNaN(long)) this.frameLogits[frame] = short;
      else this.frameLogits[frame] = LONG_SHARE * long + (1 - LONG_SHARE) * short;
    }
  }

  /** Between the centres of two windows on the straight line; beyond the first and the last, as at their centre. */
  #longAt(frame: number): number {
    const { long } = this;
    const position = frame + 0.5;
    const own = Math.min(long.length - 1, Math.floor(frame / (long[0].keepEnd - long[0].keepStart)));
    const other = position < centreOf(long[own]) ? own - 1 : own + 1;
    const here = this.#longLogits[own];
    const there = this.#longLogits[other] ?? NaN;
    if (Number.isNaN(here) || Number.isNaN(there)) return Number.isNaN(here) ? NaN : here;
    const distance = (position - centreOf(long[own])) / (centreOf(long[other]) - centreOf(long[own]));
    return here + distance * (there - here);
  }
}

function centreOf({ start, length }: AnalysisWindow): number {
  return start + length / 2;
}
