import { expect } from '@open-wc/testing';
import type { SplitClassState, SplitState } from '../../src/plugin/split.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { initialsOf, patternOf } from '../../src/ui/tools/class-strip/class-look.js';
import { ClassStripElement } from '../../src/ui/tools/class-strip/class-strip.js';
import { parseClassNames } from '../../src/ui/tools/split/class-names.js';
import { SplitToolElement } from '../../src/ui/tools/split/split-tool.js';
import { FakeStore, FakeTimeline } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import { mount, settle, streetState } from './mount.js';

const makeClass = (id: string, label: string, color: number, change: Partial<SplitClassState> = {}) => ({
  id,
  label,
  texts: [label],
  silence: false,
  color,
  hidden: false,
  phase: 'ready' as const,
  ...change,
});

const SPLIT: SplitState = {
  classes: [makeClass('s', 'speech', 0), makeClass('m', 'music', 1), makeClass('q', 'silence', 2, { hidden: true })],
  mode: 'exclusive',
  switchingCost: 0.4,
  segments: [
    { classId: 's', start: 2, end: 8, score: 0.9 },
    { classId: 'm', start: 8, end: 16, score: 0.8 },
    { classId: 'q', start: 16, end: 20, score: 1 },
    { classId: 's', start: 24, end: 26, score: 0.7 },
  ],
  complete: true,
};

void [ClassStripElement, SplitToolElement];

async function mountTool(change: Partial<EarmarkState> = {}) {
  const store = new FakeStore({ ...streetState(), splitPresets: [], ...change }, new FakeTimeline(32));
  const tool = await mount('earmark-split-tool', store);
  const root = tool.shadowRoot!;
  const field = (selector: string) => root.querySelector<HTMLInputElement>(selector)!;
  const labelled = (label: string) => field(`[aria-label="${label}"]`);
  const button = (text: string) =>
    [...root.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === text)!;
  return { store, tool, root, field, labelled, button };
}

function change(input: HTMLInputElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event('change'));
}

describe('the split tool', () => {
  it('splits by the names that are typed', async () => {
    const { store, tool, field, button } = await mountTool();
    field('#names').value = 'speech, dog bark;  music,,';
    button('Split').click();
    expect(store.sent('split-set')).to.deep.equal([
      { type: 'split-set', classes: ['speech', 'dog bark', 'music'], mode: 'exclusive', switchingCost: 0.2 },
    ]);
    await expect(tool).to.be.accessible();
  });

  it('remembers how to split until there is one', async () => {
    const { store, field, root, button } = await mountTool();
    change(field('#cost'), '2');
    root.querySelectorAll<HTMLInputElement>('[type=radio]')[1]!.click();
    await settle();
    expect(store.requests).to.deep.equal([]);
    field('#names').value = 'speech';
    button('Split').click();
    expect(store.sent('split-set')[0]).to.include({ mode: 'overlapping', switchingCost: 2 });
  });

  it('takes a preset, the saved ones too', async () => {
    const own = { name: 'Mine', classes: [{ label: 'cat', texts: ['meow', 'purring'] }] };
    const { store, field } = await mountTool({ splitPresets: [own] });
    const select = field('#preset');
    select.value = 'Mine';
    select.dispatchEvent(new Event('change'));
    expect(store.sent('split-set')[0]?.classes).to.deep.equal(own.classes);
    select.value = 'Speech and music';
    select.dispatchEvent(new Event('change'));
    expect(store.sent('split-set')[1]?.classes).to.have.length(2);
  });

  it('asks for the saved presets when it opens', async () => {
    const { store } = await mountTool({ splitPresets: null });
    expect(store.sent('split-preset-list')).to.have.length(1);
  });

  it('shows time and share of each class and of the rest', async () => {
    const { tool, root } = await mountTool({ split: SPLIT });
    const rows = [...root.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('.number')].map(({ textContent }) => textContent?.trim()),
    );
    expect(rows).to.deep.equal([
      ['8.00 s', '25.0%'],
      ['8.00 s', '25.0%'],
      ['4.00 s', '12.5%'],
      ['12.00 s', '37.5%'],
    ]);
    await expect(tool).to.be.accessible();
  });

  it('renames, hides and merges', async () => {
    const { store, labelled, button } = await mountTool({ split: SPLIT });
    change(labelled('Name of the class speech'), 'voice');
    labelled('Show music').click();
    labelled('Show silence').click();
    expect(button('Merge selected').disabled).to.equal(true);
    labelled('Merge silence').click();
    labelled('Merge speech').click();
    await settle();
    button('Merge selected').click();
    expect(store.requests).to.deep.equal([
      { type: 'split-class-rename', id: 's', label: 'voice' },
      { type: 'split-class-hide', id: 'm', hidden: true },
      { type: 'split-class-hide', id: 'q', hidden: false },
      { type: 'split-class-merge', ids: ['s', 'q'] },
    ]);
    expect(labelled('Name of the class speech').value, 'until the store has taken it').to.equal('speech');
  });

  it('leaves a class that is emptied its name', async () => {
    const { store, labelled } = await mountTool({ split: SPLIT });
    change(labelled('Name of the class speech'), '  ');
    expect(store.requests).to.deep.equal([]);
    expect(labelled('Name of the class speech').value).to.equal('speech');
  });

  it('makes regions, saves presets and clears', async () => {
    const { store, field, button } = await mountTool({ split: SPLIT });
    button('Make regions').click();
    field('#preset-name').value = 'Radio';
    button('Save as preset').click();
    await settle();
    button('Clear').click();
    expect(store.requests).to.deep.equal([
      { type: 'split-to-regions' },
      { type: 'split-preset-save', name: 'Radio' },
      { type: 'split-clear' },
    ]);
  });

  it('waits while it listens, and says why a class failed', async () => {
    const failed = makeClass('x', 'zzz', 3, { phase: 'failed' as const, message: 'The text tower is broken.' });
    const { root, button } = await mountTool({
      split: { ...SPLIT, classes: [...SPLIT.classes, failed], complete: false },
      analysis: { phase: 'running', progress: { stage: 'analysing', fraction: 0.5, etaSeconds: null } },
    });
    expect(button('Make regions').disabled).to.equal(true);
    expect(root.textContent).to.contain('The text tower is broken.').and.to.contain('listening…');
  });

  it('says that it will not be finished when the analysis was cancelled', async () => {
    const { root } = await mountTool({
      split: { ...SPLIT, complete: false },
      analysis: { phase: 'cancelled', fraction: 0.5 },
    });
    expect(root.textContent).to.contain('not all of the recording was heard');
  });

  it('shows names as text', async () => {
    const label = '<img src=x onerror=alert(1)>';
    const { root } = await mountTool({
      split: { ...SPLIT, classes: [makeClass('s', label, 0), ...SPLIT.classes.slice(1)] },
    });
    expect(root.querySelector('img')).to.equal(null);
  });
});

describe('names of classes', () => {
  it('keep what a class is known by that is there already', () => {
    const known = [makeClass('v', 'Voice', 0, { texts: ['speech', 'conversation'] })];
    expect(parseClassNames(' voice ;dog\n,', known)).to.deep.equal([
      { label: 'Voice', texts: ['speech', 'conversation'], silence: false },
      'dog',
    ]);
    expect(parseClassNames(' , ;', known)).to.deep.equal([]);
  });

  it('are told apart by their first letters, and 32 classes by colour and pattern', () => {
    const classes = ['dog bark', 'door', 'speech', 'Dog'].map((label, i) => makeClass(String(i), label, 0));
    expect(initialsOf(classes)).to.deep.equal(['DOG', 'DOO', 'S', 'DOG']);
    expect(new Set(Array.from({ length: 4 }, (_, i) => patternOf(i))).size).to.equal(4);
  });
});

describe('the strip of classes', () => {
  async function mountStrip(split: SplitState = SPLIT) {
    const timeline = new FakeTimeline(32);
    const store = new FakeStore({ ...streetState(), split }, timeline);
    const element = await mount('earmark-class-strip', store);
    const strip = element.shadowRoot!.querySelector<HTMLElement>('.strip')!;
    const canvas = element.shadowRoot!.querySelector('canvas')!;
    await waitUntil('it has a size', () => canvas.width > 100);
    const key = (name: string) => strip.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
    const mouse = (type: string, time: number) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const at = { clientX: left + (time / 32) * width, clientY: top + height / 2, bubbles: true };
      strip.dispatchEvent(type === 'pointermove' ? new PointerEvent(type, at) : new MouseEvent(type, at));
    };
    return { store, timeline, element, strip, canvas, key, mouse };
  }

  const seeks = (store: FakeStore) => store.sent('seek').map(({ time }) => Math.round(time));

  it('goes from segment to segment by the arrows, past hidden ones, and plays with Enter', async () => {
    const { store, timeline, element, strip, key } = await mountStrip();
    let played: unknown[] = [];
    timeline.play = async (...range: unknown[]) => void (played = range);
    for (const name of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home', 'End']) {
      key(name);
      await settle();
    }
    expect(seeks(store)).to.deep.equal([2, 8, 24, 8, 2, 24]);
    expect(strip.getAttribute('aria-valuenow')).to.equal('3');
    expect(strip.getAttribute('aria-valuemax')).to.equal('3');
    expect(strip.getAttribute('aria-valuetext')).to.equal('speech, 0:24.0 to 0:26.0, score .70');
    key('Enter');
    expect(played).to.deep.equal([24, 26]);
    await expect(element).to.be.accessible();
  });

  it('tells what is under the pointer, and goes where it is clicked', async () => {
    const { store, strip, mouse } = await mountStrip();
    mouse('pointermove', 12);
    await settle();
    expect(strip.title).to.equal('music, 0:08.0 to 0:16.0, score .80');
    mouse('pointermove', 18);
    await settle();
    expect(strip.title, 'hidden').to.equal('');
    mouse('click', 29);
    expect(seeks(store)).to.deep.equal([29]);
  });

  it('shows the whole recording, whatever is on screen', async () => {
    const { timeline, store, mouse } = await mountStrip();
    timeline.setVisibleRange(20, 22);
    mouse('click', 4);
    expect(seeks(store)).to.deep.equal([4]);
  });

  it('paints each class in its place, and each on its own line where they overlap', async () => {
    const inkAt = (canvas: HTMLCanvasElement, time: number, y: number) => {
      const x = Math.round((time / 32) * canvas.width);
      const { data } = canvas.getContext('2d')!.getImageData(x, Math.round(y * canvas.height), 6, 1);
      return data.some((value, i) => i % 4 === 3 && value > 0);
    };
    const one = await mountStrip();
    await waitUntil('it is painted', () => inkAt(one.canvas, 5, 0.9));
    expect([inkAt(one.canvas, 12, 0.9), inkAt(one.canvas, 18, 0.5), inkAt(one.canvas, 30, 0.5)]).to.deep.equal([
      true,
      false,
      false,
    ]);
    const two = await mountStrip({ ...SPLIT, mode: 'overlapping' });
    await waitUntil('it is painted', () => inkAt(two.canvas, 5, 0.2));
    expect([inkAt(two.canvas, 5, 0.7), inkAt(two.canvas, 12, 0.2), inkAt(two.canvas, 12, 0.7)]).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('is there in the panel as long as there is a split', async () => {
    const store = new FakeStore({ ...streetState(), split: SPLIT }, new FakeTimeline(32));
    const tools = await mount('earmark-tools', store);
    const strip = () => tools.shadowRoot!.querySelector('earmark-class-strip');
    expect(strip()).not.to.equal(null);
    store.set({ split: null });
    await settle();
    expect(strip()).to.equal(null);
  });
});
