import { expect } from '@open-wc/testing';
import { backgroundCalibrated } from '../../src/detection/background-calibration.js';
import { probability } from '../../src/detection/calibration.js';
import { similarityLogits, type TextQuery } from '../../src/detection/similarity.js';
import { seededRandom } from '../../src/dsp/seeded-random.js';

const prompt = Float32Array.of(1, 0, 0);

/** Unit vectors with these cosines to the prompt. */
function withCosines(cosines: readonly number[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(cosines.flatMap((cosine) => [cosine, Math.sqrt(1 - cosine * cosine), 0]));
}

function scores(query: TextQuery, cosines: readonly number[]): number[] {
  const logits = new Float32Array(cosines.length);
  similarityLogits(withCosines(cosines), query, logits);
  return Array.from(logits, probability);
}

/** Cosines spread evenly about a centre. */
function around(centre: number, reach: number, count = 101): number[] {
  return Array.from({ length: count }, (_, i) => centre + reach * ((2 * i) / (count - 1) - 1));
}

describe('the calibration of prompts by a background', () => {
  const frames = withCosines(around(0.2, 0.1));
  const clips = withCosines(around(0.3, 0.05, 9));

  it('says "not there" of all that is like the background, and more the more it stands out', () => {
    const { frames: query } = backgroundCalibrated(prompt, { frames, clips });
    for (const score of scores(query, around(0.2, 0.1))) expect(score).to.be.below(0.1);
    const rising = scores(query, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    for (let i = 1; i < rising.length; i += 1) expect(rising[i]).to.be.above(rising[i - 1]);
    expect(rising.at(-1)).to.be.above(0.9);
  });

  it('gives prompts of any level and spread of cosines the same score for standing out as far', () => {
    const quiet = backgroundCalibrated(prompt, { frames: withCosines(around(-0.1, 0.05)), clips });
    const loud = backgroundCalibrated(prompt, { frames: withCosines(around(0.4, 0.05)), clips });
    expect(scores(quiet.frames, [0.05])[0]).to.be.closeTo(scores(loud.frames, [0.55])[0], 1e-3);
  });

  it('keeps its centre, and finds what stands out clearly, when some of the background is like the prompt', () => {
    const some = withCosines([...around(0.2, 0.1), ...Array.from({ length: 8 }, () => 0.9)]);
    const { frames: query } = backgroundCalibrated(prompt, { frames: some, clips });
    expect(scores(query, [0.2])[0]).to.be.below(0.01);
    expect(scores(query, [0.9])[0]).to.be.above(0.5);
  });

  it('centres whole windows on their own background', () => {
    const { clips: query } = backgroundCalibrated(prompt, { frames, clips });
    expect(scores(query, [0.3])[0]).to.be.closeTo(
      scores(backgroundCalibrated(prompt, { frames, clips }).frames, [0.2])[0],
      1e-6,
    );
  });

  it('makes no hit of everything where the background is a single sound, or always the same', () => {
    for (const cosines of [[0.2], Array.from({ length: 50 }, () => 0.2)]) {
      const same = withCosines(cosines);
      const { frames: query } = backgroundCalibrated(prompt, { frames: same, clips: same });
      expect(Number.isFinite(query.scale)).to.equal(true);
      expect(scores(query, [0.2])[0]).to.be.below(0.01);
      expect(scores(query, [0.205])[0]).to.be.below(0.1);
    }
  });

  it('leaves out what is not a number, and refuses a background of nothing else', () => {
    const holed = Float32Array.of(...withCosines(around(0.2, 0.1)), NaN, NaN, NaN);
    expect(backgroundCalibrated(prompt, { frames: holed, clips })).to.deep.equal(
      backgroundCalibrated(prompt, { frames, clips }),
    );
    const nothing = new Float32Array(3).fill(NaN);
    expect(() => backgroundCalibrated(prompt, { frames: nothing, clips })).to.throw(RangeError, 'background');
    expect(() => backgroundCalibrated(prompt, { frames, clips: new Float32Array(0) })).to.throw(RangeError);
  });

  it('calibrates a prompt in some milliseconds, however long the recording is', () => {
    const random = seededRandom(1);
    const large = Float32Array.from({ length: 512 * 512 }, () => random() - 0.5);
    const vector = large.slice(0, 512);
    const start = performance.now();
    backgroundCalibrated(vector, { frames: large, clips: large });
    expect(performance.now() - start).to.be.below(100);
  });
});
