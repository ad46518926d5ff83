import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { Region } from '../../src/plugin/region.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import { FakeEngines, FakeRecording, openAnythingAs } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(8, [
  { text: 'dog bark', start: 1.6, end: 2.4 },
  { text: 'dog bark', start: 4.8, end: 5.6 },
]);

describe('UCS categories of hits and prompts', () => {
  let earmark: EarmarkCore;
  let engines: FakeEngines;
  let hits: Region[];
  const state = () => earmark.getState();
  const filed = () => state().regions.map(({ ucs }) => ucs);

  /** Dispatches, and waits for the code that acts. */
  async function ask(request: EarmarkRequest): Promise<void> {
    earmark.dispatch(request);
    await earmark.suggestUcs('anything');
  }

  beforeEach(async () => {
    engines = new FakeEngines();
    const { opener } = openAnythingAs(STREET);
    earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: opener });
    await earmark.open('street');
    hits = await earmark.find('dog bark');
  });

  afterEach(() => earmark.destroy());

  it('are set, undone, redone and taken back', async () => {
    await ask({ type: 'ucs-set', catId: 'ANMLDog', regions: [hits[0]!.id] });
    expect(filed()).to.deep.equal(['ANMLDog', undefined]);
    expect(state().history.undo).to.equal('File under ANMLDog');
    await ask({ type: 'undo' });
    expect(filed()).to.deep.equal([undefined, undefined]);
    await ask({ type: 'redo' });
    await ask({ type: 'ucs-set', catId: null, regions: hits.map(({ id }) => id) });
    expect(state().regions.map((region) => Object.hasOwn(region, 'ucs'))).to.deep.equal([false, false]);
    expect(state().history.undo).to.equal('Take the category back');
  });

  it('of a prompt stay with it, and leave its hits as they are', async () => {
    const before = state().regions;
    await ask({ type: 'ucs-set', catId: 'ANMLDog', prompts: [state().prompts[0]!.id] });
    expect(state().prompts[0]!.ucs).to.equal('ANMLDog');
    expect(state().regions).to.equal(before);
    await ask({ type: 'sensitivity', id: state().prompts[0]!.id, value: 0.7 });
    expect(state().prompts[0]!.ucs).to.equal('ANMLDog');
  });

  it('of a class of the split go to the regions that are made of it, and outlive another split', async () => {
    await earmark.split({ classes: ['dog bark', 'wind'], mode: 'overlapping' });
    const [barks] = state().split!.classes;
    await ask({ type: 'ucs-set', catId: 'ANMLDog', classes: [barks!.id] });
    await ask({ type: 'split-set', classes: ['speech', 'dog bark'] });
    expect(state().split!.classes.map(({ ucs }) => ucs)).to.deep.equal([undefined, 'ANMLDog']);
    await earmark.split({ mode: 'overlapping', classes: ['dog bark'] });
    await ask({ type: 'split-to-regions' });
    const made = state().regions.filter(({ origin }) => origin === 'user');
    expect(made.map(({ ucs }) => ucs)).to.deep.equal(['ANMLDog', 'ANMLDog']);
  });

  it('survive another search: a hit that was filed is no longer replaced', async () => {
    await ask({ type: 'ucs-set', catId: 'ANMLDog', regions: [hits[0]!.id] });
    earmark.dispatch({ type: 'prompt-edit', id: state().prompts[0]!.id, text: 'cat' });
    await waitUntil('the other hit is gone', () => state().regions.length === 1);
    expect(filed()).to.deep.equal(['ANMLDog']);
  });

  it('that do not exist, and hits that are gone, are refused with a message', async () => {
    const { regions } = state();
    await ask({ type: 'ucs-set', catId: 'anmldog', regions: [hits[0]!.id] });
    await ask({ type: 'ucs-set', catId: 'ANMLDog', regions: ['gone'] });
    await ask({ type: 'ucs-set', catId: 'ANMLDog', prompts: ['gone'] });
    expect(state().regions).to.equal(regions);
    expect(state().notices.map(({ message }) => message)).to.deep.equal([
      '“anmldog” is no CatID of the Universal Category System.',
      'These regions are not there any more.',
      'There is no such prompt any more.',
    ]);
  });

  it('are suggested by the engine as it is, as many as are wanted', async () => {
    expect(await earmark.suggestUcs('dog bark', { limit: 3 })).to.have.length(3);
    const many = await earmark.suggestUcs('dog bark', { limit: 50 });
    expect(many.map(({ catId }) => catId)).to.include('ANMLDog');
    await ask({ type: 'backend', backend: 'webgpu' });
    expect(await earmark.suggestUcs('dog bark')).to.have.length(5);
    expect(engines.made).to.have.length(2);
  });

  it('are not suggested for what is no label, and a model that fails says so', async () => {
    const codeOf = async (work: Promise<unknown>) => {
      const error: unknown = await work.catch((reason: unknown) => reason);
      return (error as EarmarkError).code;
    };
    expect(await codeOf(earmark.suggestUcs(7 as never))).to.equal('bad-option');
    expect(await codeOf(earmark.suggestUcs('dog', { limit: NaN }))).to.equal('bad-option');
    engines.controls.textError = new EarmarkError('worker-crashed', 'The worker stopped.');
    expect(await codeOf(earmark.suggestUcs('owl'))).to.equal('worker-crashed');
  });
});
