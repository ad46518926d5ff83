import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { EditorPage } from './editor-page.js';
import { startHub } from './hub-server.js';
import { launchBrowser, newPage, serveSite } from './site.js';

/** Opens the picker and asks a mirror of the hub for what it would download. */
async function askForClap(page: Page, mirror: string): Promise<void> {
  await page.locator('earmark-status button.chip').click();
  const picker = page.locator('earmark-model-picker');
  await picker.getByText('From elsewhere').click();
  await picker.getByLabel('Mirror of the hub').fill(mirror);
  await picker.getByLabel('Mirror of the hub').press('Tab');
  await picker.getByRole('button', { name: /^Get CLAP:/ }).click();
}

describe('another model', () => {
  it('is shown, downloaded on the user’s word, taken up where the network failed, used, and left again', async (t) => {
    const hub = await startHub();
    t.after(() => hub.close());
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser(['--disable-gpu']);
    t.after(() => browser.close());
    // The demo's own policy knows huggingface.co, and not this hub.
    const profile = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
    const { page, log } = await newPage(profile);
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    assert.match(await editor.answer('dog bark'), /^[34] hits/);
    await editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).first().click();
    await page.keyboard.press('a');
    await editor.hitList.getByText('accepted').waitFor();

    const chip = page.locator('earmark-status button.chip');
    const picker = page.locator('earmark-model-picker');
    await askForClap(page, hub.origin);
    await picker.getByText(/^CLAP: [\d.]+ MB from localhost/).waitFor();
    await picker.getByText(/revision 8e0e4d1/).waitFor();
    assert.deepEqual(
      hub.requests.filter((line) => line.includes('/resolve/')),
      [],
    );

    hub.cutAfter = 50_000;
    await picker.getByRole('button', { name: /^Download/ }).click();
    await picker.getByRole('alert').getByText('What has arrived is kept').waitFor();
    hub.cutAfter = null;
    hub.requests.length = 0;
    await page.reload();
    await editor.waitForAnalysis();
    await chip.click();
    await picker.getByRole('button', { name: 'Go on with the download of CLAP' }).click();
    await picker.getByText('of it are here already').waitFor();
    await picker.getByRole('button', { name: /^Download/ }).click();
    await picker.getByRole('button', { name: 'Use Pocket' }).waitFor();
    assert.ok(
      hub.requests.some((line) => line.startsWith('GET cdn') && /bytes=\d+-$/.test(line)),
      'goes on where it was',
    );
    assert.ok(!hub.requests.some((line) => line.startsWith('OPTIONS')), 'needs no preflight');

    await page
      .locator('earmark-status button.chip', { hasText: 'CLAP' })
      .getByText('WASM')
      .waitFor({ timeout: 60_000 });
    await editor.waitForAnalysis();
    assert.ok(
      (await editor.hits('dog bark')).some(({ text }) => text.includes('accepted')),
      'keeps the decision',
    );

    const asked = hub.requests.length;
    await picker.getByRole('button', { name: 'Use Pocket' }).click();
    await page.locator('earmark-status button.chip', { hasText: 'Pocket' }).getByText('WASM').waitFor();
    await picker.getByRole('button', { name: 'Use CLAP' }).click();
    await page.locator('earmark-status button.chip', { hasText: 'CLAP' }).getByText('WASM').waitFor();
    assert.equal(hub.requests.length, asked, 'is kept on the device');
    const strangers = log.requests.filter(
      (url) => !url.startsWith('blob:') && !url.startsWith('data:') && !/^http:\/\/(localhost|127\.0\.0\.1):/.test(url),
    );
    assert.deepEqual(strangers, []);
  });

  it('is there again on the next visit without a network; once removed it says so, and leads back or on', async (t) => {
    const hub = await startHub();
    t.after(() => hub.close());
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser(['--disable-gpu']);
    t.after(() => browser.close());
    const profile = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
    const { page } = await newPage(profile);
    page.setDefaultTimeout(120_000);
    const editor = new EditorPage(page);
    const chip = page.locator('earmark-status button.chip');
    const chipOf = (name: string) => chip.filter({ hasText: name }).getByText('WASM').waitFor();
    const picker = page.locator('earmark-model-picker');
    await editor.open(`${server.origin}/`);
    await chipOf('Pocket');
    await askForClap(page, hub.origin);
    await picker.getByRole('button', { name: /^Download/ }).click();
    await chipOf('CLAP');

    hub.isDown = true;
    hub.requests.length = 0;
    await page.reload();
    await chipOf('CLAP');
    assert.equal(hub.requests.length, 0, 'asks nobody');

    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      await root.removeEntry('earmark-models', { recursive: true });
    });
    hub.isDown = false;
    await page.reload();
    const alert = page.locator('earmark-notices').getByRole('alert');
    await alert.getByText('not on this device any more').waitFor();
    await alert.getByRole('button', { name: 'Get it…' }).click();
    await picker.getByText(/^CLAP: [\d.]+ MB from localhost/).waitFor();
    assert.ok(!hub.requests.some((line) => line.includes('/resolve/')), 'nothing before the user says so');
    await picker.getByRole('button', { name: /^Download/ }).click();
    await chipOf('CLAP');

    hub.requests.length = 0;
    await picker.getByLabel('Fine mode').click();
    await picker.getByText('Fine mode needs another file of CLAP').waitFor();
    assert.ok(!hub.requests.some((line) => line.includes('/resolve/')), 'nothing before the user says so');
    await picker.getByRole('button', { name: /^Download/ }).click();
    await chipOf('CLAP');
    await picker.getByRole('checkbox', { name: 'Fine mode', checked: true }).waitFor();
    const fetched = hub.requests.flatMap((line) => /resolve\/[^/]+\/(\S+)/.exec(line)?.[1] ?? []);
    assert.deepEqual([...new Set(fetched)], ['onnx/audio_model.onnx']);

    await picker.getByRole('button', { name: 'Use Pocket' }).click();
    await chipOf('Pocket');
    await page.reload();
    await chipOf('Pocket');
  });

  it('says that there is no room for it, works on with Pocket, and goes on when there is', async (t) => {
    const hub = await startHub();
    t.after(() => hub.close());
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser(['--disable-gpu']);
    t.after(() => browser.close());
    const profile = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
    const { page } = await newPage(profile);
    const editor = new EditorPage(page);
    const chip = page.locator('earmark-status button.chip');
    const picker = page.locator('earmark-model-picker');
    await editor.open(`${server.origin}/`);
    await editor.waitForAnalysis();
    await askForClap(page, hub.origin);

    const session = await page.context().newCDPSession(page);
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: server.origin });
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: usage + 300_000 });
    await picker.getByRole('button', { name: /^Download/ }).click();
    await picker.getByRole('alert').getByText('no room left for this model').waitFor();
    await chip.filter({ hasText: 'Pocket' }).waitFor();
    await editor.ask('dog bark');
    assert.match(await editor.answer('dog bark'), /^[34] hits/);

    await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin });
    hub.requests.length = 0;
    await picker.getByRole('button', { name: /^Download/ }).click();
    await chip.filter({ hasText: 'CLAP' }).getByText('WASM').waitFor({ timeout: 60_000 });
    const fetched = hub.requests.flatMap((line) => /resolve\/[^/]+\/(\S+)/.exec(line)?.[1] ?? []);
    assert.ok(!fetched.includes('config.json'), 'what had arrived is kept');
  });
});
