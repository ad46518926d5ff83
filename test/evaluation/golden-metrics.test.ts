import { expect } from '@open-wc/testing';
import { matchEvents } from '../../src/evaluation/event-matching.js';
import { addCounts, NO_COUNTS, type DetectionCounts } from '../../src/evaluation/detection-counts.js';
import { scoreDetections } from '../../src/evaluation/detection-score.js';
import { spansOf, type LabelledRecording } from '../../src/evaluation/labelled-recording.js';
import { polyphonicDetectionScore, PSDS1, PSDS1_NO_PENALTY, PSDS2 } from '../../src/evaluation/psds.js';
import { countSegments } from '../../src/evaluation/segment-score.js';

type ByLabel<T> = Record<string, T>;
type Counts = [truePositives: number, falsePositives: number, falseNegatives: number];
interface Case {
  recordings: {
    duration: number;
    reference: ByLabel<[start: number, end: number][]>;
    found: ByLabel<[start: number, end: number, confidence: number][]>;
  }[];
  psds: ByLabel<{ value: number; perLabel: ByLabel<number> }>;
  score: ByLabel<number>;
  counts: ByLabel<{ events: Counts; segments: Counts }>;
}

function toRecordings({ recordings }: Case): LabelledRecording[] {
  return recordings.map(({ duration, reference, found }) => ({
    duration,
    reference: new Map(
      Object.entries(reference).map(([label, spans]) => [label, spans.map(([start, end]) => ({ start, end }))]),
    ),
    found: new Map(
      Object.entries(found).map(([label, boxes]) => [
        label,
        boxes.map(([start, end, confidence]) => ({ start, end, confidence })),
      ]),
    ),
  }));
}

describe('metrics against Python', () => {
  let labels: string[];
  let cases: Case[];

  before(async () => {
    const response = await fetch('/test/golden/evaluation/metrics.json');
    ({ labels, cases } = (await response.json()) as { labels: string[]; cases: Case[] });
  });

  it('gives the detection scores of sed_scores_eval, over all labels and for each', () => {
    const settings = { psds1: PSDS1, psds1NoPenalty: PSDS1_NO_PENALTY, psds2: PSDS2 };
    for (const [index, golden] of cases.entries()) {
      for (const [name, setting] of Object.entries(settings)) {
        const { value, perLabel } = polyphonicDetectionScore(toRecordings(golden), labels, setting);
        const expected = golden.psds[name];
        expect(value, `case ${index}, ${name}`).to.be.closeTo(expected.value, 1e-9);
        for (const label of labels) {
          expect(perLabel.get(label), `case ${index}, ${name}, ${label}`).to.be.closeTo(expected.perLabel[label], 1e-9);
        }
      }
    }
  });

  it('counts events and segments as sed_eval does', () => {
    const counts = (count: (recording: LabelledRecording) => DetectionCounts, recordings: LabelledRecording[]) => {
      const sum = recordings.map(count).reduce(addCounts, NO_COUNTS);
      return [sum.truePositives, sum.falsePositives, sum.falseNegatives];
    };
    for (const golden of cases) {
      const recordings = toRecordings(golden);
      for (const label of labels) {
        const { events, segments } = golden.counts[label];
        const matched = counts((r) => matchEvents(spansOf(r.reference, label), spansOf(r.found, label)), recordings);
        expect(matched, label).to.deep.equal(events);
        const active = (r: LabelledRecording) =>
          countSegments(spansOf(r.reference, label), spansOf(r.found, label), r.duration);
        expect(counts(active, recordings), label).to.deep.equal(segments);
      }
    }
  });

  it("gives the reference pipeline's scores, which leave backgrounds out", () => {
    let onsetErrors = 0;
    for (const [index, golden] of cases.entries()) {
      const score = scoreDetections(toRecordings(golden), labels);
      const expected = golden.score;
      const context = `case ${index}`;
      expect(score.eventF1, context).to.be.closeTo(expected['eventF1'], 5.1e-5);
      expect(score.segmentF1, context).to.be.closeTo(expected['segmentF1'], 5.1e-5);
      expect(score.segmentPrecision, context).to.be.closeTo(expected['segmentPrecision'], 5.1e-5);
      expect(score.segmentRecall, context).to.be.closeTo(expected['segmentRecall'], 5.1e-5);
      expect(score.falseAlarmsPerMinute, context).to.be.closeTo(expected['falseEventsPerAbsentMinute'], 5.1e-5);
      if (expected['onsetErrorMs'] === undefined) continue;
      expect(score.onsetErrorMs, context).to.be.closeTo(expected['onsetErrorMs'], 0.051);
      onsetErrors += 1;
    }
    expect(onsetErrors).to.be.greaterThan(0);
  });
});
