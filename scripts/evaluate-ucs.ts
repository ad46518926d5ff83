// How often the right UCS category is suggested for an everyday label: the figures of docs/ucs.md.
//
//   node scripts/run.mjs scripts/evaluate-ucs.ts [labels.tsv]
//
// The table has a label and its right CatIDs (separated by |) in each line. Default: scripts/ucs/labels-reported.tsv.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from './browser.js';
import { buildPackage, buildPage } from './build-page.js';
import { startStaticServer } from './static-server.js';
import type { Method } from './ucs/page-contract.js';

const PAGE_FOLDER = 'build/ucs';
const METHODS: Readonly<Record<Method, string>> = {
  cosine: 'cosine of the label with "Category SubCategory"',
  words: 'shared words alone',
  both: 'cosine without what all names have in common, and shared words (suggestUcs)',
};

interface Label {
  readonly text: string;
  readonly right: ReadonlySet<string>;
}

function readLabels(file: string): Label[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [text = '', catIds = ''] = line.split('\t');
      return { text, right: new Set(catIds.split('|')) };
    });
}

/** The part of the labels with a right CatID among the first `depth` suggestions. */
function hitRate(labels: readonly Label[], lists: readonly string[][], depth: number): number {
  const hits = labels.filter(({ right }, index) => lists[index]!.slice(0, depth).some((catId) => right.has(catId)));
  return hits.length / labels.length;
}

const [given] = process.argv.slice(2);
const base = process.env['INIT_CWD'] ?? process.cwd();
const labels = readLabels(given === undefined ? 'scripts/ucs/labels-reported.tsv' : path.resolve(base, given));
const texts = labels.map(({ text }) => text);

await Promise.all([buildPage('scripts/ucs/page.ts', PAGE_FOLDER), buildPackage(PAGE_FOLDER)]);
const server = await startStaticServer(PAGE_FOLDER);
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
try {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/`);
  await page.waitForFunction(() => 'ucs' in window);
  const assetBase = `${server.origin}/earmark/`;
  const suggest = (method: Method) =>
    page.evaluate(([from, all, how]) => window.ucs.suggest(from, all, how), [assetBase, texts, method] as const);
  console.log(`${labels.length} labels\n`);
  console.log('top 1  top 5');
  for (const [method, name] of Object.entries(METHODS) as [Method, string][]) {
    const lists = await suggest(method);
    console.log(`${hitRate(labels, lists, 1).toFixed(3)}  ${hitRate(labels, lists, 5).toFixed(3)}  ${name}`);
    if (method !== 'both') continue;
    console.log('\nnot the first:');
    for (const [index, { text, right }] of labels.entries()) {
      const list = lists[index]!;
      if (!right.has(list[0] ?? '')) console.log(`  ${text} (${[...right].join(', ')}): ${list.join(', ')}`);
    }
  }
  const { first, second } = await page.evaluate((from) => window.ucs.time(from), assetBase);
  console.log(`\nfirst suggestion ${first.toFixed(0)} ms, next ${second.toFixed(1)} ms`);
} finally {
  await browser.close();
  await server.close();
}
