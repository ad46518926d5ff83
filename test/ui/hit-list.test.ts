import { expect } from '@open-wc/testing';
import { FakeStore, FakeTimeline, makeRegion } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import { focused, mount, press, settle, streetState, streetStore, within } from './mount.js';
import type { HitListElement } from '../../src/ui/index.js';

const rows = (list: HitListElement) => [...list.shadowRoot!.querySelectorAll<HTMLElement>('.body [role="row"]')];
const ids = (list: HitListElement) => rows(list).map((row) => within(row, '.start').textContent);
const cell = (list: HitListElement, row: number, kind = 'start') => within(rows(list)[row]!, `.${kind}`);
const row = () => focused()?.closest<HTMLElement>('[role="row"]')?.getAttribute('aria-rowindex');

async function keys(...presses: (string | [string, KeyboardEventInit])[]): Promise<void> {
  for (const entry of presses) {
    const [key, modifiers] = typeof entry === 'string' ? [entry, {}] : entry;
    press(key, modifiers);
    await settle();
  }
}

function manyHits(count: number): FakeStore {
  const regions = Array.from({ length: count }, (_, i) => makeRegion({ id: `h${i}`, start: i, end: i + 0.5 }));
  return new FakeStore({ ...streetState(), regions }, new FakeTimeline(count));
}

describe('earmark-hit-list', () => {
  it('is one stop for Tab, and arrows go through rows and cells', async () => {
    const { store } = streetStore();
    const list = await mount('earmark-hit-list', store);
    const stops = () => list.shadowRoot!.querySelectorAll('[tabindex="0"]');
    expect(stops()).to.have.length(1);
    cell(list, 0).focus();
    await keys('ArrowDown');
    expect(row()).to.equal('2');
    await keys('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
    expect(row()).to.equal('4');
    expect(focused()).to.equal(cell(list, 2, 'label'));
    expect(stops()).to.have.length(1);
    await keys('End');
    expect(row()).to.equal('5');
    await keys('Home', 'ArrowUp');
    expect(focused()?.textContent).to.contain('Label');
    expect(store.getState().activeRegionId).to.equal('a');
  });

  it('plays, loops, accepts, rejects, deletes the active hit', async () => {
    const { store } = streetStore({ activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const list = await mount('earmark-hit-list', store);
    cell(list, 1).focus();
    await keys('Enter', 'l', 'a', 'A', 'x', 'Delete', 'Backspace');
    expect(store.requests).to.deep.equal([
      { type: 'play-region', id: 'b' },
      { type: 'loop-region', id: 'b' },
      { type: 'region-status', ids: ['b'], status: 'accepted' },
      { type: 'region-status', ids: ['b'], status: 'candidate' },
      { type: 'region-status', ids: ['b'], status: 'rejected' },
      { type: 'region-delete', ids: ['b'] },
      { type: 'region-delete', ids: ['b'] },
    ]);
  });

  it('keeps the keyboard when the focused hit is deleted, the last one too', async () => {
    const { store } = streetStore({ activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const list = await mount('earmark-hit-list', store);
    const remove = async (...gone: string[]) => {
      const regions = store.getState().regions.filter(({ id }) => !gone.includes(id));
      store.set({ regions, activeRegionId: null, selectedRegionIds: new Set() });
      await settle();
    };
    cell(list, 1).focus();
    await remove('b');
    expect(store.getState().activeRegionId).to.equal('c');
    expect(focused()).to.equal(cell(list, 1));
    await remove('a', 'c', 'd');
    expect(focused()).to.equal(within(list, '.empty'));
  });

  it('says of each hit in words whether it was accepted or rejected', async () => {
    const list = await mount('earmark-hit-list', streetStore().store);
    expect(cell(list, 0, 'status').textContent).to.contain('accepted');
    expect(cell(list, 2, 'status').textContent).to.contain('rejected');
    expect(getComputedStyle(within(rows(list)[2]!, '.name')).textDecorationLine).to.equal('line-through');
  });

  it('selects several with Shift and Ctrl, and edits them together', async () => {
    const { store } = streetStore({ activeRegionId: 'a', selectedRegionIds: new Set(['a']) });
    const list = await mount('earmark-hit-list', store);
    cell(list, 0).click();
    await settle();
    await keys(['ArrowDown', { shiftKey: true }], ['ArrowDown', { shiftKey: true }]);
    expect([...store.getState().selectedRegionIds]).to.deep.equal(['a', 'b', 'c']);
    cell(list, 1).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, ctrlKey: true }));
    await settle();
    expect([...store.getState().selectedRegionIds]).to.deep.equal(['a', 'c']);
    cell(list, 0).click();
    cell(list, 3).dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, shiftKey: true }));
    await settle();
    await keys('x');
    expect(store.sent('region-status').at(-1)?.ids).to.deep.equal(['a', 'b', 'c', 'd']);
    await keys(['a', { ctrlKey: true }]);
    expect(store.getState().selectedRegionIds.size).to.equal(4);
  });

  it('renames in place on F2; Enter keeps, Escape does not, and the focus goes back to the row', async () => {
    const { store } = streetStore({ activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const list = await mount('earmark-hit-list', store);
    cell(list, 1).focus();
    await keys('F2');
    (within(list, '.label input') as HTMLInputElement).value = 'big dog';
    await keys('a');
    expect(store.sent('region-status')).to.deep.equal([]);
    await keys('Enter');
    expect(store.sent('region-rename')).to.deep.equal([{ type: 'region-rename', ids: ['b'], label: 'big dog' }]);
    expect(row()).to.equal('3');
    await keys('F2');
    (within(list, '.label input') as HTMLInputElement).value = 'other';
    await keys('Escape');
    expect(store.sent('region-rename')).to.have.length(1);
    expect(row()).to.equal('3');
  });

  it('nudges the edges of what is selected by key, keys in a row are one edit, and says where they are then', async () => {
    const { store } = streetStore({ activeRegionId: 'a', selectedRegionIds: new Set(['a', 'b']) });
    const list = await mount('earmark-hit-list', store);
    cell(list, 0).focus();
    const left: [string, KeyboardEventInit] = ['ArrowLeft', { altKey: true }];
    await keys(left, left, ['ArrowRight', { altKey: true, shiftKey: true }]);
    await waitUntil('both edits are closed', () => store.sent('region-nudge').length === 5);
    await settle();
    const nudges = store.sent('region-nudge').map(({ part, by, transient }) => [part, by, transient ?? false]);
    expect(nudges).to.deep.equal([
      ['start', -10, true],
      ['start', -10, true],
      ['start', 0, false],
      ['end', 10, true],
      ['end', 0, false],
    ]);
    expect(store.sent('region-nudge').every(({ ids: meant }) => meant.join('') === 'ab')).to.equal(true);
    expect(within(list, '[role="status"]').textContent).to.equal('0:04.000 to 0:04.500');
  });

  it('sorts by every column, both ways, and says so', async () => {
    const list = await mount('earmark-hit-list', streetStore().store);
    const head = (name: string) => within(list, `.head .${name}`);
    within(head('score'), 'button').click();
    await settle();
    expect(head('score').getAttribute('aria-sort')).to.equal('descending');
    expect(head('start').hasAttribute('aria-sort')).to.equal(false);
    expect(ids(list)).to.deep.equal(['0:04.000', '0:24.000', '0:11.000', '0:19.000']);
    within(head('score'), 'button').click();
    await settle();
    expect(ids(list)[0]).to.equal('0:19.000');
    within(head('length'), 'button').click();
    await settle();
    expect(ids(list)).to.deep.equal(['0:19.000', '0:04.000', '0:11.000', '0:24.000']);
  });

  it('plays a hit on a double click', async () => {
    const { store } = streetStore();
    const list = await mount('earmark-hit-list', store);
    cell(list, 3).dispatchEvent(new MouseEvent('dblclick', { bubbles: true, composed: true }));
    expect(store.sent('play-region')).to.deep.equal([{ type: 'play-region', id: 'd' }]);
  });

  it('has buttons for those without a keyboard', async () => {
    const { store } = streetStore();
    const list = await mount('earmark-hit-list', store);
    within(rows(list)[1]!, 'button.accepted').click();
    within(rows(list)[1]!, 'button.rejected').click();
    expect(store.requests).to.deep.equal([
      { type: 'region-status', ids: ['b'], status: 'accepted' },
      { type: 'region-status', ids: ['b'], status: 'rejected' },
    ]);
  });

  it('marks the hit under the playhead, also while it plays on', async () => {
    const { store, timeline } = streetStore();
    const list = await mount('earmark-hit-list', store);
    const current = () => rows(list).map((element) => element.getAttribute('aria-current'));
    timeline.seek(11.5);
    await settle();
    expect(current()).to.deep.equal([null, 'time', null, null]);
    timeline.seek(13);
    await settle();
    expect(current()).to.deep.equal([null, null, null, null]);
  });

  it('takes the focus along when the next hit is stepped to', async () => {
    const { store } = streetStore({ activeRegionId: 'a', selectedRegionIds: new Set(['a']) });
    const list = await mount('earmark-hit-list', store);
    cell(list, 0).focus();
    store.set({ activeRegionId: 'd', selectedRegionIds: new Set(['d']) });
    await settle();
    expect(row()).to.equal('5');
  });

  it('leaves the focus where it is when it is elsewhere', async () => {
    const { store } = streetStore({ activeRegionId: 'a' });
    await mount('earmark-hit-list', store);
    store.set({ activeRegionId: 'd' });
    await settle();
    expect(document.activeElement).to.equal(document.body);
  });

  it('keeps 5,000 hits fluid: few rows in the document, all reachable', async () => {
    const store = manyHits(5000);
    const list = await mount('earmark-hit-list', store);
    expect(rows(list).length).to.be.lessThan(80);
    expect(within(list, '.grid').getAttribute('aria-rowcount')).to.equal('5001');
    cell(list, 0).focus();
    const before = performance.now();
    await keys('ArrowDown', 'End');
    expect(performance.now() - before).to.be.lessThan(600);
    expect(row()).to.equal('5001');
    expect(focused()!.getBoundingClientRect().bottom).to.be.at.most(
      within(list, '.grid').getBoundingClientRect().bottom,
    );
    expect(rows(list).length).to.be.lessThan(80);
  });

  it('keeps the focused row in the document when it is scrolled away', async () => {
    const list = await mount('earmark-hit-list', manyHits(5000));
    cell(list, 0).focus();
    await keys('ArrowDown');
    const before = focused();
    within(list, '.grid').scrollTop = 60_000;
    await settle();
    expect(focused()).to.equal(before);
    expect(rows(list).some((element) => Number(element.dataset['index']) > 1500)).to.equal(true);
  });

  it('renders nothing new while the playhead moves within one hit', async () => {
    const { store, timeline } = streetStore();
    const list = await mount('earmark-hit-list', store);
    timeline.seek(11.2);
    await settle();
    let mutations = 0;
    const observer = new MutationObserver((records) => (mutations += records.length));
    observer.observe(list.shadowRoot!, { childList: true, attributes: true, characterData: true, subtree: true });
    for (const time of [11.3, 11.4, 11.5]) timeline.seek(time);
    await settle();
    expect(mutations).to.equal(0);
    observer.disconnect();
  });

  it('does not say "no hits" before everything has been heard', async () => {
    const running = {
      regions: [],
      analysis: { phase: 'running', progress: { stage: 'analysing', fraction: 0.1, etaSeconds: null } },
    } as const;
    const { store } = streetStore(running);
    const list = await mount('earmark-hit-list', store);
    expect(within(list, '.empty').textContent).not.to.contain('No hits');
    store.set({ analysis: { phase: 'done', elapsedSeconds: 1, fromCache: false, kept: true } });
    await settle();
    expect(within(list, '.empty').textContent).to.contain('No hits');
  });

  it('is accessible empty, full and while renaming', async () => {
    const { store } = streetStore({ activeRegionId: 'b', selectedRegionIds: new Set(['b']) });
    const list = await mount('earmark-hit-list', store);
    await expect(list).to.be.accessible();
    cell(list, 1).focus();
    await keys('F2');
    await expect(list).to.be.accessible();
    store.set({ regions: [] });
    await settle();
    await expect(list).to.be.accessible();
  });
});
