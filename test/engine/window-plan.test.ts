import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { modelFrameCount, nextWindows, planWindows } from '../../src/engine/window-plan.js';

const POCKET = { kind: 'frames', sampleRate: 32000, melHop: 320, melFramesPerFrame: 16, windowFrames: 63 } as const;

/** Which window each frame is taken from when windows are computed in order and later ones overwrite: the reference's way. */
function ownersByOverwriting(melFrames: number): number[] {
  const owners: number[] = [];
  for (let index = 0, start = 0; ; index += 1, start += 31 * 16) {
    const heard = Math.ceil(Math.min(1008, melFrames - start) / 16);
    for (let frame = index === 0 ? 0 : 15; frame < heard; frame += 1) owners[start / 16 + frame] = index;
    if (start + 1008 >= melFrames) return owners;
  }
}

describe('planWindows', () => {
  it('keeps of every window exactly what the reference keeps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (melFrames) => {
        const { windows, frameCount } = planWindows(Math.ceil(melFrames / 16), POCKET);
        const owners = windows.flatMap(({ index, keepStart, keepEnd }) =>
          Array.from({ length: keepEnd - keepStart }, () => index),
        );
        expect(frameCount).to.equal(Math.ceil(melFrames / 16));
        expect(owners).to.deep.equal(ownersByOverwriting(melFrames));
      }),
    );
  });

  it('tiles the recording with frames that their window has heard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), (frameCount) => {
        const { windows } = planWindows(frameCount, POCKET);
        let end = 0;
        for (const { start, length, keepStart, keepEnd } of windows) {
          expect(keepStart).to.equal(end);
          expect(keepStart).to.be.at.least(start);
          expect(keepEnd).to.be.at.most(start + length);
          end = keepEnd;
        }
        expect(end).to.equal(frameCount);
      }),
    );
  });

  it('leaves windows where they are when the recording turns out longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 500 }), (frames, more) => {
        const short = planWindows(frames, POCKET).windows;
        const long = planWindows(frames + more, POCKET).windows;
        expect(long.slice(0, short.length - 1)).to.deep.equal(short.slice(0, -1));
      }),
    );
  });
});

describe('modelFrameCount', () => {
  it('counts as the reference does, whatever the rate of the source', () => {
    expect(modelFrameCount(96_000, 32_000, POCKET)).to.equal(19);
    expect(modelFrameCount(30 * 44_100, 44_100, POCKET)).to.equal(188);
    expect(modelFrameCount(30 * 48_000, 48_000, POCKET)).to.equal(188);
    expect(modelFrameCount(1, 8000, POCKET)).to.equal(1);
  });
});

describe('nextWindows', () => {
  const plan = planWindows(31 * 20, POCKET);
  const indices = (waiting: (index: number) => boolean, firstVisible: number, most: number) =>
    nextWindows(plan, waiting, firstVisible, most).map(({ index }) => index);

  it('begins where the visible range begins', () => {
    expect(indices(() => true, 31 * 5 + 20, 3)).to.deep.equal([5, 6, 7]);
  });

  it('stops before a window that is taken', () => {
    expect(indices((index) => index !== 7, 31 * 5 + 20, 8)).to.deep.equal([5, 6]);
  });

  it('comes back to what lies before the visible range', () => {
    expect(indices((index) => index < 3, 31 * 5, 8)).to.deep.equal([0, 1, 2]);
  });

  it('begins at the start when the visible range lies past the end', () => {
    expect(indices(() => true, 1e6, 2)).to.deep.equal([0, 1]);
  });

  it('gives nothing when nothing is waiting', () => {
    expect(indices(() => false, 0, 8)).to.deep.equal([]);
  });
});
