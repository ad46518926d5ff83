import { expect } from '@open-wc/testing';
import { LogMel, parseFrontEndConfig } from '../../src/dsp/index.js';
import { readFloat32Npy, readGoldenWav } from './golden-files.js';

const readJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

describe('log-mel of Pocket', () => {
  let logMel: LogMel;
  let samples: Float32Array;
  let golden: Float32Array;

  before(async () => {
    logMel = new LogMel(parseFrontEndConfig(await readJson('/models/pocket/preprocessor_config.json')));
    samples = await readGoldenWav('/test/golden/pocket/golden.wav');
    golden = await readFloat32Npy('/test/golden/pocket/golden-logmel.npy');
  });

  it("equals the numbers of the model's training code within 0.01 dB where they exceed −60 dB", () => {
    const frameCount = logMel.frameCount(samples.length);
    const decibels = logMel.compute(samples, { start: 0, total: samples.length }, 0, frameCount);
    expect(decibels.length).to.equal(golden.length);
    let worst = 0;
    decibels.forEach((value, i) => {
      if (golden[i]! > -60) worst = Math.max(worst, Math.abs(value - golden[i]!));
    });
    expect(worst).to.be.below(0.01);
  });
});
