import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs the tool as a user would, from the repository. */
function evaluate(...words: string[]) {
  return run(process.execPath, ['scripts/run.mjs', 'scripts/evaluate.ts', ...words]);
}

describe('npm run evaluate', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'earmark-evaluate-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('measures a folder with the built-in model, and the same model as a folder gives the same', async () => {
    const truth = path.join(folder, 'truth.tsv');
    const rows = readFileSync('test/soundscapes/truth.tsv', 'utf8').split('\n');
    writeFileSync(truth, rows.filter((row) => !row.startsWith('storm')).join('\n'));
    const report = async (name: string, ...words: string[]) => {
      const json = path.join(folder, name);
      const { stdout } = await evaluate('--audio', 'test/soundscapes', '--truth', truth, '--json', json, ...words);
      return { stdout, figures: JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown> };
    };
    const { stdout, figures } = await report('built-in.json');
    assert.match(stdout, /^violin +1\.000/m);
    for (const key of ['eventF1', 'segmentF1', 'psds1', 'psds1NoPenalty', 'falseAlarmsPerMinute', 'realTimeFactor']) {
      assert.equal(typeof figures[key], 'number', key);
    }
    const prompts = figures['prompts'] as Record<string, Record<string, unknown>>;
    assert.equal(prompts['violin']?.['eventF1'], 1);
    assert.equal((figures['sweep'] as unknown[]).length, 19);

    cpSync('models/pocket', path.join(folder, 'model'), { recursive: true });
    const local = await report('local.json', '--model', path.join(folder, 'model'));
    assert.deepEqual(local.figures['sweep'], figures['sweep']);
  });

  it('names the file that is no audio', async () => {
    writeFileSync(path.join(folder, 'noise.wav'), 'This is a letter, not a recording. '.repeat(1000));
    const truth = path.join(folder, 'broken.tsv');
    writeFileSync(truth, 'filename\tonset\toffset\tevent_label\nnoise.wav\t0\t1\tbark\n');
    await assert.rejects(evaluate('--audio', folder, '--truth', truth), { code: 1, stderr: /noise\.wav: .*audio/ });
  });
});
