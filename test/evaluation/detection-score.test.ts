import { expect } from '@open-wc/testing';
import { scoreDetections } from '../../src/evaluation/detection-score.js';
import { scorePresence } from '../../src/evaluation/presence-score.js';

const span = (start: number, end: number) => ({ start, end });

describe('detection score', () => {
  it('is zero, not undefined, where nothing is there and nothing was found', () => {
    const silent = { duration: 10, reference: new Map(), found: new Map() };
    expect(scoreDetections([silent], ['bark'])).to.include({
      eventF1: 0,
      segmentF1: 0,
      falseAlarmsPerMinute: 0,
      onsetErrorMs: null,
    });
  });

  it('counts false alarms for each absent label and minute', () => {
    const recording = {
      duration: 30,
      reference: new Map([['bark', [span(1, 2)]]]),
      found: new Map([
        ['bark', [span(20, 21)]],
        ['bell', [span(1, 2), span(3, 4), span(5, 6)]],
      ]),
    };
    // Bell and rain are absent for half a minute each; the misplaced bark is no false alarm.
    expect(scoreDetections([recording], ['bark', 'bell', 'rain']).falseAlarmsPerMinute).to.equal(3);
  });

  it('scores a background by segments only', () => {
    const recording = {
      duration: 10,
      reference: new Map([['rain', [span(0, 10)]]]),
      found: new Map([['rain', [span(0, 5)]]]),
    };
    const score = scoreDetections([recording], ['rain']);
    expect(score).to.include({ eventPrecision: 0, eventRecall: 0, segmentPrecision: 1, segmentRecall: 0.5 });
  });

  it('gives the median onset error of matched events in milliseconds', () => {
    const recording = {
      duration: 30,
      reference: new Map([['bark', [span(1, 2), span(5, 6), span(8, 9), span(20, 21)]]]),
      found: new Map([['bark', [span(1.1, 2), span(4.96, 6), span(8.02, 9), span(25, 26)]]]),
    };
    expect(scoreDetections([recording], ['bark']).onsetErrorMs).to.be.closeTo(40, 1e-9);
  });
});

describe('presence score', () => {
  it('tells recall from false presence', () => {
    const answers = [
      { there: true, claimed: true },
      { there: true, claimed: false },
      { there: false, claimed: true },
      { there: false, claimed: false },
      { there: false, claimed: false },
      { there: false, claimed: false },
    ];
    expect(scorePresence(answers)).to.deep.equal({ recall: 0.5, falsePresence: 0.25 });
  });

  it('has no opinion without a case', () => {
    expect(scorePresence([{ there: true, claimed: true }])).to.deep.equal({ recall: 1, falsePresence: null });
  });
});
