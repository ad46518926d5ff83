import { expect } from '@open-wc/testing';
import pocket from '../../models/pocket/model.json';
import type { KeptModelState, ModelOfferState, ModelsState } from '../../src/plugin/models-state.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { FAKE_MODEL } from '../helpers/fake-engine.js';
import { FakeStore } from '../helpers/fake-store.js';
import { mount, settle, streetStore, within } from './mount.js';

const COMMIT = '8e0e4d1f3b7a5c29d6f8a1b2c3d4e5f601234567';
const CLAP = { id: 'Xenova/clap-htsat-unfused', name: 'CLAP', licence: 'Apache-2.0', bytes: 163e6 } as const;
const FACTS = { ...CLAP, revision: COMMIT, from: 'huggingface.co', kind: 'hub' } as const;
const OFFER: ModelOfferState = { ...FACTS, bytes: 163_400_000, loaded: 0, isStated: true };
const KEPT: KeptModelState = { ...FACTS, key: 'abc', isComplete: true };

const MODELS: ModelsState = {
  current: 'pocket',
  own: null,
  fine: false,
  known: [{ ...CLAP, betterAt: 'Free descriptions of sounds.' }],
  kept: [],
  isAsking: false,
  offer: null,
  download: null,
  failure: null,
  freeBytes: 2e9,
};

async function mountPicker(change: Partial<ModelsState> = {}, state: Partial<EarmarkState> = {}) {
  await import('../../src/ui/tools/model/model-details.js');
  const store = new FakeStore({ models: { ...MODELS, ...change }, ...state });
  const picker = await mount('earmark-model-picker', store);
  const text = () => picker.shadowRoot!.textContent!.replaceAll(/\s+/g, ' ');
  const button = (words: string) =>
    [...picker.shadowRoot!.querySelectorAll('button')].find((each) => each.textContent?.trim().startsWith(words))!;
  return { store, picker, text, button };
}

const words = (element: Element) => element.textContent!.replaceAll(/\s+/g, ' ').trim();

describe('the model picker', () => {
  it('comes with the details of the model, and asks which models there are only then', async () => {
    const { store } = streetStore();
    const status = await mount('earmark-status', store);
    expect(status.shadowRoot!.querySelector('earmark-model-picker')).to.equal(null);
    within(status, 'button.chip').click();
    await customElements.whenDefined('earmark-model-picker');
    await settle();
    expect(store.sent('model-list')).to.have.length(1);
  });

  it('tells what Pocket takes', async () => {
    const bytes = pocket.files.reduce((sum, file) => sum + file.bytes, 0);
    expect((await mountPicker()).text()).to.contain(`MIT · ${Math.round(bytes / 1e6)} MB`);
  });

  it('says before anything is asked for what a model is, its licence and size, and whom it would ask', async () => {
    const { store, picker, text, button } = await mountPicker();
    expect(text()).to.contain('CLAP Apache-2.0 · about 163 MB').and.to.contain('Free descriptions of sounds.');
    expect(text()).to.contain('asks huggingface.co').and.to.contain('Nothing is downloaded before you say so');
    expect(text()).to.contain('not with the original ones');
    await expect(picker).to.be.accessible();
    button('Get').click();
    expect(store.sent('model-offer')).to.deep.equal([{ type: 'model-offer', from: { hub: CLAP.id } }]);
  });

  it('asks the mirror instead, and says so', async () => {
    const { store, picker, text, button } = await mountPicker();
    within(picker, 'summary').click();
    const host = within(picker, '#host') as HTMLInputElement;
    host.value = 'hf-mirror.com';
    host.dispatchEvent(new Event('change'));
    await settle();
    expect(text()).to.contain('asks hf-mirror.com');
    button('Get').click();
    expect(store.sent('model-offer')[0]?.from).to.deep.equal({ hub: CLAP.id, host: 'hf-mirror.com' });
  });

  it('tells bytes, place, revision and licence, and downloads when that is pressed', async () => {
    const { store, picker, text, button } = await mountPicker({ offer: { ...OFFER, loaded: 63_400_000 } });
    expect(text()).to.contain('CLAP: 163.4 MB from huggingface.co');
    expect(text()).to.contain('Licence: Apache-2.0').and.to.contain('revision 8e0e4d1').and.to.contain('63.4 MB of it');
    await expect(picker).to.be.accessible();
    button('Download 100 MB and use').click();
    button('Not now').click();
    expect(store.requests.slice(1)).to.deep.equal([{ type: 'model-download' }, { type: 'model-cancel' }]);
  });

  it('warns when there is no room, and where no hashes are stated', async () => {
    const { text } = await mountPicker({ offer: { ...OFFER, kind: 'url', isStated: false }, freeBytes: 50e6 });
    expect(text()).to.contain('only about 50 MB left').and.to.contain('states no hashes');
  });

  it('shows how far the download is, in the status line too, and cancels it', async () => {
    const download = { name: 'CLAP', loaded: 40e6, total: 160e6, isWaiting: false };
    const { store, picker, text, button } = await mountPicker({ download });
    expect(text()).to.contain('CLAP: 40 MB of 160 MB');
    expect((within(picker, 'progress') as HTMLProgressElement).position).to.equal(0.25);
    button('Cancel').click();
    expect(store.sent('model-cancel')).to.have.length(1);
    const chip = within(await mount('earmark-status', store), 'button.chip');
    expect(words(chip)).to.equal('CLAP 25%');
    store.set({ model: { phase: 'loading', asked: 'pocket', descriptor: null, choice: null } });
    await settle();
    expect(words(chip)).to.equal('Pocket CLAP · 25%');
  });

  it('says so when nothing arrives any more', async () => {
    const download = { name: 'CLAP', loaded: 40e6, total: 160e6, isWaiting: true };
    const { text } = await mountPicker({ download });
    expect(text()).to.contain('Nothing is arriving').and.to.contain('what has arrived is kept');
  });

  it('names a failure, and goes back to Pocket by one press', async () => {
    const failure = { message: 'huggingface.co cannot be reached.', code: 'model-missing' } as const;
    const { store, picker, text, button } = await mountPicker({ failure, current: 'abc', kept: [KEPT] });
    expect(within(picker, '[role="alert"]').textContent).to.contain(failure.message);
    expect(text()).to.contain('in use');
    button('Back to Pocket').click();
    expect(store.sent('model-use')).to.deep.equal([{ type: 'model-use', model: 'pocket' }]);
  });

  it('offers the way back when the model in use cannot be loaded', async () => {
    const model = { phase: 'failed', asked: { kept: 'abc' }, descriptor: null, choice: null } as const;
    const { button } = await mountPicker({ current: 'abc', kept: [KEPT] }, { model });
    expect(button('Back to Pocket')).to.be.instanceOf(HTMLButtonElement);
  });

  it('gets a model again that the browser has removed', async () => {
    const model = { phase: 'failed', asked: { kept: 'abc' }, descriptor: null, choice: null } as const;
    const { store, picker, button } = await mountPicker({ current: 'gone' }, { model });
    await expect(picker).to.be.accessible();
    button('Get it again').click();
    button('Back to Pocket').click();
    expect(store.requests.slice(1)).to.deep.equal([{ type: 'model-offer' }, { type: 'model-use', model: 'pocket' }]);
  });

  it('offers both ways out where the analysis failed for want of the model, and opens for the answer', async () => {
    const { store } = streetStore();
    const message = 'The model that you chose is not on this device any more.';
    store.set({ analysis: { phase: 'failed', code: 'model-incomplete', message } });
    const notices = await mount('earmark-notices', store);
    const buttons = [...notices.shadowRoot!.querySelectorAll<HTMLButtonElement>('[role="alert"] button')];
    expect(buttons.map((each) => each.textContent?.trim())).to.deep.equal(['Get it…', 'Use Pocket']);
    for (const each of buttons) each.click();
    expect(store.requests).to.deep.equal([{ type: 'model-offer' }, { type: 'model-use', model: 'pocket' }]);
    const status = await mount('earmark-status', store);
    const details = within(status, '#details');
    expect(details.matches(':popover-open')).to.equal(false);
    store.set({ models: { ...MODELS, isAsking: true } });
    await settle();
    expect(details.matches(':popover-open')).to.equal(true);
    details.hidePopover();
    store.set({ models: { ...MODELS, offer: OFFER } });
    await settle();
    expect(details.matches(':popover-open'), 'closed by the user').to.equal(false);
  });

  it('lists the page’s own model, to go back to', async () => {
    const own = { key: 'https://example.org/own/', name: 'own' };
    const { store, picker, text } = await mountPicker({ own });
    expect(text()).to.contain('What this page begins with');
    within(picker, '[aria-label="Use own"]').click();
    expect(store.sent('model-use')).to.deep.equal([{ type: 'model-use', model: own.key }]);
  });

  it('switches fine mode for models of windows, marked as unverified; what it takes is told first', async () => {
    const descriptor = { ...FAKE_MODEL, kind: 'windows' } as const;
    const model = { phase: 'ready', asked: { kept: 'abc' }, descriptor, choice: null } as const;
    const pocket = await mountPicker({}, { model });
    expect(pocket.text()).not.to.contain('Fine mode');
    const { store, picker, text, button } = await mountPicker(
      { current: 'abc', kept: [KEPT], offer: { ...OFFER, adds: 'fine', bytes: 281e6, loaded: 163e6 } },
      { model },
    );
    expect(text()).to.contain('unverified on real weights').and.to.contain('Fine mode needs another file of CLAP');
    expect(button('Download')!.textContent).to.contain('118 MB');
    await expect(picker).to.be.accessible();
    within(picker, 'input[type="checkbox"]').click();
    expect(store.sent('model-fine')).to.deep.equal([{ type: 'model-fine', fine: true }]);
    store.set({ models: { ...MODELS, current: 'abc', kept: [KEPT], fine: true } });
    await settle();
    expect(text()).to.contain('Not possible with the files of this model');
  });

  it('changes to a kept model, goes on with one that is not whole, and deletes', async () => {
    const half: KeptModelState = { ...KEPT, key: 'def', id: 'other', name: 'Other', isComplete: false };
    const { store, picker, text, button } = await mountPicker({ kept: [KEPT, half] });
    expect(text()).to.contain('326 MB of models are kept on this device.');
    expect(text()).to.contain('Free descriptions of sounds.', 'what it is better at, after it was chosen, too');
    expect(text()).to.contain('Pocket MIT · 9 MB');
    expect(text()).to.contain('not all of it is here');
    expect(text()).not.to.contain('about 163 MB');
    within(picker, '[aria-label="Use CLAP"]').click();
    button('Go on').click();
    within(picker, '[aria-label="Delete Other from this device"]').click();
    expect(store.requests.slice(1)).to.deep.equal([
      { type: 'model-use', model: 'abc' },
      { type: 'model-offer', from: { kept: 'def' } },
      { type: 'model-delete', model: 'def' },
    ]);
  });

  it('takes the address of a folder, and the files of a chosen one', async () => {
    const { store, picker, button } = await mountPicker();
    within(picker, 'summary').click();
    (within(picker, '#url') as HTMLInputElement).value = 'https://example.org/clap/';
    button('Look').click();
    const input = within(picker, '#folder') as HTMLInputElement;
    const file = new File(['{}'], 'config.json');
    Object.defineProperty(file, 'webkitRelativePath', { value: 'clap/config.json' });
    Object.defineProperty(input, 'files', { value: [file] });
    input.dispatchEvent(new Event('change'));
    expect(store.sent('model-offer').map(({ from }) => from)).to.deep.equal([
      { url: 'https://example.org/clap/' },
      { folder: [{ path: 'clap/config.json', file }] },
    ]);
  });
});
