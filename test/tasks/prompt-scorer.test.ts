import { expect } from '@open-wc/testing';
import type { EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { AnalysisWindow } from '../../src/engine/window-plan.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';

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

/** Frame *i* has the cosine i/100 with the text. Nothing is analysed yet. */
function newTrack(): EmbeddingTrack {
  return {
    grid: { sampleRate: 32000, offset: 0, hop: 5120, frameCount: FRAMES },
    dimension: 2,
    frames: Float32Array.from(Array.from({ length: FRAMES }, (_, i) => unit(i / FRAMES)).flat()),
    clips: new Float32Array(2 * windows.length),
    levels: new Float32Array(FRAMES * 8).fill(-20),
    plan: { frameCount: FRAMES, melFramesPerFrame: 16, windows },
    analysed: new Uint8Array(windows.length),
  };
}

describe('the scorer of a prompt', () => {
  it('fills with the windows as they are analysed and is NaN elsewhere', () => {
    const track = newTrack();
    const scorer = new PromptScorer(track, text, model);
    expect(scorer.update()).to.equal(0);
    expect(scorer.evidence.frameLogits.every(Number.isNaN)).to.equal(true);
    track.analysed[1] = 1;
    expect(scorer.update()).to.equal(1);
    expect(scorer.update()).to.equal(0);
    const { frameLogits } = scorer.evidence;
    for (let i = 0; i < FRAMES; i += 1) {
      if (i >= 30 && i < 50) expect(frameLogits[i]).to.be.closeTo((10 * i) / FRAMES - 2, 1e-5);
      else expect(Number.isNaN(frameLogits[i])).to.equal(true);
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
    expect(scorer.evidence.frameLogits.some(Number.isNaN)).to.equal(false);
  });
});
