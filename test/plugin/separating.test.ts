import { expect } from '@open-wc/testing';
import type { AnalyseOptions } from '../../src/engine/embedding-engine.js';
import type { PcmSource } from '../../src/engine/pcm-source.js';
import { openRenderFolder } from '../../src/engine/render-storage.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { AudioOpener } from '../../src/plugin/options.js';
import type { SeparationMethod } from '../../src/plugin/separation.js';
import { ASSETS, noise, rejection } from '../audio/audio-fixtures.js';
import { readWav } from '../engine/read-wav.js';
import { FakeEngine, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';
import { waitUntil } from '../helpers/wait-until.js';
import { wavBlob } from '../helpers/wav.js';

const RATE = 32_000;
const DURATION = 4;
const BARK = { start: 1.6, end: 2.4 };
const STREET = new FakeRecording(DURATION, [{ text: 'dog bark', ...BARK }]);
/** On the grid of 16 bits. */
const CHANNELS = [noise(DURATION * RATE, 1), noise(DURATION * RATE, 2)].map((samples) =>
  samples.map((value) => Math.round(value * 2 ** 14) / 2 ** 15),
);

/** Hears what is said of a recording, and nothing in samples. */
class SilentEngine extends FakeEngine {
  override analyse(source: PcmSource, options?: AnalyseOptions) {
    const recording =
      source instanceof FakeRecording ? source : new FakeRecording(source.length / source.sampleRate, []);
    return super.analyse(recording, options);
  }
}

let earmark: EarmarkCore;
let host: FakeHost;
const engines = new FakeEngines();
const state = () => earmark.getState();

/** A recording that is found in by what is said of it, and separated from what it is. */
async function open(data: Blob | AudioBuffer): Promise<void> {
  const openAudio: AudioOpener = (_, { name = 'street.wav' }) => {
    const { sampleRate } = STREET;
    const audio = { source: STREET, data, name, duration: DURATION, sampleRate, channelCount: 2 };
    return Promise.resolve({ ...audio, codec: null, warnings: [] });
  };
  host = new FakeHost();
  earmark = new EarmarkCore(
    { assetBase: ASSETS, host },
    { createEngine: (settings) => new SilentEngine(engines.controls, settings), openAudio },
  );
  await earmark.open(new Blob());
}

beforeEach(() => open(wavBlob(CHANNELS, RATE)));
afterEach(() => earmark.destroy());

async function storedCount(): Promise<number> {
  let count = 0;
  for await (const _ of (await openRenderFolder())!.keys()) count += 1;
  return count;
}

async function separatedByView(method: SeparationMethod = 'gate') {
  await earmark.find('dog bark');
  earmark.dispatch({ type: 'separate', prompt: state().prompts[0].id, method });
  await waitUntil('it is separated', () => state().separation !== null);
  return state().separation!;
}

describe('earmark.separate', () => {
  for (const method of ['gate', 'band', 'nmf'] as const) {
    it(`by ${method} makes two files that add up to the recording, bit by bit`, async () => {
      const fractions: number[] = [];
      const onProgress = (fraction: number) => fractions.push(fraction);
      const { target, residual } = await earmark.separate({ prompt: 'dog bark', method, onProgress });
      expect([target.name, residual.name]).to.deep.equal([
        'street_dog bark target.wav',
        'street_dog bark residual.wav',
      ]);
      const [a, b] = [await readWav(target), await readWav(residual)];
      expect([a.format.validBits, a.format.sampleRate, a.channels.length]).to.deep.equal([16, RATE, 2]);
      CHANNELS.forEach((samples, channel) => {
        const wrong = samples.findIndex(
          (value, i) => a.channels[channel][i] + b.channels[channel][i] !== value * 2 ** 15,
        );
        expect(wrong).to.equal(-1);
      });
      const [left] = a.channels;
      const [first, last] = [left.findIndex((value) => value !== 0), left.findLastIndex((value) => value !== 0)];
      expect(first / RATE).to.be.within(BARK.start - 0.2, BARK.start);
      expect(last / RATE).to.be.within(BARK.end, BARK.end + 0.2);
      expect(fractions.at(-1)).to.equal(1);
      expect(state().separation).to.include({ prompt: 'dog bark', method, listening: null });
    });
  }

  it('separates recordings that are samples only, as floats', async () => {
    earmark.destroy();
    const buffer = new AudioBuffer({ length: DURATION * RATE, sampleRate: RATE, numberOfChannels: 2 });
    CHANNELS.forEach((samples, channel) => buffer.copyToChannel(samples, channel));
    await open(buffer);
    const { target, residual } = await earmark.separate({ prompt: 'dog bark', method: 'band' });
    const [a, b] = [await readWav(target), await readWav(residual)];
    expect(a.format.formatTag).to.equal(3);
    CHANNELS.forEach((samples, channel) => {
      const wrong = samples.findIndex(
        (value, i) => b.channels[channel][i] !== Math.fround(value - a.channels[channel][i]),
      );
      expect(wrong).to.equal(-1);
    });
  });

  it('gives its files and shows nothing when another recording is opened meanwhile', async () => {
    await earmark.find('dog bark');
    const separating = earmark.separate({ prompt: 'dog bark' });
    await waitUntil('it runs', () => state().job?.phase === 'running');
    await earmark.open(new Blob());
    const { target } = await separating;
    expect((await readWav(target)).channels[0].length).to.equal(DURATION * RATE);
    await waitUntil('nothing is shown', () => state().separation === null && state().job === null);
  });

  it('says so when the sound is not there, and refuses methods that are not', async () => {
    expect((await rejection(earmark.separate({ prompt: 'church bell' }))).code).to.equal('nothing-found');
    const unknown = earmark.separate({ prompt: 'dog bark', method: 'magic' as SeparationMethod });
    expect((await rejection(unknown)).code).to.equal('bad-option');
    expect(state().job).to.equal(null);
  });

  it('searches for what scripts ask for, and not for prompts that views name and that are gone', async () => {
    await earmark.separate({ prompt: 'dog bark', method: 'gate' });
    expect(state().prompts.map(({ text }) => text)).to.deep.equal(['dog bark']);
    earmark.dispatch({ type: 'separate', prompt: 'prompt-99' });
    await waitUntil('it is refused', () => state().notices.length > 0);
    expect(state().notices[0]).to.include({ code: 'nothing-found' });
    expect(state().prompts.length).to.equal(1);
  });

  it('leaves rejected regions out', async () => {
    const [region] = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [region.id], status: 'rejected' });
    expect((await rejection(earmark.separate({ prompt: 'dog bark' }))).code).to.equal('nothing-found');
  });

  it('is cancelled by its signal and by the job, and leaves nothing behind', async () => {
    await earmark.find('dog bark');
    const before = await storedCount();
    const controller = new AbortController();
    const cancelled = rejection(earmark.separate({ prompt: 'dog bark', signal: controller.signal }));
    await waitUntil('it runs', () => state().job?.phase === 'running');
    controller.abort();
    expect((await cancelled).name).to.equal('AbortError');
    const again = rejection(earmark.separate({ prompt: 'dog bark' }));
    await waitUntil('it runs', () => state().job?.phase === 'running');
    earmark.dispatch({ type: 'job-cancel' });
    expect((await again).name).to.equal('AbortError');
    expect(state()).to.include({ job: null, separation: null });
    // Workers that were told to stop remove their files in their own time.
    const deadline = performance.now() + 5000;
    while ((await storedCount()) > before && performance.now() < deadline) await new Promise((r) => setTimeout(r, 20));
    expect(await storedCount()).to.be.at.most(before);
  });

  it('fails with the reason when the model does, and keeps nothing', async () => {
    await earmark.find('dog bark');
    engines.controls.analyseError = new Error('The model gave up.');
    engines.controls.failAfterWindows = 0;
    try {
      earmark.dispatch({ type: 'separate', prompt: 'dog bark', method: 'nmf' });
      await waitUntil('it fails', () => state().job?.phase === 'failed');
      expect(state().job?.message).to.contain('The model gave up.');
      expect(state().separation).to.equal(null);
    } finally {
      engines.controls.analyseError = null;
    }
  });

  it('does one thing at a time', async () => {
    await earmark.find('dog bark');
    const first = earmark.separate({ prompt: 'dog bark' });
    await waitUntil('it runs', () => state().job !== null);
    expect((await rejection(earmark.separate({ prompt: 'dog bark' }))).code).to.equal('busy');
    expect((await first).target.size).to.be.above(0);
  });
});

describe('the last separation', () => {
  it('is forgotten when it is dismissed and when another recording is opened', async () => {
    await separatedByView();
    earmark.dispatch({ type: 'separation-dismiss' });
    expect(state().separation).to.equal(null);
    await separatedByView();
    await earmark.open(new Blob());
    await waitUntil('it is forgotten', () => state().separation === null);
  });

  it('plays target, residual or mix around the event, along with the playhead, until the host plays', async () => {
    await separatedByView();
    earmark.dispatch({ type: 'separation-listen', part: 'target' });
    await waitUntil('it plays', () => state().separation?.listening === 'target' && host.getTime() > 0);
    expect(host.getTime()).to.be.within(BARK.start - 1.1, BARK.end + 1.1);
    earmark.dispatch({ type: 'separation-listen', part: 'mix' });
    expect(state().separation?.listening).to.equal('mix');
    await host.play();
    await waitUntil('it has ended', () => state().separation?.listening === null);
    earmark.dispatch({ type: 'separation-listen', part: 'residual' });
    expect(state().separation?.listening).to.equal('residual');
    earmark.dispatch({ type: 'separation-listen', part: null });
    expect(state().separation?.listening).to.equal(null);
  });
});
