import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../../scripts/browser.js';
import { startStaticServer } from '../../scripts/static-server.js';
import { parseMixes } from './mixes.js';
import type { MixResult } from './page-contract.js';

export const MIXES = 'bench/separation/mixes.tsv';
export const CLIPS = 'test/fixtures/clips';
const PAGE_FOLDER = 'build/separation';

/**
 * Separates every mix of a table in the real browser with the built package's workers (`dist/`).
 *
 * @param clipsFolder holds `NAME.flac` for every clip of the table
 */
export async function measureMixes(table: string, clipsFolder: string): Promise<MixResult[]> {
  const plans = parseMixes(readFileSync(table, 'utf8'));
  const clips = new Set(plans.flatMap(({ interferer, events }) => [interferer, ...events.map(({ clip }) => clip)]));
  await build({
    entryPoints: ['bench/separation/page.ts'],
    outdir: PAGE_FOLDER,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  mkdirSync(PAGE_FOLDER, { recursive: true });
  writeFileSync(`${PAGE_FOLDER}/index.html`, '<!doctype html><script type="module" src="page.js"></script>');
  const server = await startStaticServer('.', { mounts: { '/clips/': clipsFolder } });
  try {
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto(`${server.origin}/${PAGE_FOLDER}/index.html`);
      await page.waitForFunction(() => 'separation' in window);
      await page.evaluate((names) => window.separation.load(names), [...clips]);
      const results: MixResult[] = [];
      for (const plan of plans) {
        results.push(await page.evaluate((given) => window.separation.measure(given), plan));
        console.error(`  ${results.length}/${plans.length}  ${plan.name}`);
      }
      return results;
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}
