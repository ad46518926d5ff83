import { expect } from '@open-wc/testing';
import { detect } from '../../src/detection/detect.js';
import { seededRandom } from '../../src/dsp/seeded-random.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import { backgroundOf, backgroundSource } from '../../src/tasks/background.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';

function sourceOf(samples: Float32Array<ArrayBuffer>): PcmSource {
  return {
    sampleRate: 32_000,
    channelCount: 1,
    length: samples.length,
    digest: () => Promise.resolve('test'),
    read: async (start, count) => [samples.slice(start, start + count)],
    close() {},
  };
}

describe('the background of an engine', function () {
  this.timeout(60_000);
  let engine: EmbeddingEngine;
  before(() => {
    engine = createEmbeddingEngine({ assetBase: new URL('/dist/', location.href), model: 'pocket', backend: 'wasm' });
  });
  after(() => engine.destroy());

  it('is heard once', async () => {
    const first = await backgroundOf(engine);
    expect(await backgroundOf(engine)).to.equal(first);
    expect(first.frames.some(Number.isNaN)).to.equal(false);
  });

  it('lets the model say "not found" of prompts that a noise does not hold, without its bias', async () => {
    const random = seededRandom(99);
    const noise = Float32Array.from({ length: 32_000 * 12 }, () => 0.1 * (random() - 0.5));
    const { track } = await engine.analyse(sourceOf(noise));
    const background = await backgroundOf(engine);
    const model = await engine.load();
    for (const prompt of ['dog bark', 'speech', 'church bell', 'car horn', 'piano']) {
      const { vector } = await engine.embedText(prompt);
      const scorer = new PromptScorer(track, { vector, bias: 0 }, model, background);
      scorer.update();
      const { curve, presence } = detect(scorer.evidence);
      expect(presence.present, prompt).to.equal(false);
      expect(Math.max(...curve.values), prompt).to.be.below(0.5);
    }
  });

  it('reads the same samples in any order and pieces, and none behind the end', async () => {
    const source = backgroundSource();
    const [whole] = await source.read(90_000, 20_000);
    const [second] = await source.read(100_000, 10_000);
    const [first] = await source.read(90_000, 10_000);
    expect(whole).to.deep.equal(Float32Array.of(...first, ...second));
    expect((await source.read(source.length - 5, 10))[0]).to.have.length(5);
    expect((await source.read(source.length + 5, 10))[0]).to.have.length(0);
  });

  it('stops reading when cancelled', async () => {
    const stop = new AbortController();
    const reading = backgroundSource().read(0, 480_000, stop.signal);
    stop.abort();
    expect(await reading.catch((error: Error) => error.name)).to.equal('AbortError');
  });
});
