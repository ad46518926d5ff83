// How well rough separation does on the fixed mixes; needs a built `dist/`.
//
//   node scripts/run.mjs bench/separation/run.ts [--mixes mixes.tsv] [--clips FOLDER] [--json out.json] [--write-docs]
//
//   --write-docs    puts the tables into docs/separation.md, and what to expect into the panel
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format as prettify, resolveConfig } from 'prettier';
import { CLIPS, measureMixes, MIXES } from './measure.js';
import { describeResults, expectations, writeResults } from './results-table.js';

const { values: options } = parseArgs({
  options: {
    mixes: { type: 'string' },
    clips: { type: 'string' },
    json: { type: 'string' },
    'write-docs': { type: 'boolean' },
  },
});
const base = process.env['INIT_CWD'] ?? process.cwd();
const given = (file: string | undefined, fallback: string) =>
  file === undefined ? fallback : path.resolve(base, file);
const results = await measureMixes(given(options.mixes, MIXES), given(options.clips, CLIPS));
console.log(describeResults(results));
if (options.json !== undefined) {
  writeFileSync(path.resolve(base, options.json), `${JSON.stringify(results, null, 1)}\n`);
}
if (options['write-docs'] === true) {
  await writeResults('docs/separation.md', results);
  const figures = `${JSON.stringify(expectations(results.mixes), null, 2)}\n`;
  const file = 'src/ui/tools/separate/measured-improvements.json';
  writeFileSync(file, await prettify(figures, { ...(await resolveConfig(file)), filepath: file }));
}
