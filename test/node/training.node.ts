import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

/** Kept for judging models: three kinds of places could let one into a training. */
const HELD = ['scratch', 'simutrans-pak64', 'brainparty-data', 'bambam', 'sound-theme-freedesktop', 'pysiogame'];
const VALIDATION = ['lugaru-data', 'minetest-data', 'freedink-data', 'tuxmath-data', 'unknown-horizons'];
const NEVER = [...HELD, ...VALIDATION];

const read = (file: string) => readFileSync(`training/${file}`, 'utf8');
const rows = (file: string) =>
  read(file)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

const PYTHON = process.env['PYTHON'] ?? 'python3';
const REQUIRED = 'import torch, numpy, scipy, soundfile, onnx, onnxruntime, tokenizers';

/** Why the training cannot run here, or false. */
function missing(): string | false {
  const { error, status, stderr } = spawnSync(PYTHON, ['-c', REQUIRED], { encoding: 'utf8' });
  if (error) return `no ${PYTHON} here; PYTHON may name another`;
  return status === 0
    ? false
    : `training/requirements.txt is not installed for ${PYTHON}: ${stderr.trim().split('\n').at(-1)}`;
}

describe('training', () => {
  it('trains on no package that models are judged with', () => {
    const uses = new Map(rows('packages.tsv').map(([use, name]) => [name, use]));
    for (const name of NEVER) assert.equal(uses.get(name), 'never', `${name} in packages.tsv`);
    assert.ok([...uses.values()].filter((use) => use === 'train').length > 30);
  });

  it('has no label or development recording of a package that models are judged with', () => {
    for (const file of ['file_labels.tsv', 'development.tsv'])
      for (const [pattern = ''] of rows(file))
        for (const name of NEVER) assert.doesNotMatch(name, new RegExp(pattern), `"${pattern}" in ${file}`);
    const development = /^development = \[(.*)\]$/m.exec(read('config.toml'))?.[1] ?? '';
    assert.notEqual(development, '');
    for (const name of NEVER) assert.ok(!development.includes(`"${name}"`), `${name} in config.toml`);
  });

  it('runs every stage on a tiny generated set', { skip: missing(), timeout: 600_000 }, () => {
    const smoke = ['training/smoke.py', 'models/pocket/classes.json'];
    const { status, stdout, stderr } = spawnSync(PYTHON, smoke, {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /smoke test passed/);
  });
});
