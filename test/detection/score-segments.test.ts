import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { confidenceOf, meanScore, scoreSegments } from '../../src/detection/score-segments.js';

const someScores = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 80 })
  .map((a) => Float32Array.from(a));

describe('the segments of a score curve', () => {
  it('are the stretches that stay at the lowest score or above', () => {
    const scores = Float32Array.of(0.5, 0.2, 0, 0.1, 0.3, 0.9, 0.2, 0.1, 0.2);
    expect(scoreSegments(scores, 0.2)).to.deep.equal([
      { onset: 0, offset: 2 },
      { onset: 4, offset: 7 },
      { onset: 8, offset: 9 },
    ]);
    expect(scoreSegments(scores, 1)).to.deep.equal([]);
    expect(scoreSegments(new Float32Array(0), 0.1)).to.deep.equal([]);
  });

  it('hold all frames of that score and no others', () => {
    fc.assert(
      fc.property(someScores, fc.double({ min: 0.01, max: 1, noNaN: true }), (scores, lowest) => {
        const segments = scoreSegments(scores, lowest);
        for (const [i, score] of scores.entries()) {
          expect(segments.some(({ onset, offset }) => i >= onset && i < offset)).to.equal(score >= lowest);
        }
        for (const [i, { onset }] of segments.slice(1).entries()) expect(onset).to.be.above(segments[i].offset);
      }),
    );
  });

  it('are as sure as half their mean and half their peak', () => {
    const scores = Float32Array.of(0, 0.25, 0.75, 0.5, 0);
    expect(meanScore(scores, { onset: 1, offset: 4 })).to.equal(0.5);
    expect(confidenceOf(scores, { onset: 1, offset: 4 })).to.equal((0.5 + 0.75) / 2);
  });
});
