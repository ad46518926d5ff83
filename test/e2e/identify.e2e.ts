import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visitDemo } from './editor-page.js';
import { suiteSite } from './site.js';

describe('identifying what is heard in the demo', () => {
  const site = suiteSite();

  it('names a selected hit by one of the labels given, undoably, and finds another label in the recording', async (t) => {
    const { page, editor, log } = await visitDemo(t, site);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).last().click();
    await page.getByRole('button', { name: 'Identify' }).click();
    await page.getByLabel('Question').selectOption('Own labels');
    await page.getByLabel('Labels, separated by commas').fill('hound barking, footsteps, thunder, a person talking');
    await page.getByRole('group', { name: 'Identify' }).getByRole('button', { name: 'Identify' }).click();
    const answer = page.getByRole('list', { name: 'The selected hit, the best first' });
    assert.match(await answer.getByRole('listitem').first().innerText(), /^hound barking/);
    await page.getByRole('button', { name: 'Name the hit hound barking' }).click();
    assert.equal((await editor.hits('hound barking')).length, 1);
    await page.getByRole('button', { name: 'Find thunder in the recording' }).click();
    assert.match(await editor.answer('thunder'), /hits? for thunder/);
    for (let i = 0; i < 2; i += 1) await page.getByRole('button', { name: /^Undo/ }).click();
    assert.equal((await editor.hits('hound barking')).length, 0);
    assert.deepEqual(log.errors, []);
  });

  it('says what is in the recording', async (t) => {
    const { page } = await visitDemo(t, site);
    await page.getByRole('button', { name: 'Identify' }).click();
    await page.getByRole('group', { name: 'Identify' }).getByRole('button', { name: 'Identify' }).click();
    const answer = page.getByRole('list', { name: 'The recording, the best first' });
    await answer.waitFor();
    const labels = (await answer.getByRole('listitem').allInnerTexts()).map((text) => text.split('\n')[0]);
    assert.ok(labels.includes('birds') && labels.includes('dog bark'), labels.join(', '));
  });
});
