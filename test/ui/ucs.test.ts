import { expect } from '@open-wc/testing';
import type { FakeStore } from '../helpers/fake-store.js';
import { makePrompt } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { searchUcs } from '../../src/ui/tools/ucs/ucs-search.js';
import { focused, mount, press, settle, streetStore, within } from './mount.js';

async function mountTool(change: Partial<EarmarkState> = {}) {
  const { store } = streetStore(change);
  store.suggestions.set('dog bark', ['ANMLDog', 'ANMLWdog', 'MOVEAnml', 'FEETAnml']);
  const tool = await mount('earmark-ucs', store);
  await settle();
  const pickers = () => [...tool.shadowRoot!.querySelectorAll('earmark-ucs-picker')];
  return { store, tool, pickers };
}

const field = (picker: Element) => within(picker, 'input') as HTMLInputElement;
const options = (picker: Element) => [...picker.shadowRoot!.querySelectorAll<HTMLElement>('.option')];
const shown = (picker: Element) => options(picker).map((option) => within(option, 'b').textContent);
const asked = (store: FakeStore) => store.sent('ucs-set');

async function type(picker: Element, text: string): Promise<void> {
  const input = field(picker);
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await settle();
}

describe('the search for a UCS category', () => {
  it('goes through CatIDs, categories and subcategories, the closest first', () => {
    const found = (query: string) => searchUcs(query).map(({ catId }) => catId);
    expect(found('anmld')).to.deep.equal(['ANMLDog']);
    expect(found('dog')[0]).to.equal('ANMLDog');
    expect(found(' car  VEHICLES ')[0]).to.equal('VEHCar');
    expect(found('horn')).to.include.members(['VEHHorn', 'TRNHorn', 'HORNAir']);
    expect(found('horn').indexOf('HORNAir')).to.equal(0);
    expect(found('&')).to.include('DIRTDust');
    expect(found('no such thing')).to.deep.equal([]);
  });
});

describe('the tool for UCS categories', () => {
  before(() => import('../../src/ui/tools/ucs/ucs-tool.js'));

  it('files a sound under a suggestion by one press, and takes it back', async () => {
    const { store, tool } = await mountTool();
    const button = (text: string) =>
      [...tool.shadowRoot!.querySelectorAll('button')].find((each) => each.textContent?.trim() === text)!;
    button('ANMLDog').click();
    await settle();
    expect(asked(store)).to.deep.equal([{ type: 'ucs-set', catId: 'ANMLDog', prompts: ['dog'] }]);
    expect(tool.shadowRoot!.textContent).to.contain('ANIMALS · DOG');
    tool.shadowRoot!.querySelector<HTMLElement>('[aria-label="Take the category of dog bark back"]')!.click();
    expect(asked(store)[1]).to.deep.equal({ type: 'ucs-set', catId: null, prompts: ['dog'] });
  });

  it('finds any category by keys alone', async () => {
    const { store, tool, pickers } = await mountTool();
    tool.focus();
    await settle();
    const picker = pickers()[0]!;
    expect(focused()).to.equal(field(picker));
    press('ArrowDown');
    await settle();
    expect(shown(picker).slice(0, 4)).to.deep.equal(['ANMLDog', 'ANMLWdog', 'MOVEAnml', 'FEETAnml']);
    expect(shown(picker)).to.have.length(752 + 4);
    await type(picker, 'dog');
    expect(shown(picker).slice(0, 2)).to.deep.equal(['ANMLDog', 'ANMLWdog']);
    press('ArrowDown');
    await settle();
    const active = field(picker).getAttribute('aria-activedescendant');
    expect(within(picker, `#${active}`).textContent).to.contain('ANMLWdog');
    press('Enter');
    await settle();
    expect(asked(store)).to.deep.equal([{ type: 'ucs-set', catId: 'ANMLWdog', prompts: ['dog'] }]);
    expect(field(picker).value).to.equal('ANMLWdog');
    expect(field(picker).getAttribute('aria-expanded')).to.equal('false');
  });

  it('keeps what was chosen when the search is left, and takes it back by Enter in the empty field', async () => {
    const { store, pickers } = await mountTool({ prompts: [makePrompt({ id: 'dog', ucs: 'ANMLDog' })] });
    const picker = pickers()[0]!;
    expect(field(picker).value).to.equal('ANMLDog');
    field(picker).focus();
    await type(picker, 'horn');
    expect(press('Escape')).to.equal(true);
    await settle();
    expect(field(picker).value).to.equal('ANMLDog');
    expect(press('Escape'), 'a second Escape is for whoever closes the tool').to.equal(false);
    await type(picker, 'horn');
    field(picker).blur();
    await settle();
    expect(field(picker).value).to.equal('ANMLDog');
    field(picker).focus();
    await type(picker, '');
    press('Enter');
    expect(asked(store)).to.deep.equal([{ type: 'ucs-set', catId: null, prompts: ['dog'] }]);
  });

  it('says so where nothing is found, and Enter chooses nothing', async () => {
    const { store, pickers } = await mountTool();
    const picker = pickers()[0]!;
    field(picker).focus();
    await type(picker, 'qwertz');
    expect(within(picker, '.none').textContent?.trim()).to.equal('No category has these words.');
    press('Enter');
    expect(asked(store)).to.deep.equal([]);
  });

  it('files the selected hits, which else have the category of their sound', async () => {
    const prompts = [makePrompt({ id: 'dog', ucs: 'ANMLDog' })];
    const { store, tool, pickers } = await mountTool({ prompts, selectedRegionIds: new Set(['a', 'b']) });
    const picker = pickers()[0]!;
    expect(tool.shadowRoot!.textContent).to.contain('The 2 selected hits');
    expect(field(picker).placeholder).to.equal('ANMLDog');
    field(picker).focus();
    await type(picker, 'wild');
    options(picker)
      .find((option) => option.textContent?.includes('ANMLWdog'))!
      .click();
    await settle();
    expect(asked(store)).to.deep.equal([{ type: 'ucs-set', catId: 'ANMLWdog', regions: ['a', 'b'] }]);
    store.dispatch({ type: 'select', ids: ['a', 'c'], active: 'a' });
    await settle();
    expect(field(picker).value).to.equal('');
    expect(field(picker).placeholder).to.equal('several');
  });

  it('files a class of the split', async () => {
    const dog = { id: 'c1', label: 'barking', texts: ['dog bark'], silence: false, color: 3, hidden: false } as const;
    const wind = { ...dog, id: 'c2', label: 'wind', hidden: true };
    const classes = [dog, wind].map((one) => ({ ...one, phase: 'ready' as const }));
    const split = { classes, mode: 'exclusive', switchingCost: 0.4, segments: [], complete: true } as const;
    const { store, tool, pickers } = await mountTool({ prompts: [], split });
    expect(tool.shadowRoot!.textContent).to.contain('barking').and.not.contain('wind');
    const picker = pickers()[0]!;
    field(picker).focus();
    await type(picker, 'anmldog');
    press('Enter');
    expect(asked(store)).to.deep.equal([{ type: 'ucs-set', catId: 'ANMLDog', classes: ['c1'] }]);
  });

  it('tells why there are no suggestions, and still finds categories', async () => {
    const { store } = streetStore();
    store.suggestUcs = () => Promise.reject(new Error('The model could not be loaded. Try again.'));
    const tool = await mount('earmark-ucs', store);
    await waitUntil('it says so', () => tool.shadowRoot!.textContent!.includes('The model could not be loaded.'));
    const picker = tool.shadowRoot!.querySelector('earmark-ucs-picker')!;
    field(picker).focus();
    await type(picker, 'dog');
    expect(shown(picker)[0]).to.equal('ANMLDog');
  });

  it('opens from anywhere in the panel', async () => {
    const { store } = streetStore();
    const tools = await mount('earmark-tools', store);
    const button = await waitForButton(tools, 'Category');
    button.click();
    await waitUntil('it is open', () => tools.shadowRoot!.querySelector('earmark-ucs') !== null);
    expect(button.getAttribute('aria-expanded')).to.equal('true');
  });

  it('is accessible, closed and open', async () => {
    const { tool, pickers } = await mountTool({ selectedRegionIds: new Set(['a']) });
    await expect(tool).to.be.accessible();
    field(pickers()[0]!).focus();
    await type(pickers()[0]!, 'dog');
    await expect(tool).to.be.accessible();
    await type(pickers()[0]!, '');
    await expect(tool).to.be.accessible();
  });
});

async function waitForButton(root: Element, text: string): Promise<HTMLElement> {
  const find = () =>
    [...root.shadowRoot!.querySelectorAll('button')].find((button) => button.textContent?.trim() === text);
  await waitUntil(`there is a button “${text}”`, () => find() !== undefined);
  return find()!;
}
