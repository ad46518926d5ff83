import { expect } from '@open-wc/testing';
import { isBackground, matchEvents, withinCollars } from '../../src/evaluation/event-matching.js';

const span = (start: number, end: number) => ({ start, end });

describe('event matching', () => {
  it('allows 200 ms at the onset, the limit included', () => {
    expect(withinCollars(span(1, 2), span(1.2, 2))).to.equal(true);
    expect(withinCollars(span(1, 2), span(0.8, 2))).to.equal(true);
    expect(withinCollars(span(1, 2), span(1.21, 2))).to.equal(false);
  });

  it('allows 200 ms or 20 % of the length at the offset, whichever is more', () => {
    expect(withinCollars(span(1, 1.5), span(1, 1.7))).to.equal(true);
    expect(withinCollars(span(1, 1.5), span(1, 1.71))).to.equal(false);
    expect(withinCollars(span(0, 10), span(0, 8))).to.equal(true);
    expect(withinCollars(span(0, 10), span(0, 7.99))).to.equal(false);
  });

  it('finds the largest matching where taking the nearest would leave an event over', () => {
    // The first event's nearest box is the only one that fits the second event.
    const matching = matchEvents([span(1, 2), span(1.3, 2.1)], [span(1.15, 2.05), span(0.82, 1.9)]);
    expect(matching).to.include({ truePositives: 2, falsePositives: 0, falseNegatives: 0 });
  });

  it('uses every box and every event once', () => {
    const matching = matchEvents([span(1, 2)], [span(1, 2), span(1.1, 2.1)]);
    expect(matching).to.include({ truePositives: 1, falsePositives: 1, falseNegatives: 0 });
    expect(matching.matches).to.deep.equal([{ reference: span(1, 2), found: span(1, 2) }]);
  });

  it('takes an event over more than 80 % of the recording for a background', () => {
    expect(isBackground([span(1, 2), span(1, 9.1)], 10)).to.equal(true);
    expect(isBackground([span(1, 9)], 10)).to.equal(false);
  });
});
