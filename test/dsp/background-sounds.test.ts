import { expect } from '@open-wc/testing';
import { BACKGROUND_SOUND_COUNT, BACKGROUND_SOUND_LENGTH, backgroundSound } from '../../src/dsp/background-sounds.js';

describe('the background sounds', () => {
  const sounds = Array.from({ length: BACKGROUND_SOUND_COUNT }, (_, index) => backgroundSound(index));

  it('are all audible, and none is clipped', () => {
    for (const sound of sounds) {
      expect(sound).to.have.length(BACKGROUND_SOUND_LENGTH);
      const peak = sound.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
      expect(peak).to.be.within(0.04, 0.51);
    }
  });

  it('are the same every time', () => {
    for (const [index, sound] of sounds.entries()) expect(backgroundSound(index)).to.deep.equal(sound);
  });

  it('differ from each other', () => {
    const normalised = sounds.map((sound) => {
      const norm = Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0));
      return sound.map((value) => value / norm);
    });
    for (const [i, one] of normalised.entries()) {
      for (const other of normalised.slice(i + 1)) {
        expect(Math.abs(one.reduce((sum, value, n) => sum + value * other[n], 0))).to.be.below(0.9);
      }
    }
  });
});
