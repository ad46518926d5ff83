import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { hertzToMel, melFilterbank, melToHertz, type MelFilterbankOptions } from '../../src/dsp/index.js';

interface GoldenBank {
  readonly options: MelFilterbankOptions;
  readonly total: number;
  readonly bands: Record<string, { readonly bins: readonly number[]; readonly weights: readonly number[] }>;
}

describe('mel scales', () => {
  it('put 1 kHz at 15 Slaney mels and at about 1000 of the others', () => {
    expect(hertzToMel(1000, 'slaney')).to.be.closeTo(15, 1e-12);
    expect(hertzToMel(6400, 'slaney')).to.be.closeTo(42, 1e-12);
    expect(hertzToMel(1000, 'htk')).to.be.closeTo(1000, 0.02);
    expect(hertzToMel(1000, 'kaldi')).to.be.closeTo(1000, 0.02);
  });

  it('lead back to the same frequency', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 96_000, noNaN: true }),
        fc.constantFrom('slaney' as const, 'htk' as const, 'kaldi' as const),
        (hertz, scale) => {
          expect(melToHertz(hertzToMel(hertz, scale), scale)).to.be.closeTo(hertz, 1e-9 * (1 + hertz));
        },
      ),
    );
  });
});

describe('mel filterbank', () => {
  let banks: GoldenBank[];

  before(async () => {
    banks = (await (await fetch('/test/golden/mel-filterbank/filterbanks.json')).json()) as GoldenBank[];
  });

  it("has the weights of librosa's and Kaldi's", () => {
    expect(banks.map(({ options }) => options.scale)).to.include.members(['slaney', 'htk', 'kaldi']);
    for (const { options, total, bands } of banks) {
      const bank = melFilterbank(options);
      expect(bank.length).to.equal(options.bands);
      const sum = bank.reduce((all, { weights }) => all + weights.reduce((a, b) => a + b, 0), 0);
      expect(sum).to.be.closeTo(total, 1e-9 * total);
      for (const [band, golden] of Object.entries(bands)) {
        const { firstBin, weights } = bank[Number(band)]!;
        golden.bins.forEach((bin, i) =>
          expect(weights[bin - firstBin]).to.be.closeTo(golden.weights[i]!, 1e-9, `${options.scale} ${band} ${bin}`),
        );
        expect(weights.length, `${options.scale} ${band}`).to.equal(golden.bins.length);
      }
    }
  });
});
