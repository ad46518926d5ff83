import { expect } from '@open-wc/testing';
import { meanScore, soundEventSegments } from '../../src/detection/sound-event-boxes.js';

/** 500 frames of 20 ms with two raised cosines: the example published with the method. */
function twoBumps(): Float32Array {
  const scores = new Float32Array(500);
  for (const [start, length, height] of [
    [15, 270, 0.98],
    [315, 170, 0.2],
  ]) {
    for (let i = 0; i < length; i += 1)
      scores[start + i] += (height * (1 - Math.cos((2 * Math.PI * i) / (length - 1)))) / 2;
  }
  return scores;
}

describe('sound event segments', () => {
  it('reproduces the published example', () => {
    const scores = twoBumps();
    const segments = soundEventSegments(scores, {
      filterFrames: 50,
      stepsPerFrame: 1,
      mergeRatio: 2,
    });
    // 1.66–4.34 s and 7.16–8.84 s
    expect(segments).to.deep.equal([
      { onset: 83, offset: 217 },
      { onset: 358, offset: 442 },
    ]);
    expect(meanScore(scores, segments[0])).to.be.closeTo(0.8031, 1e-4);
    expect(meanScore(scores, segments[1])).to.be.closeTo(0.164, 1e-4);
  });

  const options = { filterFrames: 4, stepsPerFrame: 4, mergeRatio: 2 };

  it('takes a high baseline at the edges for no change', () => {
    const scores = new Float32Array(60).fill(0.4);
    scores.fill(0.95, 30, 40);
    // What begins at 0 would begin with the recording, what ends at 60 would end with it.
    expect(soundEventSegments(scores, { ...options, mergeRatio: 1 })).to.deep.equal([{ onset: 30, offset: 40 }]);
  });

  it('starts an event that is on from the beginning at 0, and ends one that goes on at the end', () => {
    const scores = new Float32Array(40);
    scores.fill(0.9, 0, 10);
    scores.fill(0.9, 30, 40);
    expect(soundEventSegments(scores, options)).to.deep.equal([
      { onset: 0, offset: 10 },
      { onset: 30, offset: 40 },
    ]);
  });

  it('gives a constant curve one segment, however long', () => {
    for (const [count, value] of [
      [1, 0.3],
      [7, 0],
      [5000, 0.7],
    ])
      expect(soundEventSegments(new Float32Array(count).fill(value), options)).to.deep.equal([
        { onset: 0, offset: count },
      ]);
    expect(soundEventSegments(new Float32Array(0), options)).to.deep.equal([]);
  });

  it('closes a shallow gap and keeps a deep one', () => {
    const scores = new Float32Array(60);
    scores.fill(0.9, 10, 40);
    scores.fill(0.6, 20, 28);
    expect(soundEventSegments(scores, options)).to.deep.equal([{ onset: 10, offset: 40 }]);
    scores.fill(0.2, 20, 28);
    expect(soundEventSegments(scores, options)).to.deep.equal([
      { onset: 10, offset: 20 },
      { onset: 28, offset: 40 },
    ]);
  });
});
