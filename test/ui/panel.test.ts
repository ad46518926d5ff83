import { expect } from '@open-wc/testing';
import { FakeStore, makePrompt } from '../helpers/fake-store.js';
import { define } from '../../src/ui/define.js';
import { focused, mount, press, settle, streetState, streetStore, within } from './mount.js';
import type { EarmarkState } from '../../src/plugin/state.js';

const spoken = (panel: Element) => within(panel, '.panel > [role="status"]').textContent;
const said = () => new Promise((resolve) => setTimeout(resolve, 500));
const enter = (panel: Element) => within(panel, '.panel').focus();

describe('earmark-panel', () => {
  it('says what to do before its store arrives, and shows the store when it does', async () => {
    const panel = await mount('earmark-panel', null);
    expect(within(panel, 'earmark-timeline', '.empty').textContent).to.contain('Open a recording');
    panel.earmark = streetStore().store;
    await settle();
    expect(within(panel, 'earmark-timeline').shadowRoot!.querySelectorAll('earmark-curve-lane')).to.have.length(2);
    expect(within(panel, 'earmark-hit-list').shadowRoot!.querySelectorAll('.body [role="row"]')).to.have.length(4);
  });

  it('takes undefined for no store', async () => {
    const panel = await mount('earmark-panel', streetStore().store);
    (panel as { earmark: unknown }).earmark = undefined;
    await settle();
    expect(panel.earmark).to.equal(null);
    expect(within(panel, 'earmark-timeline', '.empty').textContent).to.contain('Open a recording');
  });

  it('refuses what is no Earmark, says what to give, and keeps the one it has', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store);
    for (const wrong of [5, 'earmark', true, {}, Promise.resolve(store), document.body]) {
      expect(() => ((panel as { earmark: unknown }).earmark = wrong))
        .to.throw('<earmark-panel>: “earmark” has to be what Earmark.create() or createEarmark() gave or null, not')
        .with.property('code', 'bad-option');
    }
    expect(panel.earmark).to.equal(store);
  });

  it('asks to type a sound when a recording is open and nothing is asked yet', async () => {
    const { store } = streetStore({ prompts: [], regions: [] });
    const panel = await mount('earmark-panel', store);
    expect(within(panel, 'earmark-timeline', '.empty').textContent).to.contain('Type a sound');
  });

  it('uses its keys only while the focus is inside', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store);
    expect(press('/')).to.equal(false);
    expect(press(']')).to.equal(false);
    expect(store.requests).to.deep.equal([]);
    enter(panel);
    expect(press('/')).to.equal(true);
    expect(focused()).to.equal(within(panel, 'earmark-search-field', 'input.query'));
  });

  it('leaves keys alone that are typed into the search field', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store);
    within(panel, 'earmark-search-field', 'input.query').focus();
    for (const key of ['a', 'x', 'l', '[', ']', ' ', '/', '?', 'Delete']) {
      expect(press(key), key).to.equal(false);
    }
    expect(press('z', { ctrlKey: true })).to.equal(false);
    expect(store.requests).to.deep.equal([]);
  });

  it('leaves Space and Enter to a focused button', async () => {
    const { store } = streetStore({ activeRegionId: 'b' });
    const panel = await mount('earmark-panel', store);
    within(panel, 'earmark-transport', 'button').focus();
    expect(press(' ')).to.equal(false);
    expect(press('Enter')).to.equal(false);
    expect(press(']')).to.equal(true);
  });

  it('plays, steps, undoes and redoes by key anywhere inside', async () => {
    const { store } = streetStore({ activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const panel = await mount('earmark-panel', store);
    enter(panel);
    press(' ');
    press('[');
    press(']');
    press('Enter');
    press('l');
    press('z', { ctrlKey: true });
    press('z', { metaKey: true });
    press('Z', { ctrlKey: true, shiftKey: true });
    press('y', { ctrlKey: true });
    expect(store.requests).to.deep.equal([
      { type: 'play-pause' },
      { type: 'step-region', direction: -1 },
      { type: 'step-region', direction: 1 },
      { type: 'play-region', id: 'b' },
      { type: 'loop-region', id: 'b' },
      { type: 'undo' },
      { type: 'undo' },
      { type: 'redo' },
      { type: 'redo' },
    ]);
  });

  it('knows keys that a keyboard types with AltGr', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store);
    enter(panel);
    press(']', { ctrlKey: true, altKey: true, modifierAltGraph: true });
    expect(store.requests).to.deep.equal([{ type: 'step-region', direction: 1 }]);
    expect(press(']', { ctrlKey: true })).to.equal(false);
  });

  it('shows the list of keys on ?', async () => {
    const panel = await mount('earmark-panel', streetStore().store);
    enter(panel);
    press('?');
    await customElements.whenDefined('earmark-keyboard-help');
    await settle();
    const help = within(panel, 'earmark-transport', '#help');
    expect(help.matches(':popover-open')).to.equal(true);
    expect(within(help, 'earmark-keyboard-help', 'dl').textContent).to.contain('accept');
  });

  it('asks nothing of a player that is not there', async () => {
    const store = new FakeStore({ ...streetState(), activeRegionId: 'b' });
    const panel = await mount('earmark-panel', store);
    enter(panel);
    for (const key of [' ', '[', ']', 'Enter', 'l']) press(key);
    expect(store.requests).to.deep.equal([]);
    expect(within(panel, 'earmark-transport').shadowRoot!.querySelectorAll('[part="play"]')).to.have.length(0);
  });

  it('offers suggestions that are not asked for already', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store, { suggestions: ['dog bark', 'door slam'] });
    const buttons = [...panel.shadowRoot!.querySelectorAll<HTMLElement>('.suggestions button')];
    expect(buttons.map((button) => button.textContent)).to.deep.equal(['door slam']);
    buttons[0]!.click();
    expect(store.requests).to.deep.equal([{ type: 'prompt-add', text: 'door slam' }]);
  });

  it('announces what was found, what was not, and what undo took back', async () => {
    const { store } = streetStore({ prompts: [] });
    const panel = await mount('earmark-panel', store);
    store.set({ prompts: streetState().prompts! });
    await said();
    expect(spoken(panel)).to.equal('4 hits for dog bark. church bell: not found in this recording.');
    store.set({ history: { undo: 'Reject 3 hits', redo: null } });
    await said();
    expect(spoken(panel)).to.equal('Reject 3 hits.');
    store.set({ history: { undo: null, redo: 'Reject 3 hits' } });
    await said();
    expect(spoken(panel)).to.equal('Undone: Reject 3 hits.');
  });

  it('announces where a drag of the sensitivity came to rest, not its way there', async () => {
    const { store } = streetStore();
    const panel = await mount('earmark-panel', store);
    const heard: string[] = [];
    new MutationObserver(() => heard.push(spoken(panel) ?? '')).observe(within(panel, '.panel > [role="status"]'), {
      childList: true,
      characterData: true,
      subtree: true,
    });
    for (const hitCount of [5, 6, 7, 8, 7]) {
      store.changePrompt('dog', { hitCount });
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await said();
    expect(heard).to.deep.equal(['7 hits for dog bark.']);
  });

  it('lets go of store and host when it leaves the page, and takes both up again', async () => {
    const { store, timeline } = streetStore();
    const panel = await mount('earmark-panel', store);
    const frame = panel.parentElement!;
    const attached = [store.subscriberCount, timeline.listenerCount];
    expect(attached[0]).to.be.greaterThan(0);
    expect(timeline.overlays.size).to.equal(1);
    panel.remove();
    expect([store.subscriberCount, timeline.listenerCount, timeline.overlays.size]).to.deep.equal([0, 0, 0]);
    store.set({ prompts: [makePrompt({ id: 'car', text: 'car passing' })] });
    frame.append(panel);
    await settle();
    expect(within(panel, 'earmark-search-field', '.chip').textContent).to.contain('car passing');
    expect([...attached].every((count, i) => [store.subscriberCount, timeline.listenerCount][i]! <= count)).to.equal(
      true,
    );
    expect(timeline.overlays.size).to.equal(1);
  });

  it('changes over to another store', async () => {
    const first = streetStore();
    const panel = await mount('earmark-panel', first.store);
    const second = streetStore({ prompts: [makePrompt({ id: 'car', text: 'car passing' })] });
    panel.earmark = second.store;
    await settle();
    expect([first.store.subscriberCount, first.timeline.listenerCount]).to.deep.equal([0, 0]);
    expect(within(panel, 'earmark-search-field', '.chip').textContent).to.contain('car passing');
  });

  it('shares a page with another panel without sharing its keys', async () => {
    const [left, right] = [streetStore(), streetStore()];
    const panel = await mount('earmark-panel', left.store);
    await mount('earmark-panel', right.store);
    enter(panel);
    press(']');
    expect(left.store.requests).to.have.length(1);
    expect(right.store.requests).to.have.length(0);
  });

  it('may be registered twice', () => {
    const registered = customElements.get('earmark-panel');
    define('earmark-panel', class extends HTMLElement {});
    expect(customElements.get('earmark-panel')).to.equal(registered);
  });

  const states: [string, Partial<EarmarkState>][] = [
    ['with nothing open', { source: null, prompts: [], regions: [], analysis: { phase: 'idle' } }],
    ['opening', { source: null, prompts: [], regions: [], analysis: { phase: 'opening' } }],
    [
      'with hits',
      { activeRegionId: 'b', selectedRegionIds: new Set(['b']), history: { undo: 'Accept hit', redo: null } },
    ],
    [
      'while analysing',
      { analysis: { phase: 'running', progress: { stage: 'analysing', fraction: 0.4, etaSeconds: 9 } }, regions: [] },
    ],
    ['stopped', { analysis: { phase: 'cancelled', fraction: 0.4 } }],
    ['failed', { analysis: { phase: 'failed', code: 'model-missing', message: 'No model. Try again.' } }],
    [
      'with messages',
      {
        notices: (['info', 'warning', 'error'] as const).map((level) => ({ id: level, level, message: `A ${level}.` })),
      },
    ],
  ];
  for (const scheme of ['light', 'dark']) {
    for (const [name, state] of states) {
      it(`is accessible ${name}, ${scheme}`, async () => {
        const panel = await mount('earmark-panel', streetStore(state).store);
        panel.parentElement!.style.cssText += `color-scheme: ${scheme}; background: ${scheme === 'dark' ? '#111316' : '#f5f6f8'}`;
        await settle();
        await expect(panel).to.be.accessible();
      });
    }
  }
});
