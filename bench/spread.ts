/** The middle of the values; the mean of the middle two where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** In words, with the worst: "median 12, worst 20". */
export function spread(values: readonly number[]): string {
  return `median ${median(values).toFixed(0)}, worst ${Math.max(...values).toFixed(0)}`;
}
