import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkOptions } from '../../src/plugin/options.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(32, [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 16, end: 17.6 },
  { text: 'speech', start: 8, end: 11.2 },
]);
const KENNEL = new FakeRecording(16, [
  { text: 'dog bark', start: 1.6, end: 3.2 },
  { text: 'dog bark', start: 8, end: 9.6, strength: 0.62 },
  { text: 'growling', start: 8, end: 9.6, strength: 0.78 },
]);
const CUT_OFF = new FakeRecording(10.1, [{ text: 'dog bark', start: 8, end: 10.24 }]);
const FARM = new FakeRecording(16, [{ text: 'dog bark', start: 6.4, end: 8 }]);

let earmark: EarmarkCore;
let engines: FakeEngines;

function create(
  controls: ConstructorParameters<typeof FakeEngines>[0] = {},
  options: EarmarkOptions = {},
): EarmarkCore {
  engines = new FakeEngines(controls);
  const openAudio = fakeAudioOpener({ street: STREET, farm: FARM, kennel: KENNEL, 'cut off': CUT_OFF }, 5);
  earmark = new EarmarkCore(options, { createEngine: engines.create, openAudio });
  return earmark;
}

afterEach(() => earmark.destroy());

const times = (regions: readonly { start: number; end: number }[]) =>
  regions.map(({ start, end }) => [Math.round(start * 100) / 100, Math.round(end * 100) / 100]);

/** The name of the error, or its code; null when there was none. */
async function failureOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof EarmarkError ? error.code : (error as Error).name;
  }
}

describe('find', () => {
  it('gives the hits sorted by start', async () => {
    create();
    await earmark.open('street');
    expect(times(await earmark.find('dog bark'))).to.deep.equal([
      [3.2, 4.8],
      [16, 17.6],
    ]);
  });

  it('ends regions with the recording, within its last frame', async () => {
    create();
    await earmark.open('cut off');
    expect(times(await earmark.find('dog bark'))).to.deep.equal([[8, 10.1]]);
  });

  it('gives nothing for a sound that is not in the recording', async () => {
    create();
    await earmark.open('street');
    expect(await earmark.find('church bell')).to.deep.equal([]);
    const [prompt] = earmark.getState().prompts;
    expect([prompt?.presence?.present, prompt?.hitCount]).to.deep.equal([false, 0]);
  });

  it('adds the prompt once, and gives the same hits again', async () => {
    create();
    await earmark.open('street');
    const first = await earmark.find('dog bark');
    expect(await earmark.find('Dog bark ')).to.deep.equal(first);
    expect(earmark.getState().prompts).to.have.length(1);
  });

  it('never runs audio inference again for a prompt that comes later', async () => {
    create();
    await earmark.open('street');
    await earmark.find('dog bark');
    const computed = engines.last.windowsComputed;
    expect(await earmark.find('speech')).to.have.length(1);
    expect([engines.last.windowsComputed, engines.last.analyses]).to.deep.equal([computed, 1]);
  });

  it('finds nothing with sensitivity 0, and takes what was rejected for not found', async () => {
    create();
    await earmark.open('street');
    const hits = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [hits[0]?.id ?? ''], status: 'rejected' });
    expect(times(await earmark.find('dog bark'))).to.deep.equal([[16, 17.6]]);
    expect(await earmark.find('speech', { sensitivity: 0 })).to.deep.equal([]);
    expect(await failureOf(earmark.find('speech', { sensitivity: 7 }))).to.equal('bad-option');
  });

  it('leaves out what a contrast prompt fits better, and gives it back when that goes', async () => {
    create();
    await earmark.open('kennel');
    expect(times(await earmark.find('dog bark'))).to.deep.equal([
      [1.6, 3.2],
      [8, 9.6],
    ]);
    expect(await earmark.find('not growling')).to.deep.equal([]);
    expect(times(await earmark.find('dog bark'))).to.deep.equal([[1.6, 3.2]]);
    earmark.dispatch({ type: 'undo' });
    await waitUntil('both are there again', () => earmark.getState().regions.length === 2);
  });

  it('refuses nonsense and leaves no trace of it', async () => {
    create();
    await earmark.open('street');
    const before = earmark.getState().prompts;
    expect(await failureOf(earmark.find(''))).to.equal('empty-prompt');
    expect(await failureOf(earmark.find('x'.repeat(5_000)))).to.equal('prompt-too-long');
    expect(earmark.getState().prompts).to.equal(before);
  });

  it('needs a recording', async () => {
    create();
    expect(await failureOf(earmark.find('dog bark'))).to.equal('no-source');
  });

  it('waits for the recording that is being opened', async () => {
    create();
    void earmark.open('street');
    expect(await earmark.find('dog bark')).to.have.length(2);
  });

  it('waits for what the host is going to load', async () => {
    const host = new FakeHost();
    create({}, { host });
    const finding = earmark.find('dog bark');
    setTimeout(() => host.load('street'), 20);
    expect(await finding).to.have.length(2);
  });

  it('rejects with why the recording could not be opened', async () => {
    create();
    const opening = earmark.open('holiday.jpg');
    expect(await failureOf(earmark.find('dog bark'))).to.equal('not-audio');
    expect(await failureOf(opening)).to.equal('not-audio');
  });

  it('stops waiting within 200 ms when it is cancelled, and the analysis goes on', async () => {
    create({ windowDelay: 300 });
    await earmark.open('street');
    const controller = new AbortController();
    const finding = earmark.find('dog bark', { signal: controller.signal });
    let abortedAt = Infinity;
    setTimeout(() => {
      abortedAt = performance.now();
      controller.abort();
    }, 20);
    expect(await failureOf(finding)).to.equal('AbortError');
    expect(performance.now() - abortedAt).to.be.lessThan(200);
    expect(earmark.getState().analysis.phase).to.equal('running');
    expect(await failureOf(earmark.find('dog bark', { signal: AbortSignal.abort() }))).to.equal('AbortError');
  });

  it('starts a cancelled analysis again', async () => {
    create({ windowDelay: 30 });
    await earmark.open('street');
    earmark.dispatch({ type: 'cancel-analysis' });
    expect(await failureOf(earmark.analysed())).to.equal('AbortError');
    engines.controls.windowDelay = 0;
    expect(await earmark.find('dog bark')).to.have.length(2);
  });

  it('ends when another recording takes the place of the one it asked about', async () => {
    create({ windowDelay: 50 });
    await earmark.open('street');
    const finding = earmark.find('dog bark');
    await earmark.open('farm');
    expect(await failureOf(finding)).to.equal('AbortError');
  });

  it('ends with Earmark', async () => {
    create({ windowDelay: 50 });
    await earmark.open('street');
    const finding = earmark.find('dog bark');
    earmark.destroy();
    expect(await failureOf(finding)).to.equal('destroyed');
    expect(await failureOf(earmark.find('dog bark'))).to.equal('destroyed');
    expect(await failureOf(earmark.open('street'))).to.equal('destroyed');
  });
});

describe('opening a recording', () => {
  it('asks the prompts of the new one, and forgets the regions and the history of the old one', async () => {
    create();
    await earmark.open('street');
    const hits = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: hits.map((hit) => hit.id), status: 'accepted' });
    await earmark.open('farm');
    expect(earmark.getState().regions).to.deep.equal([]);
    expect(earmark.getState().history).to.deep.equal({ undo: null, redo: null });
    await earmark.analysed();
    expect(times(earmark.getState().regions)).to.deep.equal([[6.4, 8]]);
    expect(STREET.closed).to.equal(true);
  });

  it('aborts what was being opened, and only the last one stands', async () => {
    create();
    const first = failureOf(earmark.open('street'));
    const second = failureOf(earmark.open('holiday.jpg'));
    const third = earmark.open('farm');
    expect([await first, await second]).to.deep.equal(['AbortError', 'AbortError']);
    await third;
    await earmark.analysed();
    expect(earmark.getState().source?.name).to.equal('farm');
    expect(earmark.getState().notices).to.deep.equal([]);
  });

  it('can be cancelled at once, however long it would take', async () => {
    engines = new FakeEngines();
    earmark = new EarmarkCore(
      {},
      { createEngine: engines.create, openAudio: fakeAudioOpener({ street: STREET }, 500) },
    );
    const opening = failureOf(earmark.open('street'));
    expect(earmark.getState().analysis.phase).to.equal('opening');
    earmark.dispatch({ type: 'cancel-analysis' });
    expect(earmark.getState().analysis.phase).to.equal('idle');
    expect(await opening).to.equal('AbortError');
    expect(earmark.getState().source).to.equal(null);
  });

  it('keeps everything when the new one is no audio', async () => {
    create();
    await earmark.open('street');
    const hits = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [hits[0]?.id ?? ''], status: 'accepted' });
    const before = earmark.getState();
    expect(await failureOf(earmark.open('holiday.jpg'))).to.equal('not-audio');
    const after = earmark.getState();
    expect(after.source).to.equal(before.source);
    expect(after.regions).to.equal(before.regions);
    expect(after.analysis.phase).to.equal('done');
    expect(after.history).to.equal(before.history);
    expect(after.notices.map((notice) => notice.code)).to.deep.equal(['not-audio']);
    expect(await earmark.find('speech')).to.have.length(1);
  });

  it('rejects what waits for it when it is cancelled, and opens it when asked again', async () => {
    const host = new FakeHost();
    create({}, { host });
    host.load('street');
    const finding = failureOf(earmark.find('dog bark'));
    earmark.dispatch({ type: 'cancel-analysis' });
    expect(await finding).to.equal('AbortError');
    expect(await earmark.find('dog bark')).to.have.length(2);
  });

  it('leaves nothing of the former one over a host that has gone on to what cannot be opened', async () => {
    const host = new FakeHost();
    create({}, { host });
    host.load('street');
    expect(await earmark.find('dog bark')).to.have.length(2);
    host.load('holiday.jpg');
    expect(await failureOf(earmark.analysed())).to.equal('not-audio');
    await waitUntil('the former one is gone', () => earmark.getState().source === null);
    expect(earmark.getState().regions).to.deep.equal([]);
    expect(earmark.getState().analysis).to.include({ phase: 'failed', code: 'not-audio' });
    expect(earmark.getState().prompts).to.have.length(1);
  });

  it('waits for the next recording, without the failure of the last one', async () => {
    const host = new FakeHost();
    create({}, { host });
    host.load('holiday.jpg');
    expect(await failureOf(earmark.analysed())).to.equal('not-audio');
    host.source = null;
    host.events.emit('sourcechange');
    expect(earmark.getState().analysis.phase).to.equal('idle');
    const found = earmark.find('dog bark');
    host.load('street');
    expect(await found).to.have.length(2);
  });

  it('takes the recording away when the host has none any more', async () => {
    const host = new FakeHost();
    create({}, { host });
    host.load('street');
    await earmark.analysed();
    host.source = null;
    host.events.emit('sourcechange');
    expect(earmark.getState().source).to.equal(null);
    expect(earmark.getState().analysis.phase).to.equal('idle');
    await waitUntil('the file is closed', () => STREET.closed);
  });
});
