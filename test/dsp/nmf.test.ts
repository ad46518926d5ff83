import { expect } from '@open-wc/testing';
import { factorise, type Factorisation, type Matrix } from '../../src/dsp/nmf.js';
import { noise } from './signals.js';

function matrix(rowCount: number, columnCount: number, value: (row: number, column: number) => number): Matrix {
  const values = Float64Array.from({ length: rowCount * columnCount }, (_, i) =>
    value(Math.floor(i / columnCount), i % columnCount),
  );
  return { rowCount, columnCount, values };
}

function random(rowCount: number, columnCount: number, seed: number): Matrix {
  const numbers = noise(rowCount * columnCount, seed);
  return matrix(rowCount, columnCount, (row, column) => (numbers[row * columnCount + column]! + 1) / 2);
}

function product({ activations, basis }: Factorisation): Matrix {
  return matrix(activations.rowCount, basis.columnCount, (row, column) => {
    let sum = 0;
    for (let k = 0; k < basis.rowCount; k++) {
      sum += activations.values[row * basis.rowCount + k]! * basis.values[k * basis.columnCount + column]!;
    }
    return sum;
  });
}

/** D(V‖M) = Σ V·log(V/M) − V + M. */
function divergence(v: Matrix, factors: Factorisation): number {
  const model = product(factors);
  return v.values.reduce((sum, value, i) => {
    const m = model.values[i]! + 1e-12;
    return sum + (value > 0 ? value * Math.log(value / m) : 0) - value + m;
  }, 0);
}

function column(m: Matrix, index: number): number[] {
  return Array.from({ length: m.rowCount }, (_, row) => m.values[row * m.columnCount + index]!);
}

describe('non-negative matrix factorisation', () => {
  it('never raises the divergence, from one iteration to the next', () => {
    const v = random(20, 30, 3);
    let before = Infinity;
    for (let iterations = 0; iterations < 30; iterations++) {
      const now = divergence(v, factorise(v, { rank: 4, iterations, seed: 1 }));
      expect(now).to.be.at.most(before + 1e-9);
      before = now;
    }
  });

  it('never raises it with fixed components under ceilings either', () => {
    const v = random(20, 30, 3);
    const fixed = {
      basis: factorise(random(10, 30, 5), { rank: 3, iterations: 5, seed: 2 }).basis,
      ceilings: Float64Array.of(2, 0.5, 0),
    };
    let before = Infinity;
    for (let iterations = 0; iterations < 30; iterations++) {
      const factors = factorise(v, { rank: 4, iterations, seed: 1, fixed });
      const now = divergence(v, factors);
      expect(now).to.be.at.most(before + 1e-9);
      before = now;
      [2, 0.5, 0].forEach((ceiling, k) => {
        expect(Math.max(...column(factors.activations, k))).to.be.at.most(ceiling);
      });
      expect(factors.basis.values.subarray(0, 90)).to.deep.equal(fixed.basis.values);
    }
  });

  it('finds the two spectra that a matrix is made of', () => {
    const v = matrix(
      40,
      16,
      (row, f) => (row % 3 === 0 ? 2 * (f < 5 ? 1 : 0) : 0) + (row % 4 === 0 ? (f > 9 ? 3 : 0) : 0),
    );
    const factors = factorise(v, { rank: 2, iterations: 200, seed: 1 });
    const largest = product(factors).values.reduce((worst, m, i) => Math.max(worst, Math.abs(m - v.values[i]!)), 0);
    expect(largest).to.be.below(1e-3);
  });

  it('gives the same factors every time', () => {
    const v = random(8, 9, 1);
    const options = { rank: 3, iterations: 10, seed: 7 };
    expect(factorise(v, options)).to.deep.equal(factorise(v, options));
  });

  it('makes nothing but numbers of silence and of single moments', () => {
    for (const v of [matrix(5, 6, () => 0), matrix(1, 6, () => 1e-9), matrix(1, 1, () => 3), matrix(0, 4, () => 1)]) {
      const { basis, activations } = factorise(v, { rank: 2, iterations: 20, seed: 1 });
      expect(basis.values.every(Number.isFinite)).to.equal(true);
      expect(activations.values.every(Number.isFinite)).to.equal(true);
    }
  });
});
