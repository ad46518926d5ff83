import { expect } from '@open-wc/testing';
import { openRenderFolder } from '../../src/engine/render-storage.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { AudioOpener } from '../../src/plugin/options.js';
import { ASSETS, noise, rejection } from '../audio/audio-fixtures.js';
import { firstDifference, readWav } from '../engine/read-wav.js';
import { readZip } from '../engine/read-zip.js';
import { FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { wavBlob } from '../helpers/wav.js';
import { waitUntil } from '../helpers/wait-until.js';

const RATE = 32_000;
const DURATION = 4;
const BARK = { start: 1.6, end: 2.4 };
const STREET = new FakeRecording(DURATION, [
  { text: 'dog bark', ...BARK },
  { text: 'door', start: 3.2, end: 3.68 },
]);
const SAMPLES = noise(DURATION * RATE, 1);
const INTEGERS = Array.from(SAMPLES, (value) => value * 2 ** 15);

let earmark: EarmarkCore;
const state = () => earmark.getState();

/** A recording that is found in by what is said of it, and rendered from what it is. */
function attach(data: Blob | AudioBuffer, codec: string | null = null): void {
  const openAudio: AudioOpener = (_, { name = 'street.wav' }) => {
    const { duration, sampleRate, channelCount } = STREET;
    return Promise.resolve({
      source: STREET,
      data,
      name,
      duration,
      sampleRate,
      channelCount,
      codec,
      warnings: [],
    });
  };
  earmark = new EarmarkCore({ assetBase: ASSETS }, { createEngine: new FakeEngines().create, openAudio });
}

async function storedCount(): Promise<number> {
  let count = 0;
  for await (const _ of (await openRenderFolder())!.keys()) count += 1;
  return count;
}

beforeEach(async () => {
  attach(wavBlob([SAMPLES], RATE));
  await earmark.open(new Blob());
  await earmark.find('dog bark');
  await earmark.find('door');
});

afterEach(() => earmark.destroy());

describe('earmark.render', () => {
  it('mutes what was found at least 40 dB down and leaves the rest bit by bit', async () => {
    await earmark.mask({ mode: 'mute', prompts: ['dog bark'] });
    const file = await earmark.render();
    expect(file).to.include({ name: 'street_dog bark muted.wav', type: 'audio/wav' });
    const [samples] = (await readWav(file)).channels;
    const { attack, release, hold, padding } = state().mask!;
    samples.forEach((value, i) => {
      const time = i / RATE;
      if (time >= BARK.start - 0.02 && time <= BARK.end + 0.02) expect(value, `${time} s`).to.equal(0);
      const isOutside = time < BARK.start - padding - attack || time > BARK.end + padding + hold + release;
      if (isOutside) expect(value, `${time} s`).to.equal(INTEGERS[i]);
    });
  });

  it('packs each region into an archive', async () => {
    const archive = await earmark.render({ what: 'regions', fade: 0, depth: 24 });
    expect(archive).to.include({ name: 'street regions.zip', type: 'application/zip' });
    const files = await readZip(archive);
    expect([...files.keys()]).to.deep.equal(['dog bark 01_street.wav', 'door 01_street.wav']);
    const { channels, format } = await readWav(files.get('dog bark 01_street.wav')!);
    expect(format.validBits).to.equal(24);
    const [start, end] = [BARK.start * RATE, BARK.end * RATE];
    const found = Array.from(channels[0], (value) => value / 256);
    expect(firstDifference(found, INTEGERS.slice(start, end))).to.equal(-1);
  });

  it('renders recordings that are samples only', async () => {
    earmark.destroy();
    const buffer = new AudioBuffer({ length: SAMPLES.length, sampleRate: RATE });
    buffer.copyToChannel(SAMPLES, 0);
    attach(buffer);
    await earmark.open(new Blob());
    await earmark.find('dog bark');
    const file = await earmark.render({ what: 'target-residual' });
    const [target, residual] = await Promise.all([...(await readZip(file)).values()].map((wav) => readWav(wav)));
    SAMPLES.forEach((value, i) => {
      expect(target.channels[0][i] + residual.channels[0][i]).to.be.closeTo(value, 2 ** -24);
    });
  });

  it('does one thing at a time', async () => {
    const first = earmark.render({ what: 'regions' });
    const error = await rejection(earmark.render({ what: 'regions' }));
    expect(error.code).to.equal('busy');
    expect((await first).size).to.be.greaterThan(0);
  });

  it('is cancelled by its signal, and by the job’s button', async () => {
    const controller = new AbortController();
    const rendering = rejection(earmark.render({ what: 'regions', signal: controller.signal }));
    await waitUntil('it runs', () => state().job?.phase === 'running');
    controller.abort();
    expect((await rendering).name).to.equal('AbortError');
    expect(state().job).to.equal(null);
    earmark.dispatch({ type: 'render', what: 'regions' });
    await waitUntil('it runs', () => state().job?.phase === 'running');
    earmark.dispatch({ type: 'job-cancel' });
    await waitUntil('it has ended', () => state().job === null);
    expect(state().notices).to.deep.equal([]);
  });

  it('warns of closing the page only while it runs', async () => {
    const asks = () => {
      const event = new Event('beforeunload', { cancelable: true });
      dispatchEvent(event);
      return event.defaultPrevented;
    };
    const rendering = earmark.render({ what: 'regions' });
    await waitUntil('it runs', () => state().job?.phase === 'running');
    await waitUntil('closing asks', asks);
    await rendering;
    expect(asks()).to.equal(false);
  });
});

describe('The render request', () => {
  it('ends in a file to save, which is gone when the job is dismissed and the next one begins', async () => {
    earmark.dispatch({ type: 'render', what: 'regions' });
    await waitUntil('it is done', () => state().job?.phase === 'done');
    const { file, kind, label } = state().job!;
    expect([kind, label, file?.name]).to.deep.equal(['render', 'street regions.zip', 'street regions.zip']);
    expect(await readZip(file!.blob)).to.have.property('size', 2);
    const kept = await earmark.render({ what: 'regions', regions: [state().regions[0]] });
    expect(await storedCount()).to.equal(1);
    await earmark.render({ what: 'regions', regions: [state().regions[1]] });
    expect(await storedCount()).to.equal(2);
    expect((await readWav(kept)).channels).to.have.length(1);
  });

  it('tells why it was refused, and why it failed', async () => {
    earmark.dispatch({ type: 'render' });
    await waitUntil('it is refused', () => state().notices.length > 0);
    expect(state().notices[0]).to.include({ level: 'warning', code: 'bad-option' });
    expect(state().job).to.equal(null);
  });

  it('tells what is deeper than the floats that it becomes', async () => {
    for (const [codec, told] of [
      ['pcm-s32', ['integers of 32 bits']],
      ['pcm-f64', ['floats of 64 bits']],
      ['pcm-f32', []],
    ] as const) {
      earmark.destroy();
      attach(wavBlob([SAMPLES], RATE, 'float32'), codec);
      await earmark.open(new Blob());
      await earmark.find('dog bark');
      await earmark.render({ what: 'regions' });
      const messages = state().notices.map(({ message }) => message);
      expect(messages, codec).to.have.length(told.length);
      for (const each of told) expect(messages[0]).to.contain(each);
    }
  });

  it('tells what was cut off at full scale', async () => {
    earmark.destroy();
    attach(wavBlob([SAMPLES.map((value) => 4 * value)], RATE, 'float32'));
    await earmark.open(new Blob());
    await earmark.find('dog bark');
    await earmark.render({ what: 'regions', depth: 16 });
    expect(state().notices[0]?.message).to.match(/^[\d,]+ samples were louder than the file can hold/);
  });
});
