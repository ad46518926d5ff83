import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../../scripts/browser.js';
import { startStaticServer } from '../../scripts/static-server.js';
import { parseCoincident, parseMixes } from './mixes.js';
import type { Measurement, Measurements } from '../measurement.js';
import type { CoincidentResult, MixResult, Step } from './page-contract.js';
import { median } from '../spread.js';
import { gatingBound, improvements, worstTenth } from './results-table.js';
import { buildPage } from '../../scripts/build-page.js';

export const MIXES = 'bench/separation/mixes.tsv';
const COINCIDENT = 'bench/separation/coincident.tsv';
export const CLIPS = 'test/fixtures/clips';
const PAGE_FOLDER = 'build/separation';

export interface MeasuredMixes {
  readonly mixes: readonly MixResult[];
  readonly coincident: readonly CoincidentResult[];
}

/**
 * Separates every mix of a table, and those of sounds that coincide, in the real browser with the built package's
 * workers (`dist/`).
 *
 * @param clipsFolder holds `NAME.flac` for every clip of the tables
 */
export async function measureMixes(table: string, clipsFolder: string): Promise<MeasuredMixes> {
  const plans = parseMixes(readFileSync(table, 'utf8'));
  const pairs = parseCoincident(readFileSync(COINCIDENT, 'utf8'));
  const clips = new Set([
    ...plans.flatMap(({ interferer, events }) => [interferer, ...events.map(({ clip }) => clip)]),
    ...pairs.map(({ target }) => target),
  ]);
  await buildPage('bench/separation/page.ts', PAGE_FOLDER);
  const server = await startStaticServer('.', { mounts: { '/clips/': clipsFolder } });
  try {
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto(`${server.origin}/${PAGE_FOLDER}/index.html`);
      await page.waitForFunction(() => 'separation' in window);
      await page.evaluate((names) => window.separation.load(names), [...clips]);
      const mixes: MixResult[] = [];
      for (const plan of plans) {
        mixes.push(await page.evaluate((given) => window.separation.measure(given), plan));
        console.error(`  ${mixes.length}/${plans.length}  ${plan.name}`);
      }
      const coincident: CoincidentResult[] = [];
      for (const plan of pairs) {
        coincident.push(await page.evaluate((given) => window.separation.measureCoincident(given), plan));
      }
      return { mixes, coincident };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

/** What each method gains on the fixed mixes, for the performance suite. */
export async function measureSeparation(): Promise<Measurements> {
  const { mixes: results } = await measureMixes(MIXES, CLIPS);
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
