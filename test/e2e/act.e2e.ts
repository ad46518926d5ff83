import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { truthOf } from './demo-truth.js';
import { type EditorPage, visitDemo } from './editor-page.js';
import { decodeDemo, RATE, readWav, zipNames } from './files.js';
import { suiteSite } from './site.js';

/** What the default mask does around a hit, in seconds: it is quite down until `hold` after it, and fades outside of that. */
const BEFORE = 0.05 + 0.01;
const AFTER = 0.05 + 0.1 + 0.05;
/** The list shows milliseconds. */
const ROUNDING = 0.001;

/** How far a found bark has to be down, inside its true span and this much around it. */
const SILENCED = { decibels: 40, around: 0.02 };

const energy = (samples: Int16Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);

describe('acting on what was found in the demo', () => {
  const site = suiteSite();

  const visit = (t: TestContext) => visitDemo(t, site);

  async function undoAll(page: Page): Promise<number> {
    const undo = page.getByRole('button', { name: /^(Undo|Nothing to undo)/ });
    let steps = 0;
    for (; !(await undo.isDisabled()); steps += 1) {
      assert.ok(steps < 50, 'undo has no end');
      const name = await undo.getAttribute('aria-label');
      await undo.click();
      await page.waitForFunction((before) => {
        const all = (root: ParentNode): Element[] =>
          [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
        const button = all(document).find((each) =>
          /^(Undo|Nothing to undo)/.test(each.getAttribute('aria-label') ?? ''),
        );
        return button?.getAttribute('aria-label') !== before || (button as HTMLButtonElement).disabled;
      }, name);
    }
    return steps;
  }

  async function findAndMute(page: Page, editor: EditorPage): Promise<void> {
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await page.getByRole('button', { name: 'Mute', exact: true }).click();
  }

  it('mutes the barks that it found, and leaves every other sample as it was', async (t) => {
    const { page, editor, log } = await visit(t);
    await findAndMute(page, editor);
    const hits = (await editor.hits('dog bark')).map(({ start, length }) => ({ start, end: start + length }));
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const original = await decodeDemo(page);
    const file = await editor.exportFile('Masked recording');
    assert.match(file.name, /^demo.*dog bark.*\.wav$/);
    const masked = readWav(file.bytes);
    assert.equal(masked.length, original.length);

    const spanOf = (samples: Int16Array, start: number, end: number) =>
      samples.subarray(Math.round(start * RATE), Math.round(end * RATE));
    const barks = await truthOf('dog bark');
    const found = barks.filter((bark) => hits.some((hit) => hit.start < bark.offset && bark.onset < hit.end));
    t.diagnostic(`${found.length} of ${barks.length} barks were found`);
    assert.ok(found.length >= barks.length - 1);
    for (const { onset, offset } of found) {
      const [from, to] = [onset - SILENCED.around, offset + SILENCED.around];
      const ratio = energy(spanOf(masked, from, to)) / energy(spanOf(original, from, to));
      assert.ok(10 * Math.log10(ratio) <= -SILENCED.decibels, `the bark at ${onset} s is ${10 * Math.log10(ratio)} dB`);
    }

    let reached = 0;
    for (const { start, end } of [...hits, { start: Infinity, end: Infinity }]) {
      const until = Math.min(original.length / RATE, start - BEFORE - ROUNDING);
      const [was, is] = [spanOf(original, reached, until), spanOf(masked, reached, until)];
      assert.ok(
        Buffer.from(was.buffer, was.byteOffset, was.byteLength).equals(
          Buffer.from(is.buffer, is.byteOffset, is.byteLength),
        ),
        `something changed between ${reached} and ${until} s`,
      );
      reached = end + AFTER + ROUNDING;
    }
    assert.deepEqual(log.errors, []);
  });

  it('names what a tool does in the colours of the system too', async (t) => {
    const { page } = await visit(t);
    await page.emulateMedia({ forcedColors: 'active' });
    const tools = page.locator('earmark-tools');
    await tools.getByRole('button', { name: 'Split', exact: true }).first().click();
    const split = tools.locator('earmark-split-tool').getByRole('button', { name: 'Split', exact: true });
    // Otherwise the browser lays the colour of the page behind the words, which have the same one.
    assert.equal(await split.evaluate((button) => getComputedStyle(button).forcedColorAdjust), 'none');
  });

  it('splits by four classes into files that bear their names, and is undone to the empty project', async (t) => {
    const { page, editor, log } = await visit(t);
    await findAndMute(page, editor);
    const tools = page.locator('earmark-tools');
    await tools.getByRole('button', { name: 'Split', exact: true }).first().click();
    await tools.getByRole('textbox', { name: /Classes/ }).fill('dog bark, footsteps, speech, thunder');
    await tools.getByRole('textbox', { name: /Classes/ }).press('Enter');
    await tools
      .getByRole('status')
      .getByText(/^\d+ segments$/)
      .waitFor();
    await tools.getByRole('textbox', { name: 'Name of the class thunder' }).waitFor();
    const { name, bytes } = await editor.exportFile('Stems');
    assert.match(name, /^demo.*\.zip$/);
    assert.deepEqual(zipNames(bytes).sort(), [
      'dog bark_demo.wav',
      'footsteps_demo.wav',
      'speech_demo.wav',
      'thunder_demo.wav',
    ]);

    assert.equal(await undoAll(page), 3, 'find, mute, split');
    assert.equal(await page.getByRole('button', { name: /^Remove / }).count(), 0);
    assert.equal(await page.getByRole('button', { name: 'Mute', exact: true }).getAttribute('aria-pressed'), 'false');
    assert.deepEqual(log.errors, []);
  });
});
