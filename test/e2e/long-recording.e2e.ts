import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { EditorPage } from './editor-page.js';
import { dropLongFile } from './long-file.js';
import { launchBrowser, newPage, newProfile, serveSite } from './site.js';

describe('a long recording', () => {
  const HOURS = 2;

  /** Peak resident memory of the browser's processes, in bytes; null where the system does not tell. */
  async function peakMemory(browser: Browser): Promise<number | null> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    let peak = 0;
    for (const { id, type } of processInfo) {
      if (type !== 'renderer') continue;
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => null);
      if (status === null) return null;
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
    }
    return peak;
  }

  it('of two hours leaves the page usable and the memory bounded', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page } = await newPage(await newProfile(browser));
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    // 1.4 GB.
    await dropLongFile(page, 'long.wav', HOURS * 60);
    await editor.waitForRecording('long.wav');
    assert.match(await editor.recording.innerText(), /2:00:00/);
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    // While it is being analysed the page answers: the longest it keeps a click waiting is measured in the page.
    const longestBlock = await page.evaluate(async () => {
      let longest = 0;
      const end = performance.now() + 5000;
      for (let last = performance.now(); last < end;) {
        await new Promise((resolve) => setTimeout(resolve));
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }
      return longest;
    });
    assert.ok(longestBlock < 1000, `the page did not answer for ${Math.round(longestBlock)} ms`);
    await editor.ask('thunder');
    await page
      .getByRole('button', { name: /^thunder/ })
      .first()
      .waitFor();
    // Far enough that whatever grows with the length would show.
    await page
      .getByText(/(?<!\d)([2-9]\d) ?%/)
      .first()
      .waitFor({ timeout: 180_000 });
    await cancel.click();
    await page
      .getByText(/Stopped at/)
      .first()
      .waitFor({ timeout: 1000 });
    const memory = await peakMemory(browser);
    // Decoded as a whole it would be 2.8 GB.
    if (memory !== null) assert.ok(memory < 1.2e9, `the page took ${Math.round(memory / 1e6)} MB`);
  });
});
