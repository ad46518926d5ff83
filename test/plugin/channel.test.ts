import { expect } from '@open-wc/testing';
import type { EarmarkError } from '../../src/engine/errors.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

/** One speaker a channel, and a door that both microphones hear. */
const INTERVIEW = new FakeRecording(
  64,
  [
    { text: 'speech', start: 3.2, end: 6.4, channel: 0 },
    { text: 'speech', start: 4.8, end: 8, channel: 1 },
    { text: 'door', start: 20.8, end: 22.4 },
  ],
  2,
);
const MONO = new FakeRecording(64, []);

let earmark: EarmarkCore;
let engines: FakeEngines;

beforeEach(() => {
  engines = new FakeEngines();
  const openAudio = fakeAudioOpener({ interview: INTERVIEW, mono: MONO });
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio });
});
afterEach(() => earmark.destroy());

const shown = () =>
  earmark.getState().regions.map(({ start, end, channel }) => [+start.toFixed(1), +end.toFixed(1), channel]);

describe('a channel', () => {
  it('is heard by itself, and its hits say so', async () => {
    await earmark.open('interview');
    await earmark.find('speech');
    expect(shown()).to.deep.equal([[3.2, 8, undefined]]);
    earmark.dispatch({ type: 'channel', channel: 1 });
    expect(earmark.getState()).to.deep.include({ channel: 1, regions: [] });
    await earmark.find('speech');
    expect(shown()).to.deep.equal([[4.8, 8, 1]]);
    earmark.dispatch({ type: 'channel', channel: null });
    await earmark.find('speech');
    expect(shown()).to.deep.equal([[3.2, 8, undefined]]);
  });

  it('can be chosen when a recording is opened, and is forgotten with it', async () => {
    await earmark.open('interview', { channel: 0 });
    await earmark.find('speech');
    expect(shown()).to.deep.equal([[3.2, 6.4, 0]]);
    await earmark.open('mono');
    expect(earmark.getState().channel).to.equal(null);
  });

  it('leaves what was accepted in another one, and offers its own hits beside it', async () => {
    await earmark.open('interview', { channel: 0 });
    const [hit] = await earmark.find('speech');
    earmark.dispatch({ type: 'region-status', ids: [hit.id], status: 'accepted' });
    earmark.dispatch({ type: 'channel', channel: 1 });
    await earmark.find('speech');
    expect(shown()).to.deep.equal([
      [3.2, 6.4, 0],
      [4.8, 8, 1],
    ]);
    expect(earmark.getState().regions.map(({ status }) => status)).to.deep.equal(['accepted', 'candidate']);
  });

  it('has hits of its own where a sound is in both at the same time', async () => {
    await earmark.open('interview', { channel: 0 });
    const [left] = await earmark.find('door');
    earmark.dispatch({ type: 'region-status', ids: [left.id], status: 'rejected' });
    earmark.dispatch({ type: 'channel', channel: 1 });
    const [right] = await earmark.find('door');
    expect(right).to.include({ channel: 1, status: 'candidate', start: left.start, end: left.end });
    earmark.dispatch({ type: 'channel', channel: null });
    expect(await earmark.find('door'), 'in the mean of both it has been decided on').to.deep.equal([]);
  });

  it('stays when the backend is changed', async () => {
    await earmark.open('interview', { channel: 1 });
    await earmark.find('speech');
    earmark.dispatch({ type: 'backend', backend: 'webgpu' });
    await earmark.find('speech');
    expect(engines.made).to.have.length(2);
    expect(shown()).to.deep.equal([[4.8, 8, 1]]);
  });

  it('is refused where there is none', async () => {
    const error = await earmark.open('mono', { channel: 1 }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect((error as EarmarkError).code).to.equal('bad-option');
    expect(MONO.closed).to.equal(true);
    await earmark.open('interview');
    earmark.dispatch({ type: 'channel', channel: 2 });
    await waitUntil('it is said', () => earmark.getState().notices.some(({ message }) => message.includes('0…1')));
    expect(earmark.getState().channel).to.equal(null);
  });

  it('is lost to a region that is merged of several', async () => {
    await earmark.open('interview', { channel: 0 });
    const [left] = await earmark.find('speech');
    earmark.dispatch({ type: 'region-status', ids: [left.id], status: 'accepted' });
    earmark.dispatch({ type: 'channel', channel: 1 });
    await earmark.find('speech');
    earmark.dispatch({ type: 'region-merge', ids: earmark.getState().regions.map(({ id }) => id) });
    await waitUntil('they are one', () => earmark.getState().regions.length === 1);
    expect(shown()).to.deep.equal([[3.2, 8, undefined]]);
  });
});
