import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { detect } from '../../src/detection/detect.js';
import type { DetectionOptions } from '../../src/detection/detection-options.js';
import { selectHits } from '../../src/detection/sensitivity.js';
import { evidenceOf, logitsWith, PARTS_PER_FRAME } from './evidence.js';

interface GoldenCase {
  options: Partial<DetectionOptions>;
  logits: number[];
  /** null: digital silence */
  levels: (number | null)[];
  curve: number[];
  boxes: [start: number, end: number, confidence: number][];
  presence: number;
}

/** Any evidence: logits with the spread of real ones, some frames not analysed, any levels. */
const anyEvidence = fc
  .array(
    fc.record({
      logit: fc.oneof({ weight: 12, arbitrary: fc.double({ min: -10, max: 6, noNaN: true }) }, fc.constant(NaN)),
      level: fc.oneof({ weight: 8, arbitrary: fc.double({ min: -90, max: 0, noNaN: true }) }, fc.constant(-Infinity)),
    }),
    { maxLength: 120 },
  )
  .map((frames) =>
    evidenceOf(
      frames.map(({ logit }) => logit),
      frames.flatMap(({ level }, i) =>
        Array.from({ length: PARTS_PER_FRAME }, (_, k) => level + ((i * 7 + k * 3) % 11)),
      ),
    ),
  );

describe('detect', () => {
  it('equals the reference that the defaults were tuned with', async () => {
    const cases = (await (await fetch('/test/detection/golden/detection.json')).json()) as GoldenCase[];
    for (const golden of cases) {
      const evidence = evidenceOf(
        golden.logits,
        golden.levels.map((level) => level ?? -Infinity),
      );
      const { curve, boxes, presence } = detect(evidence, golden.options);
      golden.curve.forEach((value, i) => expect(curve.values[i]).to.be.closeTo(value, 2e-6));
      expect(boxes).to.have.length(golden.boxes.length);
      golden.boxes.forEach(([start, end, confidence], i) => {
        expect(boxes[i].start).to.be.closeTo(start, 1e-4);
        expect(boxes[i].end).to.be.closeTo(end, 1e-4);
        expect(boxes[i].confidence).to.be.closeTo(confidence, 2e-6);
      });
      expect(presence.score).to.be.closeTo(golden.presence, 2e-6);
    }
  });

  it('keeps events apart that a low stretch divides, and hears one whose score wavers as one', () => {
    const logits = [...logitsWith(20, -7, [[4, 10, 3]]), ...logitsWith(20, -7, [[4, 10, 3]])];
    expect(detect(evidenceOf(logits)).boxes).to.have.length(2);
    const wavering = [3, 3, -1, -1, 3, 3, -1, -1, 3, 3];
    expect(detect(evidenceOf([...logits.slice(0, 4), ...wavering, ...logits.slice(0, 4)])).boxes).to.have.length(1);
  });

  it('finds a clear event where it is', () => {
    const { boxes, presence } = detect(evidenceOf(logitsWith(100, -7, [[40, 50, 3]])));
    const { hits } = selectHits({ boxes, presence }, 0.5);
    expect(hits).to.have.length(1);
    expect(hits[0].start).to.be.closeTo(6.4, 0.01);
    expect(hits[0].end).to.be.closeTo(8, 0.01);
    expect(presence.present).to.equal(true);
  });

  it('puts the edges where the sound begins and ends, within 20 ms', () => {
    const logits = logitsWith(100, -7, [[40, 50, 3]]);
    const levels = new Float32Array(100 * PARTS_PER_FRAME).fill(-60);
    levels.fill(-15, 40 * PARTS_PER_FRAME + 5, 51 * PARTS_PER_FRAME + 3);
    const [box] = detect(evidenceOf(logits, levels)).boxes;
    expect(box.start).to.be.closeTo(6.5, 0.001);
    expect(box.end).to.be.closeTo(8.22, 0.001);
  });

  it('gives sorted, disjoint boxes inside the recording, with a confidence that their curve can have', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const { boxes, curve } = detect(evidence, { lowest: 0.01 });
        let previous = 0;
        for (const { start, end, confidence } of boxes) {
          expect(start).to.be.at.least(previous - 1e-9);
          expect(end).to.be.greaterThan(start);
          expect(confidence).to.be.within(0, Math.max(...curve.values.filter((value) => !Number.isNaN(value))));
          previous = end;
        }
        expect(previous).to.be.at.most(evidence.grid.frameCount * 0.16 + 1e-9);
      }),
    );
  });

  it('keeps what is not analysed open: the curve is NaN there and no box reaches in', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const { boxes, curve } = detect(evidence, { lowest: 0.01 });
        evidence.frameLogits.forEach((logit, i) => {
          expect(Number.isNaN(curve.values[i])).to.equal(Number.isNaN(logit));
          if (!Number.isNaN(logit)) return;
          for (const { start, end } of boxes)
            expect(end <= i * 0.16 + 1e-9 || start >= (i + 1) * 0.16 - 1e-9).to.equal(true);
        });
      }),
    );
  });

  it('hears both sides of a gap in the analysis up to the gap', () => {
    const logits = logitsWith(40, 3, [[20, 21, NaN]]);
    const { boxes } = detect(evidenceOf(logits));
    expect(boxes.map(({ start, end }) => [start, end])).to.deep.equal([
      [0, 3.2],
      [3.36, 6.4],
    ]);
  });

  it('hears nothing in digital silence, whatever the model says', () => {
    const silent = new Float32Array(50 * PARTS_PER_FRAME).fill(-Infinity);
    const logits = logitsWith(50, 4, []);
    for (const options of [{}, { silence: -Infinity }]) {
      const { boxes, presence, curve } = detect(evidenceOf(logits, silent), options);
      expect(boxes).to.deep.equal([]);
      expect(presence).to.deep.equal({ present: false, score: 0 });
      expect([...curve.values]).to.deep.equal(Array.from({ length: 50 }, () => 0));
    }
  });

  it('works on nothing, and on a single frame', () => {
    expect(detect(evidenceOf([])).boxes).to.deep.equal([]);
    expect(detect(evidenceOf([])).presence.present).to.equal(false);
    const { boxes } = detect(evidenceOf([3]));
    expect(boxes).to.have.length(1);
    expect([boxes[0].start, boxes[0].end]).to.deep.equal([0, 0.16]);
  });

  it('hears a sound that fills the recording as one event', () => {
    const { boxes, presence } = detect(evidenceOf(logitsWith(200, 2.5, [])));
    expect(boxes.map(({ start, end }) => [start, end])).to.deep.equal([[0, 32]]);
    expect(presence.present).to.equal(true);
  });

  it('expects more of a prompt that answers to everything in the recording', () => {
    const event = [[90, 93, 1.5]] as const;
    const plain = detect(evidenceOf(logitsWith(200, -7, event)));
    const elevated = detect(evidenceOf(logitsWith(200, -3, event)));
    const best = ({ boxes }: typeof plain) => Math.max(...boxes.map(({ confidence }) => confidence));
    expect(best(elevated)).to.be.lessThan(best(plain));
  });

  it('takes a hit away where the contrast fits as well, and leaves it where the contrast is unlikely', () => {
    const bark = logitsWith(200, -7, [
      [40, 48, 2.5],
      [120, 128, 2.5],
    ]);
    const growl = logitsWith(200, -7, [[118, 130, 3]]);
    const { boxes, presence } = detect(evidenceOf(bark), {}, [evidenceOf(growl)]);
    const { hits } = selectHits({ boxes, presence }, 0.5);
    expect(hits).to.have.length(1);
    expect(hits[0].start).to.be.closeTo(6.4, 0.01);
    const alone = detect(evidenceOf(bark)).boxes.find(({ start }) => start < 10);
    expect(hits[0].confidence).to.be.closeTo(alone?.confidence ?? 0, 0.005);
  });

  it('refuses an option out of its range by name', () => {
    expect(() => detect(evidenceOf([1]), { lowest: 0 })).to.throw(RangeError, 'lowest');
    expect(() => detect(evidenceOf([1]), { levelStep: NaN })).to.throw(RangeError, 'levelStep');
  });

  it('takes milliseconds for an hour', () => {
    const logits = Float32Array.from({ length: 22500 }, (_, i) => -6 + 5 * Math.sin(i * 0.11) * Math.sin(i * 0.0713));
    const levels = Float32Array.from({ length: 22500 * PARTS_PER_FRAME }, (_, i) => -40 + 20 * Math.sin(i * 0.05));
    const evidence = evidenceOf(logits, levels);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      detect(evidence);
      return performance.now() - start;
    });
    // The promise is a few milliseconds; the rest is room for a busy machine.
    expect(Math.min(...times)).to.be.lessThan(100);
  });
});
