// What a page meets that gives its audio to transformers.js as it is, and that Earmark does not do.
import { ClapFeatureExtractor, env, load_audio } from '@huggingface/transformers';
import { expect } from '@open-wc/testing';
import { parseFrontEndConfig } from '../../src/dsp/front-end-config.js';
import { LogMel } from '../../src/dsp/log-mel.js';
import { mixdown } from '../../src/dsp/mixdown.js';
import { clipLogMel } from '../../src/engine/clap-features.js';
import golden from '../golden/clap/golden.json';
import preprocessor from '../golden/clap/model/preprocessor_config.json';
import { wavBlob } from '../helpers/wav.js';
import { goldenRecording } from './clap-folder.js';

const WINDOW = 480_000;
const BANDS = 64;
const SILENCE_DB = -100;

describe('traps of CLAP in transformers.js', () => {
  const recording = goldenRecording(17);
  const logMel = new LogMel(parseFrontEndConfig(preprocessor));
  const extractor = new ClapFeatureExtractor(preprocessor);
  const random = Math.random;

  before(() => {
    env.backends.onnx.wasm!.wasmPaths = {
      wasm: '/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm',
    };
  });
  afterEach(() => {
    Math.random = random;
  });

  async function theirs(clip: Float32Array): Promise<Float32Array> {
    const { input_features: features } = (await extractor._call(clip)) as { input_features: { data: Float32Array } };
    return features.data;
  }

  const level = (mel: Float32Array, row: number) => Math.max(...mel.subarray(row * BANDS, (row + 1) * BANDS));

  function largestDifference(a: Float32Array, b: Float32Array): number {
    return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
  }

  it('has none for exactly 480,000 samples', async () => {
    const clip = recording.slice(0, WINDOW);
    expect(largestDifference(await theirs(clip), clipLogMel(logMel, clip, WINDOW))).to.be.below(1e-3);
  });

  it('a clip that divides the window lacks its last copy: five seconds are followed by silence', async () => {
    const clip = recording.slice(0, WINDOW / 2);
    const library = await theirs(clip);
    const own = clipLogMel(logMel, clip, WINDOW);
    expect(level(library, 750)).to.be.closeTo(SILENCE_DB, 1e-3);
    expect(level(own, 750)).to.be.closeTo(level(own, 250), 1e-6);
    const python = golden.windows.find(({ start, end }) => start === 0 && end === clip.length)!;
    const row = golden.rows.indexOf(860);
    expect(own[860 * BANDS]).to.be.closeTo(python.logMel[row][0], 1e-3);
    expect(Math.abs(library[860 * BANDS] - python.logMel[row][0])).to.be.above(10);
  });

  it('of what is longer than the window a random part is heard', async () => {
    Math.random = () => 0;
    const first = await theirs(recording);
    Math.random = () => 0.9;
    expect(largestDifference(first, await theirs(recording))).to.be.above(3);
    expect(() => clipLogMel(logMel, recording, WINDOW)).to.throw(RangeError);
  });

  it('two channels are mixed to one that is 3 dB too loud', async () => {
    const [left, right] = [recording.slice(0, 4800), recording.slice(4800, 9600)];
    const url = URL.createObjectURL(wavBlob([left, right], 48_000, 'float32'));
    try {
      const library = await load_audio(url, 48_000);
      const own = mixdown([left, right]);
      const power = (samples: Float32Array) => samples.reduce((sum, value) => sum + value * value, 0);
      expect(10 * Math.log10(power(library) / power(own))).to.be.closeTo(3.01, 0.01);
      expect(own[1000]).to.be.closeTo((left[1000] + right[1000]) / 2, 1e-7);
    } finally {
      URL.revokeObjectURL(url);
    }
  });
});
