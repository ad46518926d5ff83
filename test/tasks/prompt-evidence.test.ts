import { expect } from '@open-wc/testing';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { AnalysisWindow } from '../../src/engine/window-plan.js';
import { PromptScorer } from '../../src/tasks/prompt-evidence.js';

const FRAMES = 100;
const text = { vector: Float32Array.of(1, 0), bias: -2 };
const model = { logitScale: 10 };

/** A unit vector with this cosine to the text. */
const unit = (cosine: number) => [cosine, Math.sqrt(1 - cosine * cosine)];

/** Windows of 40 frames, half overlapping, middle halves kept. */
const windows: AnalysisWindow[] = [0, 20, 40, 60].map((start, index) => ({
  index,
  start,
  length: 40,
  keepStart: index === 0 ? 0 : start + 10,
  keepEnd: index === 3 ? FRAMES : start + 30,
}));

/** Frame *i* has the cosine i/100 with the text, window *w* the cosine w/4. Nothing is analysed yet. */
function newTrack(): EmbeddingTrack {
  return {
    grid: { sampleRate: 32000, offset: 0, hop: 5120, frameCount: FRAMES },
    dimension: 2,
    frames: Float32Array.from(Array.from({ length: FRAMES }, (_, i) => unit(i / FRAMES)).flat()),
    clips: Float32Array.from(windows.flatMap(({ index }) => unit(index / 4))),
    levels: new Float32Array(FRAMES * 8).fill(-20),
    plan: { frameCount: FRAMES, melFramesPerFrame: 16, windows },
    analysed: new Uint8Array(windows.length),
  };
}

describe('prompt evidence', () => {
  it('fills with the windows as they are analysed and is NaN elsewhere', () => {
    const track = newTrack();
    const scorer = new PromptScorer(track, text, model);
    expect(scorer.update()).to.equal(0);
    expect(scorer.evidence.frameLogits.every(Number.isNaN)).to.equal(true);
    track.analysed[1] = 1;
    expect(scorer.update()).to.equal(1);
    expect(scorer.update()).to.equal(0);
    const { frameLogits, clipLogits } = scorer.evidence;
    for (let i = 0; i < FRAMES; i += 1) {
      if (i >= 30 && i < 50) expect(frameLogits[i]).to.be.closeTo((10 * i) / FRAMES - 2, 1e-5);
      else expect(Number.isNaN(frameLogits[i])).to.equal(true);
      if (i >= 20 && i < 60) expect(clipLogits[i]).to.be.closeTo(10 * 0.25 - 2, 1e-5);
      else expect(Number.isNaN(clipLogits[i])).to.equal(true);
    }
  });

  it('spreads the clip logits by triangles over their windows', () => {
    const track = newTrack();
    track.analysed.fill(1);
    const scorer = new PromptScorer(track, text, model);
    scorer.update();
    for (let i = 0; i < FRAMES; i += 1) {
      let sum = 0;
      let weights = 0;
      for (const { index, start, length } of windows) {
        if (i < start || i >= start + length) continue;
        const weight = 1.05 - Math.abs(((i - start + 0.5) / length) * 2 - 1);
        sum += weight * ((10 * index) / 4 - 2);
        weights += weight;
      }
      expect(scorer.evidence.clipLogits[i]).to.be.closeTo(sum / weights, 1e-5);
    }
  });

  it('does not depend on the order of the windows', () => {
    const [forward, shuffled] = [
      [0, 1, 2, 3],
      [2, 0, 3, 1],
    ].map((order) => {
      const track = newTrack();
      const scorer = new PromptScorer(track, text, model);
      for (const index of order) {
        track.analysed[index] = 1;
        scorer.update();
      }
      return scorer.evidence;
    });
    expect(forward.clipLogits).to.deep.equal(shuffled.clipLogits);
    expect(forward.frameLogits).to.deep.equal(shuffled.frameLogits);
  });

  it('scores a clip that is shorter than its padded window', () => {
    const track = newTrack();
    const scorer = new PromptScorer(
      {
        ...track,
        grid: { ...track.grid, frameCount: 5 },
        plan: {
          ...track.plan,
          frameCount: 5,
          windows: [{ index: 0, start: 0, length: 13, keepStart: 0, keepEnd: 5 }],
        },
        analysed: Uint8Array.of(1),
      },
      text,
      model,
    );
    expect(scorer.update()).to.equal(1);
    expect(scorer.evidence.frameLogits).to.have.length(5);
    expect(scorer.evidence.clipLogits.some(Number.isNaN)).to.equal(false);
  });
});
