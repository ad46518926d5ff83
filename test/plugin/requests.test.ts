import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(32, [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 16, end: 17.6, strength: 0.48 },
]);

let earmark: EarmarkCore;
const state = () => earmark.getState();
const statuses = () => state().regions.map((region) => region.status);
const promptId = () => state().prompts[0]?.id ?? '';
const regionId = (index = 0) => state().regions[index]?.id ?? '';

beforeEach(async () => {
  const engines = new FakeEngines();
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: fakeAudioOpener({ street: STREET }) });
  await earmark.open('street');
  await earmark.find('dog bark');
});

afterEach(() => earmark.destroy());

describe('bad requests', () => {
  const bad: Record<string, () => unknown> = {
    'an empty prompt': () => ({ type: 'prompt-add', text: '   ' }),
    'a prompt of 5,000 characters': () => ({ type: 'prompt-add', text: 'x'.repeat(5_000) }),
    'a prompt that is no text': () => ({ type: 'prompt-add', text: { toString: () => 'dog' } }),
    'an edit to nothing': () => ({ type: 'prompt-edit', id: promptId(), text: '' }),
    'an edit of no prompt': () => ({ type: 'prompt-edit', id: 'nobody', text: 'cat' }),
    'the removal of no prompt': () => ({ type: 'prompt-remove', id: 'nobody' }),
    'a sensitivity above 1': () => ({ type: 'sensitivity', id: promptId(), value: 1.01 }),
    'a sensitivity that is no number': () => ({ type: 'sensitivity', id: promptId(), value: NaN }),
    'regions that are not there': () => ({ type: 'region-status', ids: ['nobody'], status: 'accepted' }),
    'a status that there is not': () => ({ type: 'region-status', ids: [regionId()], status: 'perhaps' }),
    'a region without a name': () => ({ type: 'region-rename', ids: [regionId()], label: ' ' }),
    'a region that ends before it starts': () => ({ type: 'region-move', id: regionId(), start: 5, end: 4 }),
    'a region at no time': () => ({ type: 'region-move', id: regionId(), start: NaN, end: 4 }),
    'a region outside the recording': () => ({ type: 'region-add', start: 40, end: 50, label: 'door' }),
    'a split at no time': () => ({ type: 'region-split', time: NaN }),
    'a split where there is no region': () => ({ type: 'region-split', time: 30 }),
    'a split at the playhead of no timeline': () => ({ type: 'region-split' }),
    'a merge of one region': () => ({ type: 'region-merge', ids: [regionId()] }),
    'a merge of nothing': () => ({ type: 'region-merge' }),
    'a nudge by no number': () => ({ type: 'region-nudge', ids: [regionId()], part: 'whole', by: NaN, unit: 'ms' }),
    'a nudge by an unknown unit': () => ({ type: 'region-nudge', ids: [regionId()], part: 'end', by: 1, unit: 'beat' }),
    'a nudge of an unknown part': () => ({ type: 'region-nudge', ids: [regionId()], part: 'toe', by: 1, unit: 'ms' }),
    'a nudge of nothing to a zero crossing': () => ({
      type: 'region-nudge',
      part: 'end',
      by: 1,
      unit: 'zero-crossing',
    }),
    'a nudge to no zero crossing': () => ({
      type: 'region-nudge',
      ids: [regionId()],
      part: 'end',
      by: Infinity,
      unit: 'zero-crossing',
    }),
    'a snap of regions that are not there': () => ({ type: 'region-snap', ids: ['nobody'] }),
    'a copy to no name': () => ({ type: 'region-copy', ids: [regionId()], label: '' }),
    'silence of nothing': () => ({ type: 'region-silence', ids: [] }),
    'a mark on a side that there is not': () => ({ type: 'region-mark', side: 'up', label: 'door', time: 1 }),
    'a mark at no time': () => ({ type: 'region-mark', side: 'in', label: 'door', time: NaN }),
    'a time without a timeline': () => ({ type: 'seek', time: 3 }),
    'playing without a timeline': () => ({ type: 'play-region', id: regionId() }),
    'a channel that there is not': () => ({ type: 'channel', channel: 1 }),
    'a backend that there is not': () => ({ type: 'backend', backend: 'cuda' }),
    'a request that there is not': () => ({ type: 'prompt-dance' }),
    'a request without a type': () => ({}),
    'no request at all': () => undefined,
    'a sensitivity that is text': () => ({ type: 'sensitivity', id: promptId(), value: '0.7' }),
    'a side that there is not': () => ({ type: 'prompt-add', text: 'dog bark', polarity: 'negative' }),
  };

  for (const [name, request] of Object.entries(bad)) {
    it(`(${name}) change nothing, and say why`, async () => {
      const before = state();
      earmark.dispatch(request() as EarmarkRequest);
      await waitUntil('it was said', () => state().notices.length > 0);
      const { notices, ...rest } = state();
      expect(notices.map((notice) => notice.level)).to.deep.equal(['warning']);
      expect(notices[0]?.code).to.be.a('string').and.not.equal('worker-crashed');
      for (const [key, value] of Object.entries(rest)) expect(value, key).to.equal(before[key as keyof EarmarkState]);
    });
  }
});

describe('requests', () => {
  it('take effect at once', () => {
    earmark.dispatch({ type: 'region-status', ids: [regionId()], status: 'accepted' });
    expect(statuses()).to.deep.equal(['accepted']);
    expect(state().history.undo).to.equal('Accept hit');
  });

  it('undo to the beginning and redo to the end', async () => {
    earmark.dispatch({ type: 'region-status', ids: [regionId()], status: 'accepted' });
    earmark.dispatch({ type: 'region-move', id: regionId(), start: 3, end: 5 });
    earmark.dispatch({ type: 'region-rename', ids: [regionId()], label: 'Rex' });
    earmark.dispatch({ type: 'prompt-remove', id: promptId() });
    const end = state().regions;
    expect(end.map((region) => region.label)).to.deep.equal(['Rex']);
    while (state().history.undo !== null) earmark.dispatch({ type: 'undo' });
    expect([state().prompts, state().regions]).to.deep.equal([[], []]);
    while (state().history.redo !== null) earmark.dispatch({ type: 'redo' });
    await waitUntil('all is as it was', () => JSON.stringify(state().regions) === JSON.stringify(end));
  });

  it('give a prompt that is put back its hits without analysing anything', async () => {
    earmark.dispatch({ type: 'prompt-remove', id: promptId() });
    expect(state().regions).to.deep.equal([]);
    earmark.dispatch({ type: 'undo' });
    await waitUntil('the hits are back', () => state().regions.length === 1);
    expect(state().analysis.phase).to.equal('done');
  });

  it('of more sensitivity add hits, and move none', () => {
    const [before] = state().regions;
    for (const value of [0.6, 0.7, 0.8]) {
      earmark.dispatch({ type: 'sensitivity', id: promptId(), value, transient: true });
    }
    earmark.dispatch({ type: 'sensitivity', id: promptId(), value: 0.9 });
    expect(state().regions).to.have.length(2);
    expect(state().regions[0]).to.equal(before);
    earmark.dispatch({ type: 'undo' });
    expect(state().prompts[0]?.sensitivity).to.equal(0.5);
    expect(state().regions).to.have.length(1);
  });

  it('say what becomes of a sound that was searched for and is excluded, which undo takes back', async () => {
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark', polarity: 'contrast' });
    expect(state().prompts.map(({ polarity }) => polarity)).to.deep.equal(['contrast']);
    expect(state().notices.map(({ message }) => message)).to.match(/“dog bark” is not searched for any more/);
    expect(state().history.undo).to.equal('Exclude “dog bark”');
    earmark.dispatch({ type: 'undo' });
    await waitUntil('its hits are back', () => state().regions.length === 1);
    earmark.dispatch({ type: 'prompt-add', text: 'wind', polarity: 'contrast' });
    expect(state().notices).to.have.length(1);
  });

  it('for a prompt that is there already select its hits', () => {
    earmark.dispatch({ type: 'prompt-add', text: 'DOG BARK' });
    expect(state().prompts).to.have.length(1);
    expect(state().activeRegionId).to.equal(regionId());
    expect(state().history.undo).to.equal('Find “dog bark”');
  });

  it('select only what is there, and keep the selection over a new detection', () => {
    earmark.dispatch({ type: 'select', ids: [regionId(), 'nobody'], active: regionId() });
    expect([...state().selectedRegionIds]).to.deep.equal([regionId()]);
    earmark.dispatch({ type: 'sensitivity', id: promptId(), value: 0.9 });
    expect([...state().selectedRegionIds]).to.deep.equal([regionId()]);
    earmark.dispatch({ type: 'region-delete', ids: [regionId()] });
    expect([[...state().selectedRegionIds], state().activeRegionId]).to.deep.equal([[], null]);
  });

  it('that delete a hit are not undone by the next detection', async () => {
    earmark.dispatch({ type: 'region-delete', ids: [regionId()] });
    earmark.dispatch({ type: 'restart-analysis' });
    await earmark.analysed();
    expect(state().regions).to.deep.equal([]);
  });

  it('add regions that the user draws', () => {
    earmark.dispatch({ type: 'region-add', start: 20, end: 21, label: '=cmd()' });
    expect(state().regions.at(-1)).to.include({
      start: 20,
      end: 21,
      label: '=cmd()',
      origin: 'user',
      status: 'accepted',
    });
  });

  it('of accepted regions outlive their prompt', () => {
    earmark.dispatch({ type: 'region-status', ids: [regionId()], status: 'accepted' });
    earmark.dispatch({ type: 'prompt-remove', id: promptId() });
    expect(statuses()).to.deep.equal(['accepted']);
  });

  it('keep the identity of what they do not change', () => {
    const { prompts, source, notices } = state();
    earmark.dispatch({ type: 'region-status', ids: [regionId()], status: 'accepted' });
    expect(state().prompts).to.equal(prompts);
    expect(state().source).to.equal(source);
    expect(state().notices).to.equal(notices);
  });

  it('after the end do nothing', () => {
    earmark.destroy();
    const before = state();
    earmark.dispatch({ type: 'prompt-add', text: 'speech' });
    expect(state()).to.equal(before);
  });
});
