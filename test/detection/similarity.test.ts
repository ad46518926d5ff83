import { expect } from '@open-wc/testing';
import { similarityLogits } from '../../src/detection/similarity.js';

/** Rows of unit length, any but always the same. */
function unitRows(count: number, dimension: number): Float32Array {
  const rows = Float32Array.from({ length: count * dimension }, (_, i) => Math.sin(i * 12.9898 + 1));
  for (let row = 0; row < count; row += 1) {
    const part = rows.subarray(row * dimension, (row + 1) * dimension);
    const norm = Math.hypot(...part);
    part.forEach((value, d) => (part[d] = value / norm));
  }
  return rows;
}

describe('similarity logits', () => {
  it('are scale · cosine + bias, for any dimension', () => {
    for (const dimension of [1, 3, 4, 7, 256]) {
      const rows = unitRows(5, dimension);
      const vector = rows.slice(2 * dimension, 3 * dimension);
      const out = new Float32Array(5);
      similarityLogits(rows, { vector, scale: 85, bias: -9 }, out);
      for (let row = 0; row < 5; row += 1) {
        let cosine = 0;
        for (let d = 0; d < dimension; d += 1) cosine += rows[row * dimension + d] * vector[d];
        expect(out[row]).to.be.closeTo(85 * cosine - 9, 1e-4);
      }
      expect(out[2]).to.be.closeTo(76, 1e-4);
    }
  });

  it('leave what is outside the range alone', () => {
    const rows = unitRows(4, 8);
    const out = new Float32Array(4).fill(NaN);
    similarityLogits(rows, { vector: rows.slice(0, 8), scale: 1, bias: 0 }, out, 1, 3);
    expect([...out].map(Number.isNaN)).to.deep.equal([true, false, false, true]);
  });

  it('take well under 50 ms for an hour of frames', () => {
    const rows = unitRows(22500, 256);
    const out = new Float32Array(22500);
    const query = { vector: rows.slice(0, 256), scale: 85, bias: -9 };
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      similarityLogits(rows, query, out);
      return performance.now() - start;
    });
    expect(Math.min(...times)).to.be.lessThan(50);
  });
});
