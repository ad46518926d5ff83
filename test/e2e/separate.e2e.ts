import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { visitDemo } from './editor-page.js';
import { decodeDemo, RATE, readWav } from './files.js';
import { suiteSite } from './site.js';

/** Separating judges by the model what it takes apart; on a busy machine that takes its time. */
const PATIENCE = 120_000;

const energy = (samples: Int16Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);

describe('separating a sound of the demo', () => {
  const site = suiteSite();

  it('says what to expect, lets all parts be heard, and saves two files that add up to the recording', async (t) => {
    const { page, editor, log } = await visitDemo(t, site);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    const [hit] = await editor.hits('dog bark');
    const tools = await editor.openTool('Separate');
    await tools.getByText('Rough: traces of each stay in the other.').waitFor();
    await tools.getByRole('button', { name: 'Separate roughly' }).click();
    const result = tools.getByRole('group', { name: 'dog bark, take apart' });
    await result.waitFor({ timeout: PATIENCE });

    for (const part of ['Target', 'Residual', 'Mix']) {
      const button = result.getByRole('button', { name: part, exact: true });
      await button.click();
      await result.locator('button[aria-pressed="true"]').and(button).waitFor();
    }
    await result.getByRole('button', { name: 'Stop' }).click();
    await result.locator('button[aria-pressed="true"]').waitFor({ state: 'detached' });

    const target = await editor.save(result.getByRole('button', { name: 'Save target' }));
    const residual = await editor.save(result.getByRole('button', { name: 'Save residual' }));
    assert.deepEqual([target.name, residual.name], ['demo_dog bark target.wav', 'demo_dog bark residual.wav']);
    const [barks, rest, original] = [readWav(target.bytes), readWav(residual.bytes), await decodeDemo(page)];
    assert.equal(barks.length, original.length);
    assert.ok(
      original.every((sample, i) => (barks[i] ?? NaN) + (rest[i] ?? NaN) === sample),
      'target and residual are not the recording',
    );
    const [from, to] = [hit!.start, hit!.start + hit!.length].map((time) => Math.round(time * RATE));
    const share = energy(barks.subarray(from, to)) / energy(original.subarray(from, to));
    assert.ok(share > 0.5, `of the first bark ${share} is in the target`);
    assert.equal(energy(barks.subarray(0, RATE)), 0, 'where no bark was found the target is silent');

    await result.getByRole('button', { name: 'Dismiss' }).click();
    await result.waitFor({ state: 'detached' });
    assert.deepEqual(log.errors, []);
  });
});
