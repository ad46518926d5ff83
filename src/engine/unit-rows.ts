/**
 * Scales each row to unit L2 norm, in place; a row of zeros stays as it is.
 *
 * @param rows `[count × dimension]` row-major
 * @returns `rows`
 */
export function normalizeRows<Rows extends Float32Array>(rows: Rows, dimension: number): Rows {
  for (let start = 0; start < rows.length; start += dimension) {
    const row = rows.subarray(start, start + dimension);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < row.length; i += 1) row[i] *= scale;
  }
  return rows;
}
