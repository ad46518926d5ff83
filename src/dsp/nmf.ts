import { seededRandom } from './seeded-random.js';

/** A matrix of values ≥ 0, `[rowCount × columnCount]` row-major. */
export interface Matrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly values: Float64Array;
}

export interface NmfOptions {
  /** Components to be learned, at least 1. */
  readonly rank: number;
  readonly iterations: number;
  /** The random start; the same seed gives the same factors. */
  readonly seed: number;
  /** Components that come before the learned ones. */
  readonly fixed?: FixedComponents;
}

/** Components that stay as they are. */
export interface FixedComponents {
  /** `[rank × columnCount]`, rows that add up to 1. */
  readonly basis: Matrix;
  /** The most that each of them may be activated. */
  readonly ceilings: Float64Array;
}

/** V ≈ activations · basis. */
export interface Factorisation {
  /** `[components × columnCount]`; every row adds up to 1, or to 0 where nothing was left for it. */
  readonly basis: Matrix;
  /** `[rowCount × components]`. */
  readonly activations: Matrix;
}

/** Keeps quotients finite where there is silence; far below the quantisation of 24 bits. */
const TINY = 1e-12;

/**
 * Non-negative matrix factorisation by the Kullback–Leibler divergence, with the multiplicative updates of Lee and
 * Seung (NIPS 2000), none of which ever raises the divergence. With fixed components it is semi-supervised (Smaragdis,
 * Raj and Shashanka, ICA 2007): what they can explain, within their ceilings, is left to them.
 *
 * @param v rows are moments, columns are bands
 */
export function factorise(v: Matrix, { rank, iterations, seed, fixed }: NmfOptions): Factorisation {
  const { rowCount, columnCount } = v;
  const fixedRank = fixed?.basis.rowCount ?? 0;
  const components = fixedRank + rank;
  const random = seededRandom(seed);
  const basis = new Float64Array(components * columnCount);
  if (fixed) basis.set(fixed.basis.values);
  for (let i = fixedRank * columnCount; i < basis.length; i++) basis[i] = 0.1 + random();
  const perComponent = v.values.reduce((sum, value) => sum + value, 0) / Math.max(1, rowCount * components);
  const activations = Float64Array.from(
    { length: rowCount * components },
    () => Math.max(TINY, perComponent) * (0.1 + random()),
  );
  const ceilings = new Float64Array(components).fill(Infinity);
  if (fixed) ceilings.set(fixed.ceilings);
  for (let i = 0; i < activations.length; i++) {
    activations[i] = Math.min(activations[i]!, ceilings[i % components]!);
  }
  normaliseRows(basis, fixedRank, components, columnCount);

  const quotient = new Float64Array(columnCount);
  const shares = new Float64Array(components * columnCount);
  const totals = new Float64Array(components);
  for (let iteration = 0; iteration < iterations; iteration++) {
    shares.fill(0);
    totals.fill(0);
    for (let row = 0; row < rowCount; row++) {
      const v0 = row * columnCount;
      const h0 = row * components;
      quotientOf(v.values, v0, activations, h0, basis, components, quotient);
      for (let k = 0; k < components; k++) {
        let sum = 0;
        for (let f = 0, w = k * columnCount; f < columnCount; f++, w++) sum += basis[w]! * quotient[f]!;
        // A basis row adds up to 1, which is what the sum would be divided by.
        activations[h0 + k] = Math.min(activations[h0 + k]! * sum, ceilings[k]!);
      }
      quotientOf(v.values, v0, activations, h0, basis, components, quotient);
      for (let k = fixedRank; k < components; k++) {
        const activation = activations[h0 + k]!;
        totals[k]! += activation;
        for (let f = 0, w = k * columnCount; f < columnCount; f++, w++) shares[w]! += activation * quotient[f]!;
      }
    }
    for (let k = fixedRank; k < components; k++) {
      const total = totals[k]! + TINY;
      for (let w = k * columnCount; w < (k + 1) * columnCount; w++) basis[w]! *= shares[w]! / total;
    }
    scaleColumns(activations, normaliseRows(basis, fixedRank, components, columnCount), components);
  }
  return {
    basis: { rowCount: components, columnCount, values: basis },
    activations: { rowCount, columnCount: components, values: activations },
  };
}

/** V divided by its model, for one row. */
function quotientOf(
  v: Float64Array,
  v0: number,
  activations: Float64Array,
  h0: number,
  basis: Float64Array,
  components: number,
  quotient: Float64Array,
): void {
  const columnCount = quotient.length;
  quotient.fill(TINY);
  for (let k = 0; k < components; k++) {
    const activation = activations[h0 + k]!;
    if (activation === 0) continue;
    for (let f = 0, w = k * columnCount; f < columnCount; f++, w++) quotient[f]! += activation * basis[w]!;
  }
  for (let f = 0; f < columnCount; f++) quotient[f] = v[v0 + f]! / quotient[f]!;
}

/** Makes the rows from `first` on add up to 1; returns what they added up to, 1 for those before. */
function normaliseRows(basis: Float64Array, first: number, components: number, columnCount: number): Float64Array {
  const sums = new Float64Array(components).fill(1);
  for (let k = first; k < components; k++) {
    const row = basis.subarray(k * columnCount, (k + 1) * columnCount);
    const sum = row.reduce((total, value) => total + value, 0);
    sums[k] = sum;
    if (sum > 0) for (let f = 0; f < columnCount; f++) row[f]! /= sum;
  }
  return sums;
}

function scaleColumns(activations: Float64Array, weights: Float64Array, components: number): void {
  for (let i = 0; i < activations.length; i++) activations[i]! *= weights[i % components]!;
}
