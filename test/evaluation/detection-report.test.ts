import { expect } from '@open-wc/testing';
import { reportDetections } from '../../src/evaluation/detection-report.js';

const box = (start: number, end: number, confidence: number) => ({ start, end, confidence });
const found = (...boxes: ReturnType<typeof box>[]) => {
  const score = Math.max(0, ...boxes.map(({ confidence }) => confidence));
  return { boxes, presence: { present: score >= 0.5, score } };
};

describe('detection report', () => {
  const recordings = [
    {
      duration: 60,
      reference: new Map([
        [
          'bark',
          [
            { start: 1, end: 2 },
            { start: 10, end: 11 },
          ],
        ],
      ]),
      detections: new Map([
        ['bark', found(box(1, 2, 0.9), box(10, 11, 0.3))],
        ['bell', found(box(30, 31, 0.2))],
      ]),
    },
    {
      duration: 60,
      reference: new Map([['bell', [{ start: 5, end: 6 }]]]),
      detections: new Map([
        ['bark', found(box(40, 41, 0.6))],
        ['bell', found()],
      ]),
    },
  ];
  const report = reportDetections(recordings, ['bark', 'bell']);

  it('scores the hits at the default sensitivity', () => {
    expect(report).to.include({ eventPrecision: 1 / 2, eventRecall: 1 / 3, falseAlarmsPerMinute: 0.5 });
  });

  it('sweeps the sensitivity from .05 to .95: more of it finds more', () => {
    expect(report.sweep.map(({ sensitivity }) => sensitivity).slice(0, 3)).to.deep.equal([0.05, 0.1, 0.15]);
    const at = (wanted: number) => report.sweep.find(({ sensitivity }) => sensitivity === wanted);
    expect(at(0.05)).to.include({ eventRecall: 0, falseAlarmsPerMinute: 0 });
    expect(at(0.5)).to.include({ eventRecall: report.eventRecall, eventPrecision: report.eventPrecision });
    expect(at(0.95)).to.include({ eventRecall: 2 / 3, falseAlarmsPerMinute: 1 });
  });

  it('reports every prompt by itself', () => {
    expect(Object.keys(report.prompts)).to.deep.equal(['bark', 'bell']);
    expect(report.prompts['bark']).to.include({ eventPrecision: 0.5, eventRecall: 0.5, falseAlarmsPerMinute: 1 });
    expect(report.prompts['bell']).to.include({ eventF1: 0, falseAlarmsPerMinute: 0, psds1: 0 });
  });

  it('says how often a sound that is there is found, and one that is not there is claimed', () => {
    expect(report.presence).to.deep.equal({ recall: 0.5, falsePresence: 0.5 });
    expect(report.prompts['bell']?.presence).to.deep.equal({ recall: 0, falsePresence: 0 });
  });

  it('lets a box count for the detection score only from where the sensitivity shows it', () => {
    // The bark of .9 is held back by a presence of .4, so that the false alarm of .6 comes first: 60 an hour.
    const [dog, other] = recordings;
    const unsure = {
      ...dog,
      detections: new Map([['bark', { boxes: [box(1, 2, 0.9)], presence: { present: false, score: 0.4 } }]]),
    };
    const one = { ...unsure, reference: new Map([['bark', [{ start: 1, end: 2 }]]]) };
    expect(reportDetections([one, other], ['bark']).psds1).to.be.closeTo(1 - 30 / 100, 1e-12);
  });
});
