import { expect } from '@open-wc/testing';
import { scoreMinimumFrom } from '../../src/detection/score-minima.js';

/** Frames of a tenth of a second; frame 0 begins at 0 s. */
const curve = (...scores: number[]) => ({
  grid: { sampleRate: 1000, offset: 0, hop: 100, frameCount: scores.length },
  values: Float32Array.from(scores),
});
const TWO_BARKS = curve(0.3, 0.1, 0.3, 0.9, 0.6, 0.2, 0.4, 0.9, 0.5, 0.5, 0.5, 0.1);

describe('scoreMinimumFrom', () => {
  it('falls into the valley before a sound, or between two, whichever side it begins on', () => {
    expect(scoreMinimumFrom(TWO_BARKS, 0.25, 1)).to.be.closeTo(0.15, 1e-6);
    expect(scoreMinimumFrom(TWO_BARKS, 0.05, 1)).to.be.closeTo(0, 1e-6);
    const between = scoreMinimumFrom(TWO_BARKS, 0.47, 1);
    expect(scoreMinimumFrom(TWO_BARKS, 0.63, 1)).to.equal(between);
    expect(between).to.be.within(0.55, 0.6);
  });

  it('interpolates between frames: a parabola is found at its vertex', () => {
    const vertex = 0.527;
    const scores = Array.from({ length: 10 }, (_, i) => 0.2 + (i * 0.1 + 0.05 - vertex) ** 2);
    expect(scoreMinimumFrom(curve(...scores), 0.81, 1)).to.be.closeTo(vertex, 1e-4);
  });

  it('stops where a flat floor begins, and stays on one', () => {
    const floor = curve(0.9, 0.4, 0.1, 0.1, 0.1, 0.1);
    expect(scoreMinimumFrom(floor, 0.12, 1)).to.be.closeTo(0.25, 1e-6);
  });

  it('takes the ends of the recording for silence', () => {
    expect(scoreMinimumFrom(curve(0.9, 0.5, 0.1, 0.4), 0, 1)).to.equal(0);
    expect(scoreMinimumFrom(curve(0.1, 0.5, 0.9), 0.3, 1)).to.be.closeTo(0.3, 1e-9);
    expect(scoreMinimumFrom(curve(0.1, 0.5, 0.9), 0.1, 1)).to.equal(0);
  });

  it('gives none beyond its reach, where nothing has been heard yet, and for no time', () => {
    expect(scoreMinimumFrom(TWO_BARKS, 0.25, 0.05)).to.equal(null);
    expect(scoreMinimumFrom(curve(NaN, NaN, 0.5, 0.9), 0.25, 1)).to.equal(null);
    expect(scoreMinimumFrom(curve(0.2, NaN, 0.9), 0.15, 1)).to.equal(null);
    for (const time of [NaN, -3]) expect(scoreMinimumFrom(TWO_BARKS, time, 1)).to.equal(null);
    expect(scoreMinimumFrom(curve(), 0.2, 1)).to.equal(null);
  });
});
