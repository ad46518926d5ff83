import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import type { Presence } from '../../src/detection/detection.js';
import { DEFAULT_SENSITIVITY, selectHits } from '../../src/detection/sensitivity.js';

const boxes = [0.2, 0.55, 0.9, 0.5].map((confidence, i) => ({ start: i, end: i + 0.5, confidence }));
const found: Presence = { present: true, score: 0.9 };
const notFound: Presence = { present: false, score: 0.4 };
const starts = (list: readonly { start: number }[]) => list.map(({ start }) => start);

describe('sensitivity', () => {
  it('lets boxes with a confidence of 1 − sensitivity through', () => {
    expect(starts(selectHits({ boxes, presence: found }, 0.5).hits)).to.deep.equal([1, 2, 3]);
    expect(starts(selectHits({ boxes, presence: found }, 0.2).hits)).to.deep.equal([2]);
    expect(starts(selectHits({ boxes, presence: found }, 0.2).weak)).to.deep.equal([0, 1, 3]);
  });

  it('calls nothing a hit where the sound was not found', () => {
    const { hits, weak } = selectHits({ boxes, presence: notFound }, DEFAULT_SENSITIVITY);
    expect(hits).to.deep.equal([]);
    expect(weak).to.deep.equal(boxes);
  });

  it('shows more to who asks for more, even where the sound was not found', () => {
    expect(starts(selectHits({ boxes, presence: notFound }, 0.6).hits)).to.deep.equal([1, 2, 3]);
    expect(selectHits({ boxes, presence: notFound }, 0.55).hits).to.deep.equal([]);
  });

  it('holds nothing back while the presence is undecided', () => {
    expect(selectHits({ boxes, presence: null }, 0.5).hits).to.have.length(3);
  });

  it('never takes a hit away or moves its edges when it rises', () => {
    const anyBox = fc.record({
      start: fc.double({ min: 0, max: 99, noNaN: true }),
      end: fc.double({ min: 99, max: 200, noNaN: true }),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(anyBox), unit, unit, unit, (list, score, a, b) => {
        const detection = { boxes: list, presence: { present: score >= 0.5, score } };
        const less = selectHits(detection, Math.min(a, b)).hits;
        const more = selectHits(detection, Math.max(a, b)).hits;
        for (const hit of less) expect(more.includes(hit)).to.equal(true);
      }),
    );
  });
});
