import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../../scripts/browser.js';
import { EditorPage } from './editor-page.js';
import { launchBrowser, newPage, newProfile, serveSite } from './site.js';

/** Chrome's setting for "no site may keep anything". */
const BLOCKED = 2;

describe('a browser or server that lacks something', () => {
  /** The demo in a browser started with flags, from a server with faults. */
  async function openDemo(
    t: TestContext,
    options: {
      flags?: string[];
      intercept?: (url: string, response: ServerResponse) => boolean;
      initScript?: string;
    } = {},
  ) {
    const { intercept } = options;
    const server = await serveSite(
      intercept === undefined ? {} : { intercept: (request, response) => intercept(request.url ?? '', response) },
    );
    t.after(() => server.close());
    const browser = await launchBrowser(options.flags);
    t.after(() => browser.close());
    const { page } = await newPage(await newProfile(browser));
    if (options.initScript !== undefined) await page.addInitScript(options.initScript);
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    return { page, editor };
  }

  async function assertBarksFound(editor: EditorPage): Promise<void> {
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    assert.match(await editor.answer('dog bark'), /^[34] hits/);
  }

  it('no WebGPU: the barks are found on WASM, and the page says so', async (t) => {
    const { page, editor } = await openDemo(t, { flags: ['--disable-gpu'] });
    assert.equal(await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) ?? null), null);
    await assertBarksFound(editor);
    await page.getByText(/WASM/).first().waitFor();
  });

  it('no WebCodecs: the browser decodes by itself', async (t) => {
    const REMOVAL =
      ';delete globalThis.AudioDecoder; delete globalThis.AudioData; delete globalThis.EncodedAudioChunk;';
    const worker = await readFile('site/earmark/decode.worker.js', 'utf8');
    const { page, editor } = await openDemo(t, {
      intercept: (url, response) => {
        if (!url.endsWith('/decode.worker.js')) return false;
        response.writeHead(200, { 'content-type': 'text/javascript' }).end(REMOVAL + worker);
        return true;
      },
      initScript: REMOVAL,
    });
    assert.equal(await page.evaluate(() => typeof globalThis.AudioDecoder), 'undefined');
    await assertBarksFound(editor);
  });

  function missing(name: string) {
    return (url: string, response: ServerResponse): boolean => {
      if (!url.endsWith(name)) return false;
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      return true;
    };
  }

  for (const worker of ['decode.worker.js', 'analysis.worker.js']) {
    it(`${worker} missing: it says which file the server lacks`, async (t) => {
      const { page } = await openDemo(t, { intercept: missing(`/${worker}`) });
      await page.getByText(worker).first().waitFor();
    });
  }

  it('model file corrupt: it is refused, and a good one is taken on the next try', async (t) => {
    const model = await readFile('site/earmark/models/pocket/onnx/audio_model.onnx');
    let isCorrupt = true;
    const { page, editor } = await openDemo(t, {
      intercept: (url, response) => {
        if (!isCorrupt || !url.endsWith('/onnx/audio_model.onnx')) return false;
        const bytes = Buffer.from(model);
        bytes[bytes.length >> 1]! ^= 1;
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
        return true;
      },
    });
    await page.getByText('audio_model.onnx').first().waitFor();
    assert.match(await editor.recording.innerText(), /demo\.flac/);
    isCorrupt = false;
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await assertBarksFound(editor);
  });

  it('storage full: it works, and says that the analysis is not kept', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page } = await newPage(await newProfile(browser));
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, quotaSize: 1 });
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    await assertBarksFound(editor);
    await page
      .getByText(/no room left to keep/)
      .first()
      .waitFor();
  });

  it('storage denied: it works, and says that the analysis is not kept', async (t) => {
    const server = await serveSite();
    t.after(() => server.close());
    const folder = await mkdtemp(path.join(os.tmpdir(), 'earmark-profile-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await mkdir(path.join(folder, 'Default'));
    await writeFile(
      path.join(folder, 'Default/Preferences'),
      JSON.stringify({ profile: { default_content_setting_values: { cookies: BLOCKED } } }),
    );
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: ensureBrowser(),
      args: QUIET_FLAGS,
    });
    t.after(() => context.close());
    const { page } = await newPage(context);
    const editor = new EditorPage(page);
    await editor.open(`${server.origin}/`);
    const isDenied = await page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          try {
            const request = indexedDB.open('probe');
            request.addEventListener('error', () => resolve(true));
            request.addEventListener('success', () => resolve(false));
          } catch {
            resolve(true);
          }
        }),
    );
    assert.ok(isDenied, 'the profile does not deny storage');
    await assertBarksFound(editor);
    await page
      .getByText(/does not let this page store data/)
      .first()
      .waitFor();
  });
});
