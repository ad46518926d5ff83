import { expect } from '@open-wc/testing';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import reference from '../golden/engine/reference-probabilities.json';
import { MemorySource } from './memory-source.js';

/** Decoded at the file's own rate, so nothing is resampled. */
async function samplesOf(recording: string): Promise<Float32Array<ArrayBuffer>> {
  const file = await (await fetch(`/${recording}`)).arrayBuffer();
  const context = new OfflineAudioContext(1, 1, 48000);
  return (await context.decodeAudioData(file)).getChannelData(0);
}

describe('the engine beside the reference pipeline', () => {
  let engine: EmbeddingEngine;
  before(() => {
    engine = createEmbeddingEngine({ assetBase: new URL('/dist/', location.href), model: 'pocket', backend: 'wasm' });
  });
  after(() => engine.destroy());

  async function differences(
    recording: string,
    sampleRate: number,
    expected: Record<string, number[]>,
  ): Promise<number[]> {
    const { track } = await engine.analyse(new MemorySource([await samplesOf(recording)], sampleRate));
    const { logitScale } = await engine.load();
    const all: number[] = [];
    for (const [prompt, probabilities] of Object.entries(expected)) {
      const { vector, bias } = await engine.embedText(prompt);
      expect(track.grid.frameCount).to.equal(probabilities.length);
      probabilities.forEach((probability, frame) => {
        const embedding = track.frames.subarray(frame * track.dimension, (frame + 1) * track.dimension);
        const cosine = embedding.reduce((sum, value, i) => sum + value * vector[i], 0);
        all.push(Math.abs(1 / (1 + Math.exp(-logitScale * cosine - bias)) - probability));
      });
    }
    return all.sort((a, b) => a - b);
  }

  it('gives the same probabilities within .001 from the same 32-kHz samples', async () => {
    const found = await differences(reference.recording, 32000, reference.samples);
    expect(found[found.length - 1]).to.be.below(1e-3);
  });

  it('gives the same probabilities within .001 for a short sound, which is padded with silence', async () => {
    const found = await differences(reference.shortRecording, 32000, reference.short);
    expect(found[found.length - 1]).to.be.below(1e-3);
  });

  it('gives the same probabilities within .02 in 99 % of the frames from a 48-kHz file', async () => {
    const found = await differences(reference.recording, 48000, reference.file);
    expect(found[Math.floor(found.length * 0.99)]).to.be.below(0.02);
  });
});
