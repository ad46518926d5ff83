import { expect } from '@open-wc/testing';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { AnalysisWindow } from '../../src/engine/window-plan.js';
import { labelEvidence, rankLabels } from '../../src/tasks/classification.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';

/** Frames of half a second, two coordinates; the label is the first. */
const RATE = 32_000;
const HOP = 16_000;
const SCALE = 10;
const label = { vector: Float32Array.of(1, 0), bias: 0 };

function trackOf(cosines: readonly number[], windows: readonly AnalysisWindow[]): EmbeddingTrack {
  const frameCount = cosines.length;
  return {
    grid: { sampleRate: RATE, offset: 0, hop: HOP, frameCount },
    dimension: 2,
    frames: Float32Array.from(cosines.flatMap((cosine) => [cosine, Math.sqrt(1 - cosine * cosine)])),
    clips: new Float32Array(2 * windows.length),
    levels: new Float32Array(frameCount).fill(-20),
    plan: { frameCount, melFramesPerFrame: 50, windows },
    analysed: new Uint8Array(windows.length).fill(1),
  };
}

/** Windows of four frames side by side. */
const tiles = (frameCount: number): AnalysisWindow[] =>
  Array.from({ length: frameCount / 4 }, (_, index) => {
    const start = 4 * index;
    return { index, start, length: 4, keepStart: start, keepEnd: start + 4 };
  });

const heardIn = (track: EmbeddingTrack) => ({ track, model: { logitScale: SCALE }, background: null });

describe('the evidence for a label', () => {
  const cosines = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0, 0];
  const track = trackOf(cosines, tiles(cosines.length));

  it('is the mean of the highest third of the frames in the stretch', () => {
    const { logit, score } = labelEvidence(heardIn(track), label, [{ start: 0, end: 3 }]);
    expect(logit).to.be.closeTo(SCALE * ((0.5 + 0.4) / 2), 1e-4);
    expect(score).to.be.closeTo(1 / (1 + Math.exp(-logit)), 1e-6);
  });

  it('takes stretches together, wherever they lie', () => {
    const { logit } = labelEvidence(heardIn(track), label, [
      { start: 0, end: 1 },
      { start: 4.5, end: 5 },
    ]);
    expect(logit).to.be.closeTo(SCALE * 0.9, 1e-4);
  });

  it('goes by the frame around the middle of a stretch that is shorter than a frame', () => {
    const at = (start: number) => labelEvidence(heardIn(track), label, [{ start, end: start + 0.02 }]).logit;
    expect(at(2.1)).to.be.closeTo(SCALE * 0.4, 1e-4);
    expect(at(5.99)).to.be.closeTo(0, 1e-4);
  });

  it('hears one short sound in a long recording, as a search does', () => {
    const long = [...Array<number>(600).fill(-0.6), 0.7, 0.7, ...Array<number>(598).fill(-0.6)];
    const { logit, score } = labelEvidence(heardIn(trackOf(long, tiles(long.length))), label, null);
    expect(score).to.be.above(0.5);
    expect(logit, 'but the recording as a whole is something else').to.be.below(-5);
  });

  it('is the same for a part of a recording whose windows come at two scales as for all of it', () => {
    const frameCount = 44;
    const long: AnalysisWindow[] = [0, 20, 24].map((start, index) => {
      const keepStart = index === 2 ? 40 : start;
      return { index, start, length: 20, keepStart, keepEnd: index === 2 ? 44 : start + 20, scale: 'long' as const };
    });
    const short: AnalysisWindow[] = Array.from({ length: frameCount / 2 }, (_, i) => ({
      index: 3 + i,
      start: Math.max(0, 2 * i - 1),
      length: 4,
      keepStart: 2 * i,
      keepEnd: 2 * i + 2,
      scale: 'short' as const,
    }));
    const whole = trackOf(
      Array.from({ length: frameCount }, (_, i) => Math.sin(i)),
      [...long, ...short],
    );
    whole.clips.set([0.9, 0, -0.5, 0, 0.4, 0]);
    const scorer = new PromptScorer(whole, label, { logitScale: SCALE });
    scorer.update();
    const { frameLogits } = scorer.evidence;
    for (let frame = 0; frame < frameCount; frame += 1) {
      const { logit } = labelEvidence(heardIn(whole), label, [{ start: frame / 2, end: (frame + 1) / 2 }]);
      expect(logit, `frame ${frame}`).to.equal(frameLogits[frame]);
    }
  });
});

describe('the order of labels', () => {
  const evidence = [
    { logit: 1, score: 0.2 },
    { logit: 3, score: 0.1 },
    { logit: 2, score: 0.9 },
  ];

  it('is by share if one of them is right, and the shares add up to 1', () => {
    const ranked = rankLabels(['a', 'b', 'c'], evidence, true);
    expect(ranked.map((one) => one.label)).to.deep.equal(['b', 'c', 'a']);
    expect(ranked[0]!.share).to.be.closeTo(Math.exp(3) / (Math.exp(1) + Math.exp(2) + Math.exp(3)), 1e-9);
    expect(ranked.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-9);
  });

  it('is by score if each is heard or not', () => {
    expect(rankLabels(['a', 'b', 'c'], evidence, false).map((one) => one.label)).to.deep.equal(['c', 'a', 'b']);
  });
});
