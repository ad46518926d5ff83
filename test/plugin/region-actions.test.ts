import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';
import { waitUntil } from '../helpers/wait-until.js';

/** A recording that can be heard: a sine of 50 Hz between two silences, the sounds of which are claimed besides. */
class Tone extends FakeRecording {
  reads = 0;
  failure: Error | null = null;

  override async read(start: number, count: number, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    this.reads += 1;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    if (this.failure) throw this.failure;
    const length = Math.max(0, Math.min(count, this.length - start));
    const sample = (i: number): number => {
      const time = i / this.sampleRate;
      return time >= 4 && time < 20 ? Math.sin(2 * Math.PI * 50 * time + 0.1) : 0;
    };
    return [Float32Array.from({ length }, (_, i) => sample(start + i))];
  }
}

let tone: Tone;
let host: FakeHost;
let earmark: EarmarkCore;
const state = () => earmark.getState();
const ids = () => state().regions.map(({ id }) => id);
const times = () => state().regions.map(({ start, end }) => [start, end]);
const selected = () => [...state().selectedRegionIds];
const send = (...requests: EarmarkRequest[]) => requests.forEach((request) => earmark.dispatch(request));

/** The frame of the fake engine: .16 s. */
beforeEach(async () => {
  tone = new Tone(32, [
    { text: 'dog bark', start: 4.8, end: 6.4 },
    { text: 'dog bark', start: 16, end: 17.6 },
  ]);
  host = new FakeHost();
  host.duration = 32;
  const openAudio = fakeAudioOpener({ street: tone, other: new FakeRecording(8, []) });
  earmark = new EarmarkCore({ host }, { createEngine: new FakeEngines().create, openAudio });
  host.load('street');
  await earmark.find('dog bark');
  // The code of the actions is loaded with the first of them.
  send({ type: 'job-dismiss' });
  await waitUntil('actions answer', () => {
    send({ type: 'region-mark', side: 'in', label: 'x', time: 1 });
    return state().mark !== null;
  });
  send({ type: 'region-mark', side: null, label: '' });
});

afterEach(() => earmark.destroy());

describe('editing regions', () => {
  it('splits at the playhead, and what was selected stays so in both parts', () => {
    host.advance(5.5);
    send({ type: 'select', ids: [ids()[0]!] }, { type: 'region-split' });
    expect(times()).to.deep.equal([
      [4.8, 5.5],
      [5.5, 6.4],
      [16, 17.6],
    ]);
    expect(selected()).to.deep.equal(ids().slice(0, 2));
    expect(state().history.undo).to.equal('Split hit');
    send({ type: 'undo' });
    expect(times()).to.deep.equal([
      [4.8, 6.4],
      [16, 17.6],
    ]);
  });

  it('merges, and selects what came of it', () => {
    send({ type: 'select', ids: ids(), active: ids()[1]! }, { type: 'region-merge', ids: ids() });
    expect(times()).to.deep.equal([[4.8, 17.6]]);
    expect(selected()).to.deep.equal(ids());
    expect(state().activeRegionId).to.equal(ids()[0]);
  });

  it('copies to a class, and selects the copies', () => {
    const originals = ids();
    send({ type: 'region-copy', ids: originals, label: 'door' });
    expect(state().regions.map(({ label }) => label)).to.deep.equal(['dog bark', 'door', 'dog bark', 'door']);
    expect(selected()).to.have.length(2).and.not.include.members(originals);
    expect(state().history.undo).to.equal('Copy 2 hits to “door”');
  });

  it('marks in and out at the playhead, in either order', () => {
    const mark = (side: 'in' | 'out') => send({ type: 'region-mark', side, label: 'door' });
    host.advance(8);
    mark('in');
    expect(state().mark).to.deep.equal({ side: 'in', time: 8 });
    host.advance(9.5);
    mark('out');
    expect(state().mark).to.equal(null);
    expect(times()).to.deep.include([8, 9.5]);
    expect(state().regions.find(({ id }) => selected().includes(id))).to.include({ label: 'door', start: 8 });
    host.advance(12);
    mark('out');
    host.advance(11);
    mark('in');
    expect(times()).to.deep.include([11, 12]);
    expect(state().history.undo).to.equal('Add region');
  });

  it('begins anew with a mark on the wrong side of the other, and forgets it with the recording', async () => {
    send({ type: 'region-mark', side: 'in', label: 'door', time: 9 });
    send({ type: 'region-mark', side: 'out', label: 'door', time: 7 });
    expect(state().mark).to.deep.equal({ side: 'out', time: 7 });
    host.load('other');
    await waitUntil('the other is open', () => state().source?.name === 'other');
    expect(state().mark).to.equal(null);
  });

  it('nudges by frames and milliseconds; a run of them is one step', () => {
    const [id] = ids() as [string];
    const nudge = (by: number, unit: 'frame' | 'ms', transient: boolean) =>
      send({ type: 'region-nudge', ids: [id], part: 'end', by, unit, transient });
    nudge(1, 'frame', true);
    nudge(1, 'frame', true);
    nudge(0, 'frame', false);
    expect(times()[0]).to.deep.equal([4.8, 6.72]);
    nudge(-5, 'ms', false);
    expect(times()[0]).to.deep.equal([4.8, 6.715]);
    send({ type: 'undo' }, { type: 'undo' });
    expect(times()[0]).to.deep.equal([4.8, 6.4]);
    expect(state().regions[0]?.edited).to.equal(false);
  });

  it('snaps to the valleys of the curve', () => {
    send({ type: 'region-snap', ids: ids() });
    const [[start, end]] = times() as [[number, number]];
    expect(start).to.be.within(4.5, 4.8);
    expect(end).to.be.within(6.4, 6.7);
    expect(state().history.undo).to.equal('Snap 2 hits');
  });

  it('can be undone by name, to exactly what there was, and redone', () => {
    const [first, second] = ids() as [string, string];
    host.advance(5.5);
    const edits: [EarmarkRequest, string][] = [
      [{ type: 'region-split' }, 'Split hit'],
      [{ type: 'region-merge', ids: [first, second] }, 'Merge 2 hits'],
      [{ type: 'region-nudge', ids: [first], part: 'whole', by: 20, unit: 'ms' }, 'Nudge hit'],
      [{ type: 'region-snap', ids: [first] }, 'Snap hit'],
      [{ type: 'region-copy', ids: [first], label: 'door' }, 'Copy hit to “door”'],
      [{ type: 'region-silence', ids: [first, second] }, 'Silence 2 hits'],
      [{ type: 'region-rename', ids: [first, second], label: 'Rex' }, 'Rename 2 hits'],
      [{ type: 'region-add', start: 8, end: 9, label: 'door' }, 'Add region'],
      [{ type: 'region-delete', ids: [first, second] }, 'Delete 2 hits'],
    ];
    const before = state();
    for (const [edit, name] of edits) {
      send(edit);
      expect(state().history.undo, name).to.equal(name);
      const after = state().regions;
      send({ type: 'undo' });
      expect([state().regions, state().mask], name).to.deep.equal([before.regions, null]);
      send({ type: 'redo' });
      expect(state().regions, name).to.deep.equal(after);
      send({ type: 'undo' });
    }
  });

  it('says why a region cannot be marked at one place, and keeps the mark', async () => {
    send({ type: 'region-mark', side: 'in', label: 'door', time: 8 });
    const { mark, regions } = state();
    send({ type: 'region-mark', side: 'out', label: 'door', time: 8 });
    expect(state().notices.map(({ message }) => message)).to.match(/one place. Move the playhead/);
    expect([state().mark, state().regions]).to.deep.equal([mark, regions]);
    send({ type: 'region-mark', side: 'out', label: 'door', time: 9 });
    expect(times().slice(1, 2)).to.deep.equal([[8, 9]]);
  });

  it('says why what has no curve cannot be snapped, and there is nothing to split', async () => {
    send({ type: 'region-add', start: 1, end: 2, label: 'door' });
    send({ type: 'region-snap', ids: selected() }, { type: 'region-split', time: 30 });
    await waitUntil('it was said', () => state().notices.length === 2);
    expect(state().notices[0]?.message).to.contain('no curve to snap to');
    expect(state().notices[1]?.message).to.contain('no region to split');
  });
});

describe('nudging to zero crossings', () => {
  const PERIOD = 1 / 50;
  const toCrossing = (by: number, part: 'start' | 'end' | 'whole' = 'start', transient = true) =>
    send({ type: 'region-nudge', ids: ids().slice(0, 1), part, by, unit: 'zero-crossing', transient });
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 30));

  it('moves an edge to where the signal changes sign, and on from there; a run is one step', async () => {
    toCrossing(1);
    toCrossing(1);
    toCrossing(1);
    toCrossing(0, 'start', false);
    await waitUntil('three nudges are made', () => times()[0]![0]! > 4.8 + PERIOD);
    await quiet();
    const [start, end] = times()[0] as [number, number];
    expect(Math.abs(Math.sin(2 * Math.PI * 50 * start + 0.1))).to.be.below(0.01);
    expect(start - 4.8).to.be.within(PERIOD, 1.5 * PERIOD);
    expect(end).to.equal(6.4);
    send({ type: 'undo' });
    expect(times()[0]).to.deep.equal([4.8, 6.4]);
  });

  it('moves the whole with its start', async () => {
    toCrossing(-1, 'whole', false);
    await waitUntil('it is made', () => times()[0]![0]! < 4.8);
    const [start, end] = times()[0] as [number, number];
    expect(end - start).to.be.closeTo(1.6, 1e-4);
  });

  it('leaves alone what was edited meanwhile, and where nothing sounds', async () => {
    toCrossing(1);
    await waitUntil('it is looking', () => tone.reads > 0);
    send({ type: 'region-move', id: ids()[0]!, start: 5, end: 6 });
    await quiet();
    expect(times()[0]).to.deep.equal([5, 6]);
    send({ type: 'region-move', id: ids()[0]!, start: 25, end: 26 });
    tone.reads = 0;
    send({ type: 'region-nudge', ids: ids().slice(1), part: 'start', by: 1, unit: 'zero-crossing' });
    await waitUntil('it has looked', () => tone.reads >= 5);
    await quiet();
    expect(times()[1]).to.deep.equal([25, 26]);
  });

  it('says why the recording cannot be read, and is forgotten when another one is opened', async () => {
    tone.failure = new Error('The disk is gone.');
    toCrossing(1);
    await waitUntil('it was said', () => state().notices.length === 1);
    expect(state().notices[0]?.message).to.contain('The disk is gone.');
    tone.failure = null;
    toCrossing(1);
    host.load('other');
    await waitUntil('the other is open', () => state().source?.name === 'other');
    await quiet();
    expect(state().notices).to.deep.equal([]);
  });
});
