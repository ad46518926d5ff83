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
      mergeDifference: 1,
    });
    // 1.66–4.34 s and 7.16–8.84 s
    expect(segments).to.deep.equal([
      { onset: 83, offset: 217 },
      { onset: 358, offset: 442 },
    ]);
    expect(meanScore(scores, segments[0])).to.be.closeTo(0.8031, 1e-4);
    expect(meanScore(scores, segments[1])).to.be.closeTo(0.164, 1e-4);
  });
});
