import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { startStaticServer } from '../../scripts/static-server.js';
import { EditorPage } from './editor-page.js';
import { launchBrowser, newPage, newProfile, serveSite } from './site.js';

describe('where the pages work', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser.close());

  it('under a sub-path of a site', async (t) => {
    const server = await startStaticServer('demo/media', { mounts: { '/tools/earmark/': 'site' } });
    t.after(() => server.close());
    const { page, log } = await newPage(await newProfile(browser));
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/tools/earmark/`);
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    assert.ok((await editor.hits('dog bark')).length >= 3);
    assert.deepEqual(log.errors, []);
  });

  it('under its strict content security policy, which a violation would show', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const { page } = await newPage(await newProfile(browser));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    const violations: string[] = [];
    page.on('console', (entry) => {
      if (entry.type() === 'error') violations.push(entry.text());
    });
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
    assert.match(policy ?? '', /script-src 'self' 'wasm-unsafe-eval';/);
    assert.doesNotMatch(policy ?? '', /unsafe-inline|'unsafe-eval'/);
    const elsewhere = (policy ?? '').match(/https?:[^\s;]*/g);
    assert.deepEqual(elsewhere, ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']);
    assert.match(
      policy ?? '',
      /connect-src 'self' blob: https:\/\/huggingface\.co https:\/\/\*\.huggingface\.co https:\/\/\*\.hf\.co;/,
    );
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await page.getByRole('button', { name: 'Spectrogram' }).click();
    await page.waitForTimeout(500);
    assert.deepEqual(violations, []);
    await assert.rejects(
      page.evaluate(() => fetch('https://example.org/')),
      'the policy is in force',
    );
  });

  it('in a bare wavesurfer.js editor, as demo/embed.ts builds it in', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const { page, log } = await newPage(await newProfile(browser));
    const found = page.waitForEvent('console', (entry) => entry.type() === 'log');
    await page.goto(`${server.origin}/embed.html`);
    const barks = (await (await found).args()[0]!.jsonValue()) as { start: number }[];
    assert.ok(barks.length >= 3);
    assert.deepEqual(log.errors, []);
  });
});
