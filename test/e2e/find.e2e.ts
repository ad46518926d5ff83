import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { truthOf } from './demo-truth.js';
import { type Hit, visitDemo } from './editor-page.js';
import { suiteSite } from './site.js';

/**
 * How far an onset may be from the ground truth, in seconds: two frames of the curve. A bird of the demo chirps right
 * before the first bark, and its sound is taken for the beginning of the bark.
 */
const ONSET_TOLERANCE = 0.32;

/** Sounds that are not in the demo recording. */
const ABSENT = ['church bell', 'car horn', 'baby crying', 'cat'];

function foundOnsets(hits: readonly Hit[], onsets: readonly number[]): number[] {
  return onsets.filter((onset) => hits.some((hit) => Math.abs(hit.start - onset) <= ONSET_TOLERANCE));
}

describe('finding a sound in the demo', () => {
  const site = suiteSite();

  const visit = (t: TestContext) => visitDemo(t, site);

  it('finds the barks of "dog bark" where they are, nothing else, and says how many', async (t) => {
    const { page, editor, log } = await visit(t);
    assert.match(await editor.recording.innerText(), /demo\.flac · 0:34 · 48 kHz mono/);
    await editor.ask('dog bark');
    const answer = await editor.answer('dog bark');
    const hits = await editor.hits('dog bark');
    const barks = (await truthOf('dog bark')).map(({ onset }) => onset);
    const found = foundOnsets(hits, barks);
    // The third bark is faint: its score reaches .5 for a single frame.
    assert.ok(found.length >= barks.length - 1, `of ${barks.join(', ')} found ${found.join(', ')}`);
    assert.equal(hits.length, found.length, 'nothing else');
    assert.equal(answer, `${hits.length} hits for dog bark`);
    assert.deepEqual(log.errors, []);
    assert.ok(await page.evaluate(() => !globalThis.crossOriginIsolated));
  });

  it('finds the faint bark too when the sensitivity is raised, and moves none of the others', async (t) => {
    const { page, editor } = await visit(t);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    const before = await editor.hits('dog bark');
    const barks = (await truthOf('dog bark')).map(({ onset }) => onset);
    await page.getByRole('slider', { name: 'Sensitivity for dog bark' }).focus();
    for (let i = 0; i < 30 && foundOnsets(await editor.hits('dog bark'), barks).length < barks.length; i += 1) {
      await page.keyboard.press('ArrowRight');
    }
    const after = await editor.hits('dog bark');
    assert.deepEqual(foundOnsets(after, barks), barks);
    const places = after.map((hit) => `${hit.start} ${hit.length}`);
    for (const { start, length } of before) assert.ok(places.includes(`${start} ${length}`), `${start} s moved`);
  });

  it('finds several sounds at once, each in its own lane', async (t) => {
    const { editor } = await visit(t);
    for (const label of ['footsteps', 'thunder', 'speech']) {
      await editor.ask(label);
      await editor.answer(label);
      const hits = await editor.hits(label);
      const [event] = await truthOf(label);
      const { onset, offset } = event!;
      assert.ok(
        hits.some((hit) => hit.start < offset && hit.start + hit.length > onset),
        `${label} not found between ${onset} and ${offset} s`,
      );
    }
  });

  it('says "not found" of sounds that are not there', async (t) => {
    const { editor } = await visit(t);
    for (const label of ABSENT) {
      await editor.ask(label);
      assert.match(await editor.answer(label), /not found in this recording/, label);
      assert.deepEqual(await editor.hits(label), []);
    }
  });

  it('analyses nothing on the second visit and asks no other site for anything', async (t) => {
    const { page, editor, log } = await visit(t);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    const first = await editor.hits('dog bark');
    await page.reload();
    await page.getByText('analysed on an earlier visit').waitFor();
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    assert.deepEqual(await editor.hits('dog bark'), first);
    const foreign = log.requests.filter((url) => !url.startsWith(site.server.origin) && !/^(blob|data):/.test(url));
    assert.deepEqual(foreign, []);
  });

  it('can be worked by keyboard alone', async (t) => {
    const { page, editor } = await visit(t);
    for (let i = 0; i < 20; i += 1) {
      await page.keyboard.press('Tab');
      if (await editor.search.evaluate((input) => input.matches(':focus'))) break;
    }
    await page.keyboard.type('dog bark');
    await page.keyboard.press('Enter');
    await editor.answer('dog bark');
    const firstRow = editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).first();
    for (let i = 0; i < 60; i += 1) {
      if (await editor.hitList.evaluate((grid) => grid.matches(':focus-within'))) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Home');
    await page.keyboard.press('a');
    await firstRow.getByText('accepted').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('x');
    await editor.hitList.getByText('rejected').waitFor();
  });

  it('takes edits back and makes them again', async (t) => {
    const { page, editor } = await visit(t);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    const row = editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).first();
    await row.click();
    await page.keyboard.press('a');
    const accepted = row.getByText('accepted');
    await accepted.waitFor();
    await page.keyboard.press('Control+z');
    await accepted.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+z');
    await accepted.waitFor();
  });

  it('opens a file that is dropped on the page', async (t) => {
    const { page, editor } = await visit(t);
    const transfer = await page.evaluateHandle(async () => {
      const bytes = await (await fetch('/soundscapes/storm.flac')).arrayBuffer();
      const data = new DataTransfer();
      data.items.add(new File([bytes], 'storm.flac', { type: 'audio/flac' }));
      return data;
    });
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await page.getByText('Drop a recording to open it').waitFor({ state: 'visible' });
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await editor.waitForRecording('storm.flac');
    await page.getByText('Drop a recording to open it').waitFor({ state: 'hidden' });
    await editor.waitForAnalysis();
    await editor.ask('dog bark');
    assert.match(await editor.answer('dog bark'), /not found in this recording/);
  });

  it('says so when several files are dropped, and keeps the recording', async (t) => {
    const { page, editor } = await visit(t);
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['a'], 'a.wav'));
      data.items.add(new File(['b'], 'b.wav'));
      return data;
    });
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    assert.match(await editor.message.innerText(), /These are 2 files/);
    assert.match(await editor.recording.innerText(), /demo\.flac/);
  });

  it('opens what the microphone has recorded', async (t) => {
    const { page, editor } = await visit(t);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByRole('button', { name: /^Stop (?!0:0[01])/ }).click();
    await editor.recording.getByText(/^Recording .*\.wav$/).waitFor();
    assert.doesNotMatch(await editor.recording.innerText(), /0:0[01] /);
    await editor.waitForAnalysis();
  });
});
