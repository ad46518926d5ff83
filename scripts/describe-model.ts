// Brings a model folder's `model.json` up to date: the bytes and SHA-256 of every file it needs.
//
//   node scripts/run.mjs scripts/describe-model.ts models/pocket
//
// What the folder is (id, name, revision, licence, graphs, window) is written in model.json by hand and kept.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { globSync } from 'glob';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: describe-model.ts FOLDER');
const manifestFile = path.join(folder, 'model.json');
const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>;
const paths = globSync('**/*', { cwd: folder, nodir: true, posix: true, ignore: ['model.json', '**/*.md'] });
const files = await Promise.all(
  paths.sort().map(async (file) => {
    const bytes = await readFile(path.join(folder, file));
    return { path: file, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }),
);
await writeFile(manifestFile, `${JSON.stringify({ ...manifest, files }, null, 2)}\n`);
