import { expect } from '@open-wc/testing';
import type { AnalyseOptions, EmbeddingEngine, TextEmbedding } from '../../src/engine/embedding-engine.js';
import { emptyTrack } from '../../src/engine/embedding-track.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import { modelFrameCount } from '../../src/engine/window-plan.js';
import { occlusionJudge } from '../../src/tasks/occlusion.js';
import { sine } from '../dsp/signals.js';
import { FAKE_MODEL } from '../helpers/fake-engine.js';

const RATE = 32_000;
/** Frequencies of the sounds that the engine tells apart, by the coordinate of their text. */
const TONES = [500, 3000];

const text = (coordinate: number): TextEmbedding => {
  const vector = new Float32Array(FAKE_MODEL.dimension);
  vector[coordinate] = 1;
  return { vector, bias: 0, understood: [] };
};
const [LOW, HIGH] = [text(0), text(1)];

/** Hears how much of each tone is in a frame. */
class ToneEngine implements EmbeddingEngine {
  readonly descriptor = FAKE_MODEL;
  readonly choice = null;
  readonly asked: AnalyseOptions[] = [];

  load() {
    return Promise.resolve(FAKE_MODEL);
  }

  async analyse(source: PcmSource, options: AnalyseOptions = {}) {
    options.signal?.throwIfAborted();
    this.asked.push(options);
    const [samples] = await source.read(0, source.length);
    const track = emptyTrack(modelFrameCount(source.length, source.sampleRate, FAKE_MODEL), FAKE_MODEL);
    const { hop, frameCount } = track.grid;
    for (let frame = 0; frame < frameCount; frame += 1) {
      const part = samples!.subarray(frame * hop, (frame + 1) * hop);
      TONES.forEach((frequency, coordinate) => {
        const tone = sine(part.length, frequency, RATE);
        const level = part.reduce((sum, sample, i) => sum + sample * tone[i]!, 0) / Math.max(1, part.length);
        track.frames[frame * FAKE_MODEL.dimension + coordinate] = Math.abs(level);
      });
    }
    track.analysed.fill(1);
    return { track, fromCache: false, kept: false, elapsedSeconds: 0 };
  }

  embedText(): Promise<TextEmbedding> {
    return Promise.reject(new Error('Nobody asked.'));
  }

  destroy(): void {}
}

/** Both tones in the event, 1 s to 2 s, and what is left of them without each. */
function occlusions() {
  const inEvent = (sample: number, i: number) => (i >= RATE && i < 2 * RATE ? sample : 0);
  const [low, high] = TONES.map((frequency) => sine(3 * RATE, frequency, RATE).map(inEvent));
  return {
    sampleRate: RATE,
    whole: low!.map((sample, i) => sample + high![i]!),
    without: [high!, low!],
    event: { start: RATE, end: 2 * RATE },
  };
}

const { signal } = new AbortController();

describe('the judge of components', () => {
  it('hears which of them belongs to the prompt, and which to the contrast', async () => {
    const engine = new ToneEngine();
    const forLow = await occlusionJudge(engine, { target: LOW!, contrasts: [HIGH!] })(occlusions(), signal);
    expect(forLow[0]).to.be.above(1);
    expect(forLow[1]).to.be.below(-1);
    const forHigh = await occlusionJudge(engine, { target: HIGH!, contrasts: [LOW!] })(occlusions(), signal);
    expect(forHigh[0]).to.be.below(-1);
    expect(forHigh[1]).to.be.above(1);
  });

  it('gives the benefit of the doubt to what does not matter, unless there is a contrast', async () => {
    const engine = new ToneEngine();
    const alone = await occlusionJudge(engine, { target: LOW!, contrasts: [] })(occlusions(), signal);
    expect(alone[0]).to.be.above(2);
    expect(alone[1]).to.be.closeTo(1, 0.01);
  });

  it('leaves no trace in the cache, and stops when it is cancelled', async () => {
    const engine = new ToneEngine();
    await occlusionJudge(engine, { target: LOW!, contrasts: [] })(occlusions(), signal);
    expect(engine.asked.map(({ keep }) => keep)).to.deep.equal([false, false, false]);
    const cancelled = occlusionJudge(engine, { target: LOW!, contrasts: [] })(occlusions(), AbortSignal.abort());
    expect(((await cancelled.catch((error: unknown) => error)) as Error).name).to.equal('AbortError');
  });
});
