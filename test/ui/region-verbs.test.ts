import { expect } from '@open-wc/testing';
import type { EarmarkState } from '../../src/plugin/state.js';
import type { RegionVerbsElement } from '../../src/ui/index.js';
import { waitUntil } from '../helpers/wait-until.js';
import { focused, mount, press, replaceMethod, settle, streetStore, within } from './mount.js';

const selection = (...ids: string[]): Partial<EarmarkState> => ({
  selectedRegionIds: new Set(ids),
  activeRegionId: ids[0] ?? null,
});
const buttons = (bar: RegionVerbsElement) => [...bar.shadowRoot!.querySelectorAll('button')];
const button = (bar: RegionVerbsElement, name: string) => {
  const found = buttons(bar).find((each) => [each.textContent.trim(), each.ariaLabel].includes(name));
  if (!found) throw new Error(`There is no button ${name}.`);
  return found;
};

describe('earmark-region-verbs', () => {
  it('does what it says with the selection', async () => {
    const { store } = streetStore(selection('a', 'b'));
    const bar = await mount('earmark-region-verbs', store);
    expect(within(bar, '.about').textContent).to.equal('2 selected');
    for (const name of ['Silence', 'Merge', 'Snap', 'Delete', 'Split']) button(bar, name).click();
    const ids = ['a', 'b'];
    expect(store.requests).to.deep.equal([
      { type: 'region-silence', ids },
      { type: 'region-merge', ids },
      { type: 'region-snap', ids },
      { type: 'region-delete', ids },
      { type: 'region-split' },
    ]);
  });

  it('says how to begin, and all of it where there is little room', async () => {
    const { store } = streetStore();
    const bar = await mount('earmark-region-verbs', store);
    bar.parentElement!.style.width = '396px';
    await settle();
    const row = within(bar, '.bar');
    expect(within(bar, '.about').textContent).to.contain('Shift and drag');
    expect(row.scrollWidth).to.be.at.most(row.clientWidth);
  });

  it('keeps one row where there is little room, and shades the edge behind which there is more', async () => {
    const bar = await mount('earmark-region-verbs', streetStore(selection('a')).store);
    const row = within(bar, '.bar');
    const height = row.clientHeight;
    bar.parentElement!.style.width = '396px';
    await settle();
    expect(row.scrollWidth).to.be.above(row.clientWidth);
    expect(row.clientHeight).to.be.at.most(height);
    // What is drawn at the ends of all there is covers what is drawn at the edges of what is seen.
    expect(getComputedStyle(row).backgroundAttachment).to.equal('local, local, scroll, scroll');
  });

  it('splits of the selection what lies under the playhead', async () => {
    const { store, timeline } = streetStore(selection('a', 'b'));
    const bar = await mount('earmark-region-verbs', store);
    timeline.seek(11.5);
    button(bar, 'Split').click();
    expect(store.sent('region-split').at(-1)?.ids).to.deep.equal(['b']);
  });

  it('says how to draw while nothing is selected, and cannot merge one region', async () => {
    const { store } = streetStore();
    const bar = await mount('earmark-region-verbs', store);
    expect(within(bar, '.about').textContent).to.contain('Shift and drag');
    expect(buttons(bar)).to.have.length(1);
    store.set(selection('a'));
    await settle();
    expect(within(bar, '.about').textContent).to.equal('dog bark');
    expect(button(bar, 'Merge').disabled).to.equal(true);
  });

  it('renames the selection, or copies it to a sound that is searched for', async () => {
    const { store } = streetStore(selection('a', 'b'));
    const bar = await mount('earmark-region-verbs', store);
    button(bar, 'Rename…').click();
    await settle();
    const field = within(bar, 'form input') as HTMLInputElement;
    expect(focused()).to.equal(field);
    expect([...bar.shadowRoot!.querySelectorAll('option')].map(({ value }) => value)).to.include('church bell');
    field.value = 'church bell';
    button(bar, 'Copy').click();
    await settle();
    expect(bar.shadowRoot!.querySelector('form')).to.equal(null);
    button(bar, 'Rename…').click();
    await settle();
    (within(bar, 'form input') as HTMLInputElement).value = 'big dog';
    button(bar, 'Rename').click();
    expect(store.requests).to.deep.equal([
      { type: 'region-copy', ids: ['a', 'b'], label: 'church bell' },
      { type: 'region-rename', ids: ['a', 'b'], label: 'big dog' },
    ]);
  });

  it('exports the selection', async () => {
    const { store } = streetStore(selection('a', 'b'));
    const panel = await mount('earmark-panel', store);
    button(within(panel, 'earmark-region-verbs') as RegionVerbsElement, 'Export…').click();
    const tool = () => within(panel, 'earmark-tools').shadowRoot!.querySelector('earmark-export');
    await waitUntil('the tool is open', () => tool() !== null);
    await settle();
    expect((within(tool()!, 'select[name="take"]') as HTMLSelectElement).value).to.equal('selected');
    expect((within(tool()!, 'input:checked') as HTMLInputElement).value).to.equal('regions');
  });

  it('nudges by the step that is chosen', async () => {
    const { store } = streetStore(selection('a'));
    const bar = await mount('earmark-region-verbs', store);
    const select = within(bar, 'select') as HTMLSelectElement;
    select.value = 'frame';
    select.dispatchEvent(new Event('change'));
    button(bar, 'Nudge the selection later').click();
    select.value = 'zero-crossing';
    select.dispatchEvent(new Event('change'));
    button(bar, 'Nudge the selection earlier').click();
    await waitUntil('both edits are closed', () => store.sent('region-nudge').length === 4);
    expect(store.sent('region-nudge').map(({ by, unit }) => [by, unit])).to.deep.equal([
      [1, 'frame'],
      [0, 'frame'],
      [-1, 'zero-crossing'],
      [0, 'zero-crossing'],
    ]);
  });

  it('shows what is silenced, and what is marked', async () => {
    const { store } = streetStore(selection('a'));
    const bar = await mount('earmark-region-verbs', store);
    expect(button(bar, 'Silence').ariaPressed).to.equal('false');
    const mask = { mode: 'mute', everything: false, promptIds: [], regionIds: ['a'], inverted: false, drawn: [] };
    store.set({ mask: { ...mask, floor: -Infinity, attack: 0, hold: 0, release: 0, padding: 0 } as never });
    store.set({ mark: { side: 'in', time: 8 } });
    await settle();
    expect(button(bar, 'Silence').ariaPressed).to.equal('true');
    expect(within(bar, '.about').textContent).to.equal('In at 0:08.000; O makes the region');
  });

  it('is accessible', async () => {
    const bar = await mount('earmark-region-verbs', streetStore(selection('a', 'b')).store);
    await expect(bar).to.be.accessible();
    button(bar, 'Rename…').click();
    await settle();
    await expect(bar).to.be.accessible();
  });
});

describe('the keys of regions', () => {
  it('mark, split, merge, snap, silence and nudge, wherever in the panel the focus is', async () => {
    const { store, timeline } = streetStore(selection('a', 'b'));
    const panel = await mount('earmark-panel', store);
    within(panel, '.panel').focus();
    timeline.seek(11.5);
    for (const key of ['i', 'O', 's', 'm', 'v', 'q', '.', ',']) expect(press(key), key).to.equal(true);
    await waitUntil('all are answered', () => store.sent('region-nudge').length >= 2);
    const ids = ['a', 'b'];
    expect(store.requests.slice(0, 8)).to.deep.equal([
      { type: 'region-mark', side: 'in', label: 'dog bark' },
      { type: 'region-mark', side: 'out', label: 'dog bark' },
      { type: 'region-split', ids: ['b'] },
      { type: 'region-merge', ids },
      { type: 'region-snap', ids },
      { type: 'region-silence', ids },
      { type: 'region-nudge', ids, part: 'whole', by: 10, unit: 'ms', transient: true },
      { type: 'region-nudge', ids, part: 'whole', by: -10, unit: 'ms', transient: true },
    ]);
  });

  it('forget the mark with Escape, then the selection, and leave Escape to the page when there is neither', async () => {
    const { store } = streetStore({ ...selection('a'), mark: { side: 'in', time: 3 } });
    const panel = await mount('earmark-panel', store);
    within(panel, '.panel').focus();
    expect(press('Escape')).to.equal(true);
    await waitUntil('the mark is forgotten', () => store.requests.length === 1);
    expect(store.requests).to.deep.equal([{ type: 'region-mark', side: null, label: '' }]);
    store.set({ mark: null });
    press('Escape');
    await waitUntil('nothing is selected', () => store.getState().selectedRegionIds.size === 0);
    expect(press('Escape')).to.equal(false);
  });

  it('do nothing without a recording', async () => {
    const { store } = streetStore({ source: null, regions: [] });
    const panel = await mount('earmark-panel', store);
    within(panel, '.panel').focus();
    expect(press('i')).to.equal(false);
  });
});

describe('drawing regions', () => {
  const WIDTH = 800;
  const DURATION = 32;
  /** Pointers that a script makes up cannot be captured. */
  let release = () => {};
  before(() => (release = replaceMethod(Element.prototype, 'setPointerCapture', () => {})));
  after(() => release());

  /** A waveform of a host with the overlay on it. */
  async function waveform(change: Partial<EarmarkState> = {}) {
    const { store, timeline } = streetStore(change);
    const ground = document.createElement('div');
    Object.assign(ground.style, { position: 'relative', width: `${WIDTH}px`, height: '80px' });
    ground.className = 'mounted';
    document.body.append(ground);
    const layer = document.createElement('div');
    Object.assign(layer.style, { position: 'absolute', inset: '0', pointerEvents: 'none' });
    ground.append(layer);
    const overlay = document.createElement('earmark-overlay');
    overlay.earmark = store;
    layer.append(overlay);
    await settle();
    const heard: string[] = [];
    for (const type of ['pointerdown', 'pointerup', 'click']) ground.addEventListener(type, () => heard.push(type));
    return { store, timeline, ground, overlay, heard };
  }

  function point(target: Element, type: string, time: number, init: PointerEventInit = {}): void {
    const { left, top } = target.getBoundingClientRect();
    const at = { clientX: left + (time / DURATION) * WIDTH, clientY: top + 20 };
    const event = { ...at, pointerId: 1, isPrimary: true, bubbles: true, composed: true, cancelable: true, ...init };
    target.dispatchEvent(new (type === 'click' ? MouseEvent : PointerEvent)(type, event));
  }

  it('goes from where the pointer goes down with Shift to where it goes up, and the host hears nothing of it', async () => {
    const { store, ground, overlay, heard } = await waveform();
    point(ground, 'pointerdown', 14, { shiftKey: true });
    point(ground, 'pointermove', 15, { shiftKey: true });
    const draft = within(overlay, '[part="draft"]').getBoundingClientRect();
    expect(draft.width).to.be.closeTo(WIDTH / DURATION, 1.5);
    point(ground, 'pointermove', 16);
    point(ground, 'pointerup', 16);
    point(ground, 'click', 16);
    expect(store.requests).to.deep.equal([{ type: 'region-add', start: 14, end: 16, label: 'dog bark' }]);
    expect(heard).to.deep.equal([]);
    expect(overlay.shadowRoot!.querySelector('[part="draft"]')).to.equal(null);
  });

  it('works backwards, and stays inside the recording', async () => {
    const { store, ground } = await waveform();
    point(ground, 'pointerdown', 2, { shiftKey: true });
    point(ground, 'pointermove', -3);
    point(ground, 'pointerup', -3);
    expect(store.requests).to.deep.equal([{ type: 'region-add', start: 0, end: 2, label: 'dog bark' }]);
  });

  it('leaves other drags, clicks and what Escape takes back to the host', async () => {
    const { store, ground, heard } = await waveform();
    point(ground, 'pointerdown', 14);
    point(ground, 'pointermove', 16);
    point(ground, 'pointerup', 16);
    point(ground, 'click', 16);
    expect(heard).to.deep.equal(['pointerdown', 'pointerup', 'click']);
    point(ground, 'pointerdown', 14, { shiftKey: true });
    point(ground, 'pointermove', 16);
    press('Escape');
    point(ground, 'pointermove', 17);
    point(ground, 'pointerup', 17);
    expect(store.requests).to.deep.equal([]);
  });

  it('needs no key while it is switched on, so that fingers can draw', async () => {
    const { store, ground } = await waveform();
    const bar = await mount('earmark-region-verbs', store);
    const draw = within(bar, 'button');
    draw.click();
    await settle();
    expect(draw.ariaPressed).to.equal('true');
    expect(getComputedStyle(ground).touchAction).to.equal('none');
    point(ground, 'pointerdown', 14, { pointerType: 'touch' });
    point(ground, 'pointermove', 16, { pointerType: 'touch' });
    point(ground, 'pointerup', 16, { pointerType: 'touch' });
    expect(store.sent('region-add')).to.have.length(1);
    await settle();
    draw.click();
    expect(getComputedStyle(ground).touchAction).to.equal('auto');
  });

  it('in a lane makes regions of its sound', async () => {
    const { store } = streetStore();
    const lane = await mount('earmark-curve-lane', store, { promptId: 'bell' });
    const plot = within(lane, '.plot');
    point(plot, 'pointerdown', 14, { shiftKey: true });
    point(plot, 'pointermove', 16);
    point(plot, 'pointerup', 16);
    expect(store.requests).to.deep.equal([{ type: 'region-add', start: 14, end: 16, label: 'church bell' }]);
  });

  it('ends with its overlay', async () => {
    const { store, ground, overlay } = await waveform();
    overlay.remove();
    point(ground, 'pointerdown', 14, { shiftKey: true });
    point(ground, 'pointermove', 16);
    point(ground, 'pointerup', 16);
    expect(store.requests).to.deep.equal([]);
  });
});
