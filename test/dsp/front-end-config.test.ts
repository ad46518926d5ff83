import { expect } from '@open-wc/testing';
import { parseFrontEndConfig } from '../../src/dsp/index.js';

type Fields = Record<string, unknown>;
const readJson = async (url: string) => (await (await fetch(url)).json()) as Fields;

describe('front end configuration', () => {
  let pocket: Fields;
  let clap: Fields;

  before(async () => {
    pocket = await readJson('/models/pocket/preprocessor_config.json');
    clap = await readJson('/test/golden/clap-features/preprocessor_config.json');
  });

  it("reads Pocket's", () => {
    expect(parseFrontEndConfig(pocket)).to.deep.equal({
      sampleRate: 32_000,
      hop: 320,
      fftSize: 1024,
      windowLength: 800,
      windowPeriodic: false,
      preemphasis: 0.97,
      melBands: 128,
      lowFrequency: 0,
      highFrequency: 15_000,
      melScale: 'kaldi',
      melNorm: 'none',
      melSlopes: 'mel',
      powerFloor: 1e-10,
    });
  });

  it("reads the hub's and adds what ClapFeatureExtractor fixes", () => {
    expect(parseFrontEndConfig(clap)).to.deep.equal({
      sampleRate: 48_000,
      hop: 480,
      fftSize: 1024,
      windowLength: 1024,
      windowPeriodic: true,
      preemphasis: 0,
      melBands: 64,
      lowFrequency: 50,
      highFrequency: 14_000,
      melScale: 'slaney',
      melNorm: 'slaney',
      melSlopes: 'hertz',
      powerFloor: 1e-10,
    });
  });

  it('ignores fields that ClapFeatureExtractor ignores too', () => {
    const config = parseFrontEndConfig({ ...clap, processor_class: 'ClapProcessor', mel_scale: 'htk' });
    expect(config).to.deep.equal(parseFrontEndConfig(clap));
  });

  const refused: [string, unknown][] = [
    ['feature_extractor_type', 'WhisperFeatureExtractor'],
    ['sampling_rate', 0],
    ['sampling_rate', 44_100.5],
    ['fft_window_size', 1000],
    ['win_length', 2048],
    ['hop_length', 0],
    ['feature_size', 0],
    ['frequency_min', -1],
    ['frequency_max', 20_000],
    ['window', 'hamming'],
    ['center', false],
    ['pad_mode', 'constant'],
    ['power', 1],
    ['log_mel', 'log10'],
    ['mel_scale', 'bark'],
    ['norm', 'slaney'],
    ['mel_floor', 0],
    ['zero_nyquist_bin', 1],
    ['reference', 2],
    ['db_range', 80],
    ['preemphasis', 2],
    ['preemphasis_mode', 'time domain'],
    ['dither', 1e-5],
  ];
  for (const [field, value] of refused) {
    it(`refuses ${field} ${JSON.stringify(value)} and names the field`, () => {
      expect(() => parseFrontEndConfig({ ...pocket, [field]: value })).to.throw(RangeError, `"${field}"`);
    });
  }

  it('refuses a truncation that needs another filterbank, and a limited range', () => {
    expect(() => parseFrontEndConfig({ ...clap, truncation: 'fusion' })).to.throw(RangeError, '"truncation"');
    expect(() => parseFrontEndConfig({ ...clap, top_db: 80 })).to.throw(RangeError, '"top_db"');
  });

  it('refuses what is missing or of the wrong type, and names the field', () => {
    const { mel_scale: _, ...withoutScale } = pocket;
    expect(() => parseFrontEndConfig(withoutScale)).to.throw(TypeError, '"mel_scale" is missing');
    expect(() => parseFrontEndConfig({ ...pocket, hop_length: '320' })).to.throw(TypeError, '"hop_length" is "320"');
    for (const json of [null, [], 'text', 3])
      expect(() => parseFrontEndConfig(json)).to.throw(TypeError, 'JSON object');
  });
});
