import { expect } from '@open-wc/testing';
import { countIntersections } from '../../src/evaluation/intersection.js';

const span = (start: number, end: number) => ({ start, end });
const criteria = { detectionTolerance: 0.5, groundTruthIntersection: 0.5, crossTriggerTolerance: 0.3 };

describe('intersection', () => {
  it('counts a detection that lies on enough of its label and an event that is covered enough', () => {
    const counts = countIntersections([span(0.5, 1.5)], [span(0, 1)], [], criteria);
    expect(counts).to.deep.include({ truePositives: 1, falsePositives: 0 });
  });

  it('adds up several detections on one event, as long as each is right in itself', () => {
    const events = [span(0, 4)];
    expect(countIntersections([span(0, 1), span(2, 3)], events, [], criteria).truePositives).to.equal(1);
    const withWrongOne = countIntersections([span(0, 1.5), span(3, 10)], events, [], criteria);
    expect(withWrongOne).to.deep.include({ truePositives: 0, falsePositives: 1 });
  });

  it('is not misled by rounding of decimals', () => {
    expect(countIntersections([span(0.1, 0.3)], [span(0.2, 0.3)], [], criteria).falsePositives).to.equal(0);
  });

  it('reads overlapping events of one label as one', () => {
    expect(countIntersections([span(0, 4)], [span(0, 3), span(2, 4)], [], criteria).truePositives).to.equal(1);
  });

  it('blames a false positive on the labels that it lies on', () => {
    const others = [[span(0, 1)], [span(5, 6)]];
    const counts = countIntersections([span(0, 2), span(7, 8)], [], others, criteria);
    expect(counts).to.deep.equal({ truePositives: 0, falsePositives: 2, crossTriggers: [1, 0] });
  });
});
