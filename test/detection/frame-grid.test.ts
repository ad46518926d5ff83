import { expect } from '@open-wc/testing';
import { frameSeconds, frameToSeconds, secondsToFrame } from '../../src/detection/frame-grid.js';

describe('frame grid', () => {
  const grid = { sampleRate: 32000, offset: 0, hop: 5120, frameCount: 10 };

  it('gives frames of 160 ms at 32 kHz and 5120 samples', () => {
    expect(frameSeconds(grid)).to.equal(0.16);
  });

  it('turns frames to seconds and back', () => {
    for (const frame of [0, 1, 3.5, 9])
      expect(secondsToFrame(grid, frameToSeconds(grid, frame))).to.be.closeTo(frame, 1e-12);
  });
});
