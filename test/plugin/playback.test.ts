import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { MAX_HOST_REGIONS } from '../../src/plugin/region-mirror.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';

const STREET = new FakeRecording(60, [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 16, end: 17.6 },
  { text: 'dog bark', start: 32, end: 33.6 },
]);
/** A bark every 3.2 s for an hour. */
const KENNEL = new FakeRecording(
  3_600,
  Array.from({ length: 1_100 }, (_, i) => ({ text: 'dog bark', start: 3.2 * i + 1.6, end: 3.2 * i + 2.4 })),
);

let earmark: EarmarkCore;
let host: FakeHost;
const state = () => earmark.getState();
const ids = () => state().regions.map((region) => region.id);
/** Rounds the binary fractions of the frame grid away. */
const log = () =>
  host.log.map((line) => line.replace(/\d+\.\d+/g, (number) => String(Math.round(+number * 1e6) / 1e6)));

async function find(recording: string): Promise<void> {
  host = new FakeHost();
  const openAudio = fakeAudioOpener({ street: STREET, kennel: KENNEL });
  earmark = new EarmarkCore({ host, preRoll: 0.2 }, { createEngine: new FakeEngines().create, openAudio });
  host.load(recording);
  await earmark.find('dog bark');
}

beforeEach(() => find('street'));
afterEach(() => earmark.destroy());

describe('playing hits', () => {
  it('plays one from a little before its start to its end', () => {
    earmark.dispatch({ type: 'play-region', id: ids()[0] ?? '' });
    earmark.dispatch({ type: 'play-region', id: ids()[0] ?? '', preRoll: 0 });
    earmark.dispatch({ type: 'play-region', id: ids()[0] ?? '', preRoll: 9 });
    expect(log()).to.deep.equal(['play 3–4.8', 'play 3.2–4.8', 'play 0–4.8']);
    expect(state().activeRegionId).to.equal(ids()[0]);
  });

  it('goes to the next and the previous one, over the rejected', () => {
    const [, second, third] = ids();
    earmark.dispatch({ type: 'region-status', ids: [second ?? ''], status: 'rejected' });
    host.advance(5);
    earmark.dispatch({ type: 'step-region', direction: 1 });
    expect(state().activeRegionId).to.equal(third);
    expect([...state().selectedRegionIds]).to.deep.equal([third]);
    earmark.dispatch({ type: 'step-region', direction: 1 });
    expect(state().activeRegionId).to.equal(third);
    earmark.dispatch({ type: 'step-region', direction: -1 });
    expect(log()).to.deep.equal(['seek 32', 'scroll 32', 'seek 3.2', 'scroll 3.2']);
  });

  it('brings the chosen one on screen if it is not', () => {
    const [first, second] = ids();
    host.visible = { start: 4, end: 12 };
    earmark.dispatch({ type: 'select', ids: [first ?? ''], active: first ?? '' });
    expect(log()).to.deep.equal([]);
    earmark.dispatch({ type: 'select', ids: [second ?? ''], active: second ?? '' });
    expect(log()).to.deep.equal(['scroll 16']);
  });

  it('loops one until it is told to stop, wherever its edges are moved', () => {
    const id = ids()[0] ?? '';
    earmark.dispatch({ type: 'loop-region', id });
    host.advance(4.7);
    host.advance(4.81);
    expect(log()).to.deep.equal(['play 3.2–', 'seek 3.2']);
    earmark.dispatch({ type: 'region-move', id, start: 3.5, end: 5 });
    host.advance(4.9);
    expect(log()).to.have.length(2);
    host.advance(5.01);
    expect(log().at(-1)).to.equal('seek 3.5');
    earmark.dispatch({ type: 'loop-region', id: null });
    host.advance(5.5);
    expect(log()).to.have.length(3);
    expect(state().looping).to.equal(false);
  });

  it('starts again when the recording ends inside the loop', () => {
    earmark.dispatch({ type: 'loop-region', id: ids()[0] ?? '' });
    host.playing = false;
    host.advance(4.01);
    host.advance(4.85);
    expect(log().slice(1)).to.deep.equal(['seek 3.2', 'play 3.2–']);
  });

  it('gives a loop up when the user goes elsewhere', () => {
    earmark.dispatch({ type: 'loop-region', id: ids()[0] ?? '' });
    host.advance(40);
    expect(state().looping).to.equal(false);
    expect(log()).to.deep.equal(['play 3.2–']);
  });

  it('stays on the timeline', () => {
    earmark.dispatch({ type: 'seek', time: 1_000 });
    earmark.dispatch({ type: 'seek', time: -4 });
    expect(log()).to.deep.equal(['seek 60', 'seek 0']);
  });

  it('pauses what plays', () => {
    earmark.dispatch({ type: 'play-pause' });
    earmark.dispatch({ type: 'play-pause' });
    expect(log()).to.deep.equal(['play –', 'pause']);
  });
});

describe('regions in the host', () => {
  const inHost = () => host.regions.map((region) => region.id);

  it('are the accepted ones and no others', async () => {
    const [first = '', second = ''] = ids();
    earmark.dispatch({ type: 'region-status', ids: [first], status: 'accepted' });
    earmark.dispatch({ type: 'region-status', ids: [second], status: 'rejected' });
    await Promise.resolve();
    expect(inHost()).to.deep.equal([first]);
    expect(host.regions[0]?.color).to.contain('--earmark-color-1');
    earmark.dispatch({ type: 'undo' });
    earmark.dispatch({ type: 'undo' });
    await Promise.resolve();
    expect(inHost()).to.deep.equal([]);
  });

  it('are at most 200, those around what is on screen', async () => {
    earmark.destroy();
    await find('kennel');
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'accepted' });
    host.duration = 3_600;
    host.visible = { start: 0, end: 3_600 };
    host.events.emit('viewchange');
    expect(inHost()).to.have.length(MAX_HOST_REGIONS);
    host.visible = { start: 1_000, end: 1_010 };
    host.events.emit('viewchange');
    expect(inHost().length).to.be.within(3, 12);
    for (const { start, end } of host.regions) expect(end > 990 && start < 1_020).to.equal(true);
  });

  it('are not given anew by a scroll that brings no other', () => {
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'accepted' });
    host.events.emit('viewchange');
    const given = host.regions;
    expect(given.length).to.be.greaterThan(1);
    for (const start of [10, -10, -40]) {
      host.visible = { start, end: start + host.duration };
      host.events.emit('viewchange');
    }
    expect(host.regions).to.equal(given);
  });

  it('that the user drags there are edits here, a drag at a time', () => {
    const id = ids()[0] ?? '';
    earmark.dispatch({ type: 'region-status', ids: [id], status: 'accepted' });
    for (const end of [5, 5.5, 6]) host.events.emit('regionchange', { id, start: 3.2, end, transient: true });
    host.events.emit('regionchange', { id, start: 3.2, end: 6, transient: false });
    expect(state().regions[0]).to.include({ end: 6, edited: true });
    earmark.dispatch({ type: 'undo' });
    expect(state().regions[0]?.end).to.be.closeTo(4.8, 1e-9);
  });

  it('go when Earmark goes, and the host is let go of', async () => {
    earmark.dispatch({ type: 'region-status', ids: ids(), status: 'accepted' });
    await Promise.resolve();
    expect(inHost()).to.have.length(3);
    earmark.destroy();
    expect(inHost()).to.deep.equal([]);
    expect(host.destroyed).to.equal(true);
  });

  it('do not outlive a host that goes first', () => {
    host.events.emit('destroy');
    let refused = '';
    earmark.find('dog bark').catch((error: { code: string }) => (refused = error.code));
    return Promise.resolve().then(() => expect(refused).to.equal('destroyed'));
  });
});
