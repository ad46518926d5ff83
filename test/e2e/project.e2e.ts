import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { EditorPage } from './editor-page.js';
import { newPage, newProfile, suiteSite } from './site.js';

const CLIP = 'dog-bark-1.flac';

describe('projects', () => {
  const site = suiteSite();
  let clip: Buffer;

  before(async () => {
    clip = await readFile(`test/fixtures/clips/${CLIP}`);
  });

  async function visit(t: TestContext, profile: BrowserContext): Promise<{ page: Page; editor: EditorPage }> {
    const { page } = await newPage(profile);
    t.after(() => page.close());
    const editor = new EditorPage(page);
    await editor.open(`${site.server.origin}/`);
    return { page, editor };
  }

  /** A recording of the user's, searched, with its first hit accepted. */
  async function work(t: TestContext, profile: BrowserContext): Promise<{ page: Page; editor: EditorPage }> {
    const { page, editor } = await visit(t, profile);
    await editor.waitForAnalysis();
    await editor.openFile(CLIP, clip, 'audio/flac');
    await editor.waitForRecording(CLIP);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).first().click();
    await page.keyboard.press('a');
    await editor.hitList.getByText('accepted').waitFor();
    return { page, editor };
  }

  it('come back with recording, prompts and decisions when the tab is closed right after an edit', async (t) => {
    const profile = await newProfile(site.browser);
    t.after(() => profile.close());
    const { page } = await work(t, profile);
    await page.getByRole('button', { name: 'Project' }).click();
    await page.getByText('Kept on this device,').waitFor();
    await page.getByText('kept with them').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row').filter({ hasText: 'dog bark' }).first().click();
    await page.keyboard.press('x');
    await page.close();

    const { page: again, editor } = await visit(t, profile);
    await editor.waitForRecording(CLIP);
    await again.getByText('Restored: 1 prompt, 1 edited region').waitFor();
    await editor.hitList.getByText('rejected').waitFor();
    await again.getByRole('button', { name: 'Undo restore the project' }).click();
    await again.getByText('Type a sound above').waitFor();
  });

  it('do not take the place of a recording that is opened before the last one is known', async (t) => {
    const profile = await newProfile(site.browser);
    t.after(() => profile.close());
    const { page, log } = await newPage(profile);
    const editor = new EditorPage(page);
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/chunks/actions-*.js', async (route) => {
      await released;
      await route.continue();
    });
    await editor.open(`${site.server.origin}/`);
    await editor.openFile(CLIP, clip, 'audio/flac');
    await editor.waitForRecording(CLIP);
    release();
    await page.waitForFunction(() => document.querySelector('earmark-panel')?.earmark?.getState().project);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await page.getByRole('button', { name: 'Project' }).click();
    await page.getByText('Kept on this device,').waitFor();
    await editor.waitForRecording(CLIP);
    assert.deepEqual(
      log.requests.filter((address) => address.endsWith('demo.flac')),
      [],
    );
  });

  it('are saved as files, and opened by another browser on the recording that they belong to', async (t) => {
    const [home, office] = [await newProfile(site.browser), await newProfile(site.browser)];
    t.after(() => Promise.all([home.close(), office.close()]));
    const { page } = await work(t, home);
    await page.getByRole('button', { name: 'Project' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as file' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'dog-bark-1.earmark.json');
    const content = await readFile(await download.path());

    const { page: other, editor } = await visit(t, office);
    await editor.waitForAnalysis();
    await editor.openFile('dog-bark-1.earmark.json', content, 'application/json');
    await other.getByText(`This project belongs to “${CLIP}”`).waitFor();
    assert.deepEqual(await editor.hits('dog bark'), []);
    await editor.openFile(CLIP, clip, 'audio/flac');
    await editor.hitList.getByText('accepted').waitFor();
    assert.equal(await other.getByText('This project belongs to').count(), 0);
  });

  it('of two tabs that are worked in at the same time are both kept', async (t) => {
    const profile = await newProfile(site.browser);
    t.after(() => profile.close());
    const { page } = await work(t, profile);
    await page.getByRole('button', { name: 'Project' }).click();
    await page.getByText('kept with them').waitFor();
    const { page: other, editor } = await visit(t, profile);
    await editor.hitList.getByText('accepted').waitFor();
    for (const each of [page, other]) await each.getByRole('row').filter({ hasText: 'dog bark' }).first().click();
    await Promise.all([page.keyboard.press('x'), other.keyboard.press('Delete')]);

    const told = 'This recording was worked on in another tab too';
    const setApart = await Promise.any(
      [page, other].map((each) =>
        each
          .getByText(told)
          .waitFor()
          .then(() => each),
      ),
    );
    await page.getByRole('listitem').nth(1).waitFor();
    assert.equal(await page.getByRole('listitem').filter({ hasText: CLIP }).count(), 2);
    assert.equal(await (setApart === page ? other : page).getByText(told).count(), 0);
    assert.equal(await page.getByRole('grid', { name: 'Hits' }).getByText('rejected').count(), 1);
    assert.deepEqual(await editor.hits('dog bark'), []);
  });

  it('are kept of a file that is gone from the disk before it could be copied', async (t) => {
    const profile = await newProfile(site.browser);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'earmark-vanishing-'));
    t.after(() => Promise.all([profile.close(), rm(folder, { recursive: true })]));
    const file = path.join(folder, CLIP);
    await writeFile(file, clip);
    const { page, editor } = await visit(t, profile);
    await editor.waitForAnalysis();
    await page.locator('#file').setInputFiles(file);
    await editor.waitForRecording(CLIP);
    await page.getByText(/Analysed 0:0\d in/).waitFor();
    await rm(file);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await page.getByText(`No copy of “${CLIP}” could be kept`).waitFor();

    const { page: again, editor: next } = await visit(t, profile);
    await next.waitForRecording('demo.flac');
    await next.openFile('found-again.flac', clip, 'audio/flac');
    await again.getByText('Restored: 1 prompt.').waitFor();
  });
});
