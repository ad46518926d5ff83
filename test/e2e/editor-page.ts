import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { newPage, type PageLog, type SuiteSite } from './site.js';

/** A row of the hit list, as it can be read. */
export interface Hit {
  /** Seconds. */
  readonly start: number;
  /** Seconds. */
  readonly length: number;
  readonly label: string;
  readonly text: string;
}

/** What the browser would have put into the user's downloads. */
export interface SavedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Any of the ways to say that the analysis has ended well. */
const ANALYSED = /Analysed \d|analysed on an earlier visit/;

function toSeconds(clock: string): number {
  return clock.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** The demo page as a user sees and works it: by labels, roles and texts. */
export class EditorPage {
  readonly search: Locator;
  readonly hitList: Locator;
  readonly recording: Locator;
  readonly message: Locator;

  constructor(readonly page: Page) {
    this.search = page.getByLabel('Sounds to find');
    this.hitList = page.getByRole('grid', { name: 'Hits' });
    this.recording = page.locator('#recording');
    this.message = page.getByRole('alert');
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async waitForAnalysis(timeout = 60_000): Promise<void> {
    await this.page.getByText(ANALYSED).first().waitFor({ timeout });
  }

  /** Opens a file as by the Open… button and waits until its name is shown. */
  async openFile(name: string, bytes: Uint8Array, mimeType = 'audio/wav'): Promise<void> {
    await this.page.locator('#file').setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
  }

  async waitForRecording(name: string): Promise<void> {
    await this.recording.getByText(name, { exact: true }).waitFor({ timeout: 30_000 });
  }

  /** Types a prompt and presses Enter. */
  async ask(text: string): Promise<void> {
    await this.search.fill(text);
    await this.search.press('Enter');
  }

  /** Waits until the answer to a prompt is announced, e.g. "4 hits for dog bark" or "cat: not found in this recording". */
  async answer(prompt: string): Promise<string> {
    const text = prompt.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const announced = new RegExp(`\\d+ hits? for ${text}|${text}: not found[^.]*`);
    const status = this.page.getByRole('status').filter({ hasText: announced });
    await status.first().waitFor({ state: 'attached', timeout: 30_000 });
    return announced.exec((await status.first().textContent()) ?? '')?.[0] ?? '';
  }

  /** Takes a prompt away, so that it can be asked of another recording. */
  async removePrompt(text: string): Promise<void> {
    await this.page.getByRole('button', { name: `Remove ${text}` }).click();
  }

  /** Opens a tool, if it is not open yet; returns all that belongs to tools. */
  async openTool(name: string): Promise<Locator> {
    const tools = this.page.locator('earmark-tools');
    const opener = tools.getByRole('button', { name, exact: true }).first();
    if ((await opener.getAttribute('aria-expanded')) !== 'true') await opener.click();
    return tools;
  }

  /** Exports with the tool's defaults for a kind, and saves the file. */
  async exportFile(kind: string): Promise<SavedFile> {
    const tools = await this.openTool('Export');
    await tools.getByRole('radio', { name: kind }).check();
    await tools.locator('form').getByRole('button', { name: 'Export', exact: true }).click();
    const file = await this.save(tools.getByRole('button', { name: 'Save', exact: true }));
    await tools.getByRole('button', { name: 'Dismiss' }).click();
    return file;
  }

  /** Waits for a button that saves, and presses it. */
  async save(button: Locator): Promise<SavedFile> {
    await button.waitFor();
    const [download] = await Promise.all([this.page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** Undoes once; returns what was offered to be undone, e.g. "mute “dog bark”". */
  async undo(): Promise<string> {
    const button = this.page.getByRole('button', { name: /^Undo / });
    const name = (await button.getAttribute('aria-label')) ?? '';
    await button.click();
    await this.page.locator(`button[aria-label="${name.replaceAll('"', '\\"')}"]`).waitFor({ state: 'detached' });
    return name.replace('Undo ', '');
  }

  async hits(label: string): Promise<Hit[]> {
    const rows = await this.hitList.getByRole('row').filter({ hasText: label }).all();
    const hits: Hit[] = [];
    for (const row of rows) {
      const cells = await row.getByRole('gridcell').allInnerTexts();
      hits.push({
        start: toSeconds(cells[0] ?? ''),
        length: Number.parseFloat(cells[1] ?? ''),
        label: (cells[2] ?? '').trim(),
        text: cells.join(' '),
      });
    }
    return hits;
  }
}

/** The demo in a page of the suite's profile, its recording analysed, and no project of an earlier visit; closed when the test ends. */
export async function visitDemo(
  t: TestContext,
  { profile, server }: SuiteSite,
): Promise<{ page: Page; editor: EditorPage; log: PageLog }> {
  const { page, log } = await newPage(profile);
  t.after(() => page.close());
  await page.addInitScript(() => void indexedDB.deleteDatabase('earmark-projects'));
  const editor = new EditorPage(page);
  await editor.open(`${server.origin}/`);
  await editor.waitForAnalysis();
  return { page, editor, log };
}
