// Makes src/tasks/ucs-list.json: which CatIDs the Universal Category System has, and nothing else of it.
//
//   node scripts/run.mjs scripts/ucs/make-list.ts en.json
//
// `en.json` is json/en.json of https://github.com/iluvcapra/ucs-community (CC0-1.0).
import { readFileSync, writeFileSync } from 'node:fs';
import type { UcsList } from '../../src/tasks/ucs-catalog.js';

interface SourceRecord {
  readonly version: string;
  readonly Category: string;
  readonly SubCategory: string;
  readonly CatID: string;
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('usage: node scripts/run.mjs scripts/ucs/make-list.ts en.json');
const records = JSON.parse(readFileSync(source, 'utf8')) as SourceRecord[];
const versions = new Set(records.map(({ version }) => version));
if (versions.size !== 1) throw new Error(`${source} mixes versions: ${[...versions].join(', ')}`);
if (new Set(records.map(({ CatID }) => CatID.toLowerCase())).size !== records.length) {
  throw new Error(`${source} has a CatID twice`);
}
const categories: Record<string, Record<string, string>> = {};
for (const { Category, SubCategory, CatID } of records) {
  categories[Category] ??= {};
  categories[Category][CatID] = SubCategory;
}
const list: UcsList = { version: [...versions].join(), categories };
writeFileSync('src/tasks/ucs-list.json', `${JSON.stringify(list, null, 2)}\n`);
console.log(`${records.length} CatIDs of UCS ${list.version} in src/tasks/ucs-list.json`);
