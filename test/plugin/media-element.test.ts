import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { createEarmark } from '../../src/plugin/create-earmark.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { mediaElementHost } from '../../src/plugin/host/media-element.js';
import { FakeEngines, FakeRecording, openAnythingAs } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';
import { wavBlob } from '../helpers/wav.js';

const RECORDING = new FakeRecording(4, [{ text: 'dog bark', start: 1.6, end: 1.92 }]);

describe('a media element as a timeline', () => {
  let audio: HTMLAudioElement;
  let url: string;

  beforeEach(() => {
    audio = document.createElement('audio');
    audio.muted = true;
    url = URL.createObjectURL(wavBlob([new Float32Array(4 * 8_000)], 8_000));
  });

  afterEach(() => {
    audio.removeAttribute('src');
    audio.load();
    URL.revokeObjectURL(url);
  });

  it('is searched when it has loaded something, and plays hits to their end', async () => {
    const { opener, opened } = openAnythingAs(RECORDING);
    const host = mediaElementHost(audio);
    const earmark = new EarmarkCore({ host }, { createEngine: new FakeEngines().create, openAudio: opener });
    audio.src = url;
    const [hit] = await earmark.find('dog bark');
    expect((opened[0] as URL).href).to.equal(url);
    earmark.dispatch({ type: 'play-region', id: hit?.id ?? '' });
    await waitUntil('it plays', () => !audio.paused);
    expect(audio.currentTime).to.be.within(1.3, 1.8);
    await waitUntil('it has stopped', () => audio.paused);
    expect(audio.currentTime).to.be.closeTo(1.92, 0.01);
    earmark.destroy();
  });

  it('says why, instead of waiting for ever, when the element cannot load its file', async () => {
    const earmark = createEarmark({ host: mediaElementHost(audio), autosave: false, cache: false });
    const found = earmark.find('dog bark').catch((error: unknown) => error);
    audio.src = '/no/such/file.wav';
    expect(await found)
      .to.be.instanceOf(EarmarkError)
      .and.to.have.property('code', 'source-unreachable');
    earmark.destroy();
  });

  it('tells its source, duration and view', async () => {
    const host = mediaElementHost(audio);
    expect([host.getSource(), host.getDuration()]).to.deep.equal([null, 0]);
    const changes: string[] = [];
    host.on('sourcechange', () => changes.push((host.getSource()?.data as URL | undefined)?.href ?? 'nothing'));
    audio.src = url;
    // The element knows its duration a task before it says so.
    await waitUntil('it has loaded', () => changes.includes(url));
    expect(host.getVisibleRange()).to.deep.equal({ start: 0, end: 4 });
    audio.removeAttribute('src');
    audio.load();
    await waitUntil('it is empty', () => changes.at(-1) === 'nothing');
    expect([host.getSource(), host.getDuration()]).to.deep.equal([null, 0]);
    host.destroy();
  });

  it('plays the loop of a hit again and again', async () => {
    const { opener } = openAnythingAs(RECORDING);
    const host = mediaElementHost(audio);
    const earmark = new EarmarkCore({ host }, { createEngine: new FakeEngines().create, openAudio: opener });
    audio.src = url;
    const [hit] = await earmark.find('dog bark');
    let seeks = 0;
    audio.addEventListener('seeking', () => (seeks += 1));
    earmark.dispatch({ type: 'loop-region', id: hit?.id ?? '' });
    await waitUntil('it has gone round twice', () => seeks >= 3);
    expect(audio.paused).to.equal(false);
    earmark.destroy();
    expect(audio.src).to.equal(url);
    audio.pause();
  });
});
