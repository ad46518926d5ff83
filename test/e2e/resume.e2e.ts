import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { EditorPage } from './editor-page.js';
import { dropLongFile } from './long-file.js';
import { launchBrowser, newPage, newProfile, serveSite } from './site.js';

describe('a tab that is reloaded in the middle of an analysis', () => {
  const MINUTES = 20;
  /** Milliseconds. */
  const PATIENCE = 120_000;
  /** One every 4.96 s. */
  const WINDOWS = Math.ceil((MINUTES * 60 - 10.08) / 4.96) + 1;

  /**
   * Counts what the workers of a page have heard, in the page itself. The first page of a tab is told nothing after half
   * of the windows, so that it is in the middle for as long as the test needs, on any machine.
   */
  async function countWindows(page: Page): Promise<() => Promise<number>> {
    await page.addInitScript((half) => {
      const counter = globalThis as unknown as { heardWindows: number };
      counter.heardWindows = 0;
      const isFirst = sessionStorage.getItem('visited') === null;
      sessionStorage.setItem('visited', 'yes');
      globalThis.Worker = class extends Worker {
        constructor(...words: ConstructorParameters<typeof Worker>) {
          super(...words);
          this.addEventListener('message', (event) => {
            if ((event.data as { type?: string } | null)?.type !== 'window') return;
            if (isFirst && counter.heardWindows >= half) event.stopImmediatePropagation();
            else counter.heardWindows += 1;
          });
        }
      };
    }, WINDOWS / 2);
    return () => page.evaluate(() => (globalThis as unknown as { heardWindows: number }).heardWindows);
  }

  it('goes on where it was, and hears nothing of it twice', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page } = await newPage(await newProfile(browser));
    page.setDefaultNavigationTimeout(PATIENCE);
    const heard = await countWindows(page);
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    await editor.waitForAnalysis(PATIENCE);
    await dropLongFile(page, 'interview.wav', MINUTES);
    await page
      .getByText(/Listening · [45]\d%/)
      .first()
      .waitFor({ timeout: PATIENCE });
    // What is being written may be lost with the page; this is longer than what is heard waits to be written.
    await delay(3000);
    await page.reload();
    await editor.waitForAnalysis(PATIENCE);
    const before = await heard();
    await dropLongFile(page, 'interview.wav', MINUTES);
    const continued = /Analysed 20:00 .* from (\d+)% on/;
    const row = page.getByText(continued).first();
    await row.waitFor({ timeout: PATIENCE });
    const share = Number(continued.exec(await row.innerText())?.[1]) / 100;
    assert.ok(share >= 0.3, `it went on at ${share}`);
    const again = (await heard()) - before;
    assert.ok(Math.abs(again / WINDOWS - (1 - share)) <= 0.01, `${again} of ${WINDOWS} windows, from ${share} on`);
    await editor.ask('thunder');
    assert.match(await editor.answer('thunder'), /thunder/);
  });
});
