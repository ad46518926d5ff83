import { expect } from '@open-wc/testing';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import golden from '../golden/pocket/golden.json';
import { readGoldenWav } from '../dsp/golden-files.js';
import { MemorySource } from './memory-source.js';

function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
}

describe('Pocket through the real worker', () => {
  let engine: EmbeddingEngine;
  before(() => {
    engine = createEmbeddingEngine({
      assetBase: new URL('/dist/', location.href),
      model: 'pocket',
      backend: 'wasm',
    });
  });
  after(() => engine.destroy());

  it('gives the golden embeddings for the golden recording', async () => {
    const source = new MemorySource([await readGoldenWav('/test/golden/pocket/golden.wav')], golden.sample_rate);
    const { track, fromCache } = await engine.analyse(source);
    expect(fromCache).to.equal(false);
    expect(track.grid).to.deep.equal({ sampleRate: 32000, offset: 0, hop: 5120, frameCount: 19 });
    expect(track.dimension).to.equal(256);
    expect(largestDifference(track.clips, golden.audio_embeds)).to.be.below(1e-4);
    for (const [row, values] of Object.entries(golden.raw_frame_embeds_rows)) {
      expect(largestDifference(track.frames.subarray(Number(row) * 256), values)).to.be.below(1e-4);
    }
  });

  for (const expected of golden.prompts) {
    it(`reads "${expected.prompt}" as the reference does`, async () => {
      const { vector, bias } = await engine.embedText(expected.prompt);
      expect(vector.length).to.equal(256);
      expect(largestDifference(vector, expected.text_embeds_first8)).to.be.below(1e-5);
      expect(largestDifference(vector.subarray(254), expected.text_embeds_last2)).to.be.below(1e-5);
      expect(bias).to.be.closeTo(expected.logit_bias, 2e-5);
    });
  }

  it('says what it took a prompt for', async () => {
    const { understood } = await engine.embedText('woof');
    expect(understood[0].label).to.equal('Bark');
    expect(understood[0].share).to.be.within(0.6, 1);
    const nonsense = await engine.embedText('asdfgh');
    expect(nonsense.understood.map(({ label }) => label)).to.include('no sound');
  });
});
