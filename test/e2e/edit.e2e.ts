import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Locator } from 'playwright-core';
import { type EditorPage, visitDemo } from './editor-page.js';
import { decodeDemo, RATE, readWav } from './files.js';
import { suiteSite } from './site.js';

/** Of the demo recording, in seconds; all of it is on screen. */
const DURATION = 34;

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  assert.ok(box);
  return box;
}

/** Drags from one place on an element to another; `x` and `y` are parts of its width and height. */
async function drag(editor: EditorPage, element: Locator, from: [x: number, y: number], to: [x: number, y: number]) {
  const { x, y, width, height } = await boxOf(element);
  const { mouse } = editor.page;
  await mouse.move(x + from[0] * width, y + from[1] * height);
  await mouse.down();
  for (const share of [0.3, 0.7, 1]) {
    await mouse.move(
      x + (from[0] + share * (to[0] - from[0])) * width,
      y + (from[1] + share * (to[1] - from[1])) * height,
    );
  }
  await mouse.up();
}

describe('editing by hand in the demo', () => {
  const site = suiteSite();

  async function visit(t: TestContext) {
    const visited = await visitDemo(t, site);
    await visited.editor.ask('dog bark');
    await visited.editor.answer('dog bark');
    return visited;
  }

  const starts = async (editor: EditorPage) => (await editor.hits('dog bark')).map(({ start }) => start);

  it('draws, splits, merges, nudges and snaps a region, and undoes each by its name', async (t) => {
    const { page, editor, log } = await visit(t);
    const lane = page.locator('earmark-curve-lane').first();
    /** What of the hits edits change; which row is in hand shows in its text. */
    const spans = async () => (await editor.hits('dog bark')).map(({ start, length }) => ({ start, length }));
    const found = await spans();
    const rows = () => editor.hitList.getByRole('row').filter({ hasText: 'dog bark' });
    const states: (readonly [undo: string, hits: typeof found])[] = [];
    let before = found;
    /** Waits until an edit shows in the list, and remembers what was before it. */
    const edited = async (undo: string, count: number) => {
      await page.getByRole('button', { name: `Undo ${undo}`, exact: true }).waitFor();
      await rows()
        .nth(count - 1)
        .waitFor();
      const after = await spans();
      assert.equal(after.length, count, undo);
      states.push([undo, before]);
      before = after;
      return after;
    };

    await page.keyboard.down('Shift');
    await drag(editor, lane, [20 / DURATION, 0.5], [23 / DURATION, 0.5]);
    await page.keyboard.up('Shift');
    const drawn = (await edited('add region', found.length + 1)).at(-1)!;
    assert.ok(Math.abs(drawn.start - 20) < 0.1 && Math.abs(drawn.length - 3) < 0.1, JSON.stringify(drawn));

    const { x, y, width, height } = await boxOf(page.locator('#waveform, [slot="waveform"]').first());
    await page.mouse.click(x + (21 / DURATION) * width, y + 0.9 * height);
    await page.keyboard.press('s');
    const parts = (await edited('split region', found.length + 2)).slice(-2);
    assert.ok(Math.abs(parts[0]!.start + parts[0]!.length - parts[1]!.start) < 0.006, 'the parts touch');
    assert.ok(Math.abs(parts[1]!.start - 21) < 0.1);

    await rows().nth(found.length).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('m');
    const merged = (await edited('merge 2 regions', found.length + 1)).at(-1)!;
    assert.deepEqual([merged.start, merged.length], [drawn.start, drawn.length]);

    await page.keyboard.press('.');
    await page.keyboard.press('.');
    const nudged = (await edited('nudge region', found.length + 1)).at(-1)!;
    assert.ok(nudged.start > drawn.start, JSON.stringify(nudged));
    before = await spans();

    await page.keyboard.press('v');
    await edited('snap region', found.length + 1);

    for (const [undo, hits] of states.reverse()) {
      assert.equal(await editor.undo(), undo);
      assert.deepEqual(await spans(), hits, `after undoing ${undo}`);
    }
    assert.deepEqual(log.errors, []);
  });

  it('marks a region by keys alone, and says why it cannot begin and end at one place', async (t) => {
    const { page, editor, log } = await visit(t);
    const [first, second] = await starts(editor);
    // Out of the field, where letters are typed.
    await editor.search.press('Tab');
    await page.keyboard.press(']');
    await page.keyboard.press('i');
    await page.getByText('O makes the region').waitFor();
    await page.keyboard.press('o');
    await page.getByText('cannot begin and end at one place').waitFor();
    await page.keyboard.press(']');
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Undo add region', exact: true }).waitFor();
    const between = (await editor.hits('dog bark')).find(({ start, text }) => start === first && /accepted/.test(text));
    assert.ok(between && Math.abs(between.start + between.length - second!) < 0.01, between?.text);
    assert.deepEqual(log.errors, []);
  });

  it('draws the envelope of the mask by keys and by pointer, undoes it, and exports what was drawn', async (t) => {
    const { page, editor, log } = await visit(t);
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
    const tools = await editor.openTool('Mask settings');
    await tools.getByRole('button', { name: 'Edit on the waveform' }).click();
    const point = page.getByRole('slider', { name: 'Point of the envelope' });
    await page.waitForFunction(() => {
      let focused = document.activeElement;
      while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
      return focused?.getAttribute('aria-label') === 'Point of the envelope';
    });
    const said = () => point.getAttribute('aria-valuetext');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    assert.match((await said()) ?? '', /^3 of \d+, at 0:1\d\.\d+, −∞ dB$/);
    await page.keyboard.press('Shift+ArrowUp');
    await tools.getByText('1 part drawn by hand').waitFor();
    assert.match((await said()) ?? '', /−60 dB$/);
    await page.keyboard.press('Control+z');
    await tools.getByText('1 part drawn by hand').waitFor({ state: 'detached' });
    assert.match((await said()) ?? '', /−∞ dB$/);

    // The line before the first bark, from full gain to a half.
    const surface = page.locator('earmark-envelope-editor');
    const { height } = await boxOf(surface);
    const yOf = (gain: number) => (6 + (1 - gain) * (height - 12)) / height;
    await drag(editor, surface, [4 / DURATION, yOf(1)], [4 / DURATION, yOf(0.5)]);
    await tools.getByText('1 part drawn by hand').waitFor();
    const original = await decodeDemo(page);
    const { bytes } = await editor.exportFile('Masked recording');
    const masked = readWav(bytes);
    const level = (samples: Int16Array) =>
      Math.sqrt(samples.subarray(2 * RATE, 6 * RATE).reduce((sum, sample) => sum + sample * sample, 0));
    const gain = level(masked) / level(original);
    assert.ok(Math.abs(gain - 0.5) < 0.03, `a gain of ${gain}`);
    assert.equal(await editor.undo(), 'draw the envelope');
    await tools.getByText('1 part drawn by hand').waitFor({ state: 'detached' });
    assert.deepEqual(log.errors, []);
  });
});
