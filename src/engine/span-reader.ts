import type { Samples } from '../dsp/units.js';
import type { PcmSource } from './pcm-source.js';
import { releaseMemory } from './release-memory.js';

type Piece = Float32Array<ArrayBuffer>[];

/** Audio of a recording at its own rate, `[start, end)`; the pieces follow each other without a gap. */
export interface SpanAudio {
  readonly start: Samples;
  /** Less than was asked for where the recording ends. */
  readonly end: Samples;
  readonly pieces: readonly Piece[];
}

/**
 * Reads spans that overlap. The overlap with the former span is kept, because reading it again would cost a streamed
 * source a seek backwards.
 */
export class SpanReader {
  #tailStart: Samples = 0;
  #tail: Piece = [];

  /** @param keep samples of a span that the next one may begin with */
  constructor(
    private readonly source: PcmSource,
    readonly keep: Samples,
  ) {}

  /** The arrays belong to the caller. */
  async read(start: Samples, end: Samples, signal: AbortSignal): Promise<SpanAudio> {
    const tailEnd = this.#tailStart + lengthOf(this.#tail);
    const continues = this.#tailStart <= start && start < tailEnd;
    const old = continues ? cut(this.#tail, start - this.#tailStart, end - this.#tailStart) : [];
    const readFrom = continues ? tailEnd : start;
    const fresh = end > readFrom ? await this.source.read(readFrom, end - readFrom, signal) : [];
    if (lengthOf(fresh) > 0) {
      const former = this.#tail;
      this.#tail = joined(old, fresh, this.keep);
      releaseMemory(former);
      this.#tailStart = readFrom + lengthOf(fresh) - lengthOf(this.#tail);
    }
    const pieces = [old, fresh].filter((piece) => lengthOf(piece) > 0);
    return { start, end: start + lengthOf(old) + lengthOf(fresh), pieces };
  }
}

function lengthOf(piece: Piece): Samples {
  return piece[0]?.length ?? 0;
}

function cut(piece: Piece, from: Samples, to: Samples): Piece {
  return piece.map((channel) => channel.slice(from, to));
}

/** Copies of the last `keep` samples of two pieces. */
function joined(first: Piece, second: Piece, keep: Samples): Piece {
  const fromSecond = Math.min(keep, lengthOf(second));
  const fromFirst = Math.min(keep - fromSecond, lengthOf(first));
  return second.map((channel, index) => {
    const tail = new Float32Array(fromFirst + fromSecond);
    if (fromFirst > 0) tail.set(first[index].subarray(first[index].length - fromFirst));
    tail.set(channel.subarray(channel.length - fromSecond), fromFirst);
    return tail;
  });
}
