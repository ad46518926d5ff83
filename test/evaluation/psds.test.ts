import { expect } from '@open-wc/testing';
import { polyphonicDetectionScore, PSDS1, PSDS1_NO_PENALTY, staircaseArea } from '../../src/evaluation/psds.js';
import type { LabelledRecording } from '../../src/evaluation/labelled-recording.js';

const box = (start: number, end: number, confidence: number) => ({ start, end, confidence });

describe('polyphonic sound detection score', () => {
  it('measures the area under a staircase up to its end', () => {
    const steps = [0, 1, 2, 3];
    expect(staircaseArea(steps, steps, 3)).to.equal(3);
    expect(staircaseArea(steps, steps, 2.5)).to.equal(2);
    expect(staircaseArea(steps, steps, 10)).to.equal(24);
  });

  /** One hour with one bark and one bell; the bell is found at the cost of `falseAlarms` false alarms. */
  function hour(falseAlarms: number): LabelledRecording[] {
    const alarms = Array.from({ length: falseAlarms }, (_, i) => box(100 + 10 * i, 101 + 10 * i, 0.9));
    const reference = new Map([
      ['bark', [box(0, 1, 1)]],
      ['bell', [box(2, 3, 1)]],
    ]);
    const found = new Map([
      ['bark', [box(0, 1, 0.1)]],
      ['bell', [box(2, 3, 0.5), ...alarms]],
    ]);
    return [{ duration: 3600, reference, found }];
  }

  it('is 1 when all is found without a false alarm, whatever the confidence', () => {
    expect(polyphonicDetectionScore(hour(0), ['bark', 'bell'], PSDS1).value).to.equal(1);
  });

  it('starts a label at the false alarms that it costs', () => {
    const { value, perLabel } = polyphonicDetectionScore(hour(40), ['bark', 'bell'], PSDS1_NO_PENALTY);
    expect(perLabel.get('bark')).to.equal(1);
    expect(perLabel.get('bell')).to.be.closeTo(0.6, 1e-12);
    expect(value).to.be.closeTo(0.8, 1e-12);
  });

  it('takes off the spread over labels', () => {
    // Up to 40 false alarms an hour one label has recall 1 and the other 0: mean .5, standard deviation .5.
    expect(polyphonicDetectionScore(hour(40), ['bark', 'bell'], PSDS1).value).to.be.closeTo(0.6, 1e-12);
  });

  it('ignores what costs more than 100 false alarms an hour', () => {
    expect(polyphonicDetectionScore(hour(101), ['bell'], PSDS1).value).to.equal(0);
  });
});
