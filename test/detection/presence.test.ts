import { expect } from '@open-wc/testing';
import { presenceOf } from '../../src/detection/presence.js';

const box = (confidence: number) => ({ start: 0, end: 1, confidence });

describe('presence', () => {
  it('is as sure as the best box of a short recording', () => {
    expect(presenceOf([box(0.3), box(0.72), box(0.1)], 30)).to.deep.equal({ present: true, score: 0.72 });
    expect(presenceOf([box(0.49)], 2)).to.deep.equal({ present: false, score: 0.49 });
    expect(presenceOf([], 30)).to.deep.equal({ present: false, score: 0 });
  });

  it('demands more of a longer recording, where chance has more places', () => {
    const lengths = [30, 120, 600, 3600].map((seconds) => presenceOf([box(0.6)], seconds).score);
    expect(lengths).to.deep.equal([...lengths].sort((a, b) => b - a));
    expect(presenceOf([box(0.6)], 30).present).to.equal(true);
    expect(presenceOf([box(0.6)], 600).present).to.equal(false);
    expect(presenceOf([box(0.9)], 3600).present).to.equal(true);
  });

  it('stays a probability at the ends', () => {
    expect(presenceOf([box(1)], 3600).score).to.equal(1);
    expect(presenceOf([box(0)], 3600).score).to.equal(0);
  });
});
