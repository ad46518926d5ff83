/** How a model turns the cosine of an audio and a text embedding into a logit: `scale · cosine + bias`. */
export interface TextQuery {
  /** `[D]`, unit L2 norm. */
  readonly vector: Float32Array;
  readonly scale: number;
  readonly bias: number;
}

/**
 * Writes `scale · cosine + bias` of the embeddings `[start, end)` with a text into `out[start … end)`.
 *
 * The embeddings are unit vectors, so the cosine is a plain dot product: 22,500 frames of 256 coordinates (an hour of
 * 160-ms frames) take some ten milliseconds.
 *
 * @param embeddings `[count × D]` row-major, unit L2 norm
 * @param out `[count]`
 */
export function similarityLogits(
  embeddings: Float32Array,
  query: TextQuery,
  out: Float32Array,
  start = 0,
  end: number = out.length,
): void {
  const { vector, scale, bias } = query;
  const dimension = vector.length;
  const blocked = dimension - (dimension % 4);
  for (let row = start; row < end; row += 1) {
    const base = row * dimension;
    // Four independent sums let the processor overlap the additions; one sum would wait for itself.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let d = 0; d < blocked; d += 4) {
      s0 += embeddings[base + d] * vector[d];
      s1 += embeddings[base + d + 1] * vector[d + 1];
      s2 += embeddings[base + d + 2] * vector[d + 2];
      s3 += embeddings[base + d + 3] * vector[d + 3];
    }
    for (let d = blocked; d < dimension; d += 1) s0 += embeddings[base + d] * vector[d];
    out[row] = scale * (s0 + s1 + (s2 + s3)) + bias;
  }
}
