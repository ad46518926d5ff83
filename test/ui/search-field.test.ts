import { expect } from '@open-wc/testing';
import { FakeStore, makePrompt } from '../helpers/fake-store.js';
import { focused, mount, press, settle, streetStore, within } from './mount.js';

async function ask(field: Element, text: string): Promise<void> {
  const input = within(field, 'input.query') as HTMLInputElement;
  input.focus();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  press('Enter');
  await settle();
}
const query = (field: Element) => (within(field, 'input.query') as HTMLInputElement).value;

describe('earmark-search-field', () => {
  it('asks for what is typed on Enter', async () => {
    const store = new FakeStore();
    const field = await mount('earmark-search-field', store);
    await ask(field, '  dog   bark ');
    expect(store.requests).to.deep.equal([{ type: 'prompt-add', text: 'dog bark', polarity: 'target' }]);
  });

  it('takes "but not" for a contrast, alone or after a sound', async () => {
    const store = new FakeStore();
    const field = await mount('earmark-search-field', store);
    await ask(field, 'but not wind');
    await ask(field, 'dog bark But Not howling');
    await ask(field, 'but notation'.slice(0, 7));
    expect(store.requests).to.deep.equal([
      { type: 'prompt-add', text: 'wind', polarity: 'contrast' },
      { type: 'prompt-add', text: 'dog bark', polarity: 'target' },
      { type: 'prompt-add', text: 'howling', polarity: 'contrast' },
    ]);
  });

  it('asks for nothing when nothing is typed', async () => {
    const store = new FakeStore();
    const field = await mount('earmark-search-field', store);
    await ask(field, ' \t ');
    expect(store.requests).to.deep.equal([]);
  });

  it('keeps text that was refused, and clears it when it became a prompt', async () => {
    const store = new FakeStore();
    const field = await mount('earmark-search-field', store);
    const long = 'bark '.repeat(1000).trim();
    await ask(field, long);
    expect(query(field)).to.equal(long);
    await ask(field, 'Dog bark');
    store.set({ prompts: [makePrompt({ id: 'dog', text: 'dog bark' })] });
    await settle();
    expect(query(field)).to.equal('');
  });

  it('does not clear what was typed since', async () => {
    const store = new FakeStore();
    const field = await mount('earmark-search-field', store);
    await ask(field, 'dog bark');
    const input = within(field, 'input.query') as HTMLInputElement;
    input.value = 'dog bark outside';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    store.set({ prompts: [makePrompt({ id: 'dog', text: 'dog bark' })] });
    await settle();
    expect(query(field)).to.equal('dog bark outside');
  });

  it('walks from the empty field through the chips by key', async () => {
    const field = await mount('earmark-search-field', streetStore().store);
    within(field, 'input.query').focus();
    press('Backspace');
    expect(focused()?.textContent).to.contain('church bell');
    press('ArrowLeft');
    expect(focused()?.textContent).to.contain('dog bark');
    press('ArrowRight');
    press('ArrowRight');
    expect(focused()).to.equal(within(field, 'input.query'));
  });

  it('removes a chip by Delete, Backspace and its button', async () => {
    const { store } = streetStore();
    const field = await mount('earmark-search-field', store);
    for (const key of ['Delete', 'Backspace']) {
      within(field, '[data-id="bell"] .pick').focus();
      press(key);
    }
    within(field, '[data-id="dog"] .remove').click();
    expect(store.sent('prompt-remove').map(({ id }) => id)).to.deep.equal(['bell', 'bell', 'dog']);
  });

  it('edits a chip on F2 and on a double click; Escape changes nothing', async () => {
    const { store } = streetStore();
    const field = await mount('earmark-search-field', store);
    const edit = async (text: string, key: string) => {
      await settle();
      const input = within(field, '.edit') as HTMLInputElement;
      expect(focused()).to.equal(input);
      input.value = text;
      press(key);
      await settle();
    };
    within(field, '[data-id="dog"] .pick').focus();
    press('F2');
    await edit('big dog bark', 'Enter');
    within(field, '[data-id="bell"] .pick').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    await edit('bicycle bell', 'Escape');
    expect(store.sent('prompt-edit')).to.deep.equal([{ type: 'prompt-edit', id: 'dog', text: 'big dog bark' }]);
  });

  it('selects the hits of a clicked chip', async () => {
    const { store } = streetStore();
    const field = await mount('earmark-search-field', store);
    within(field, '[data-id="dog"] .pick').click();
    expect(store.sent('select')).to.deep.equal([{ type: 'select', ids: ['a', 'b', 'c', 'd'], active: 'a' }]);
  });

  it('tells no count before the whole recording was heard', async () => {
    const prompts = [makePrompt({ id: 'dog', presence: null, hitCount: 0 })];
    const field = await mount('earmark-search-field', streetStore({ prompts }).store);
    expect(within(field, '.chip').textContent).not.to.contain('0');
  });

  it('tells that there are none as soon as the whole recording was heard', async () => {
    const { store } = streetStore({ prompts: [makePrompt({ id: 'dog', presence: null, hitCount: 0 })] });
    const field = await mount('earmark-search-field', store);
    const presence = { present: false, score: 0 };
    store.set({ prompts: [makePrompt({ id: 'dog', presence, hitCount: 0 })] });
    await settle();
    expect(within(field, '.chip small').textContent).to.equal('0');
  });

  it('shows text as text', async () => {
    const prompts = [makePrompt({ id: 'x', text: '<img src=x onerror=alert(1)>' })];
    const field = await mount('earmark-search-field', streetStore({ prompts }).store);
    expect(field.shadowRoot!.querySelectorAll('img')).to.have.length(0);
    expect(within(field, '.chip').textContent).to.contain('<img src=x');
  });

  it('is accessible while a chip is edited and with one that failed', async () => {
    const prompts = [
      makePrompt({ id: 'dog' }),
      makePrompt({ id: 'odd', text: '💥', phase: 'failed', message: 'Name a sound in words.' }),
    ];
    const field = await mount('earmark-search-field', streetStore({ prompts }).store);
    within(field, '.pick').focus();
    press('F2');
    await settle();
    await expect(field).to.be.accessible();
  });
});
