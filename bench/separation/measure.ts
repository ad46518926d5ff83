import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../../scripts/browser.js';
import { startStaticServer } from '../../scripts/static-server.js';
import { parseMixes } from './mixes.js';
import type { Measurement, Measurements } from '../measurement.js';
import type { MixResult, Step } from './page-contract.js';
import { gatingBound, improvements, median, worstTenth } from './results-table.js';

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

/** What each method gains on the fixed mixes, for the performance suite. */
export async function measureSeparation(): Promise<Measurements> {
  const results = await measureMixes(MIXES, CLIPS);
  const bound = median(results.map(gatingBound)).toFixed(1);
  const gained = (step: Step): Measurement => {
    const values = improvements(results, 'oracle', step);
    const found = median(improvements(results, 'found', step)).toFixed(1);
    return {
      value: median(values),
      unit: 'dB',
      against: `SI-SDR, median of ${results.length} mixes with the true events; worst tenth ${worstTenth(values).toFixed(1)}, bound of time gating ${bound}, with the events that were found ${found}`,
    };
  };
  return {
    separationSdrImprovementGate: gained('gate'),
    separationSdrImprovementBand: gained('band'),
    separationSdrImprovementNmf: gained('nmf-occlusion'),
  };
}
