// `npm run bench`: how fast, how small. Both sides of a ratio are measured in the same run on the same machine.
//
//   --json out.json    writes {name: {value, unit, against}}
//   --write-docs       puts the table into docs/performance.md
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { buildAll } from '../esbuild.config.mjs';
import { ensureBrowser, QUIET_FLAGS } from '../scripts/browser.js';
import { buildPage } from '../scripts/build-page.js';
import { measureSizes } from '../scripts/sizes.mjs';
import { startStaticServer } from '../scripts/static-server.js';
import { measureClap } from './clap.js';
import { measureFirstCurve } from './first-curve.js';
import { measureFourHours } from './four-hours.js';
import { meetsGoal } from './goals.js';
import { withLongestTask } from './main-thread-tasks.js';
import { median, spread } from './spread.js';
import type { Measurement, Measurements } from './measurement.js';
import type { TimedAnalysis } from './page/page-contract.js';
import { printTable, writeTable } from './performance-table.js';
import { measureSeparation } from './separation/measure.js';
import { measureRenderHour } from './render-hour.js';

/** The two sides of a ratio take turns, so that both meet the same load of the machine. */
const ROUNDS = 3;
const PAGE_FOLDER = 'build/bench';

interface EngineFigures {
  readonly measurements: Measurements;
  readonly browser: string;
}

async function measureEngine(): Promise<EngineFigures> {
  await buildPage('bench/page/page.ts', PAGE_FOLDER);
  const server = await startStaticServer('.');
  try {
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
    try {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/${PAGE_FOLDER}/index.html`);
      await page.waitForFunction(() => 'bench' in window);
      const logMel = await page.evaluate(() => window.bench.logMel());
      const backend = await page.evaluate(() => window.bench.prepare());
      const cosine = await page.evaluate(() => window.bench.compareNaive());
      if (cosine < 0.98) throw new Error(`The naive loop does not compute the same: least cosine of a frame ${cosine}`);
      const analyses: TimedAnalysis[] = [];
      const naive: TimedAnalysis[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        analyses.push(await page.evaluate(() => window.bench.analyse()));
        naive.push(await page.evaluate(() => window.bench.analyseNaively()));
      }
      const best = (runs: readonly TimedAnalysis[]) => Math.max(...runs.map(({ realTime }) => realTime));
      // By itself: tracing takes a little time, too.
      const { longestTask } = await withLongestTask(browser, page, () => page.evaluate(() => window.bench.analyse()));
      const newPrompt = await page.evaluate(() => window.bench.newPromptOnHour());
      const busyGaps = await page.evaluate(
        (ms) => window.bench.gapsOfBusyMachine(ms),
        (ROUNDS * 600_000) / best(analyses),
      );
      const cancel = await page.evaluate(() => window.bench.cancel());
      const gaps = (runs: readonly TimedAnalysis[]) => runs.flatMap((run) => run.longestGaps);
      const measurements = {
        ...logMel,
        pocketRealTime: {
          value: best(analyses),
          unit: '×',
          against: `real time; 10-min 48-kHz WAV to boxes of one prompt, ${backend}, best of ${ROUNDS}`,
        },
        pocketVsNaive: {
          value: best(analyses) / best(naive),
          unit: '×',
          against: `${best(naive).toFixed(0)} × real time of a sliding window with transformers.js' feature extractor and the same graph on the main thread; least cosine of a frame ${cosine.toFixed(4)}`,
        },
        newPromptOnHourMs: {
          value: newPrompt.elapsed,
          unit: 'ms',
          against: `text to boxes on an analysed hour (${newPrompt.frameCount} frames), median of 5 prompts`,
        },
        cancelMs: { value: cancel, unit: 'ms', against: 'abort to rejection, longest of 5' },
        mainThreadGapMs: {
          value: median(gaps(analyses)),
          unit: 'ms',
          against: `longest pause of the page in three seconds of an analysis, ${spread(gaps(analyses))}; beside threads that only count ${spread(busyGaps)}; ${Math.max(...gaps(naive)).toFixed(0)} in the naive loop`,
        },
        mainThreadTaskMs: {
          value: longestTask,
          unit: 'ms',
          against: "longest task of the page's main thread meanwhile, in CPU time",
        },
      };
      return { measurements, browser: `Chromium ${browser.version()}` };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

async function measureStart(): Promise<Measurements> {
  const { cold, warm, bytes, recordingDuration } = await measureFirstCurve();
  const kB = (value: number) => `${Math.round(value / 1000).toLocaleString('en-US')} kB`;
  const file = `the demo page with its ${recordingDuration.toFixed(0)}-s recording and one prompt`;
  return {
    firstCurveColdMs: { value: cold, unit: 'ms', against: `navigation to the whole curve, new profile; ${file}` },
    firstCurveWarmMs: { value: warm, unit: 'ms', against: 'the same on the second visit' },
    bytesToFirstCurve: {
      value: (bytes.runtime + bytes.model + bytes.code) / 1000,
      unit: 'kB',
      against: `not compressed: runtime ${kB(bytes.runtime)}, model ${kB(bytes.model)}, page and code ${kB(bytes.code)}; the recording (${kB(bytes.recording)}) is not in it`,
    },
  };
}

async function measureOwnCode(): Promise<Measurements> {
  const entries = Object.entries(await measureSizes()).map(([name, { bytes }]): [string, Measurement] => [
    `gzip${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    { value: bytes / 1000, unit: 'kB', against: 'own code, minified, without its libraries' },
  ]);
  return Object.fromEntries(entries);
}

const { values: options } = parseArgs({ options: { json: { type: 'string' }, 'write-docs': { type: 'boolean' } } });
const [processor] = cpus();
const load = loadavg()[0];
if (load > 0.5) console.error(`The machine is busy (load ${load.toFixed(1)}): expect lower figures than it can do.`);
await buildAll();
const engine = await measureEngine();
const measurements = {
  ...engine.measurements,
  ...(await measureClap()),
  ...(await measureStart()),
  ...(await measureRenderHour()),
  ...(await measureFourHours()),
  ...(await measureSeparation()),
  ...(await measureOwnCode()),
};
const machine = `${processor.model.trim()}, ${cpus().length} cores, no GPU used; ${engine.browser}, Node ${process.versions.node}; load of the machine before the run ${load.toFixed(1)}.`;
console.log(`\n${machine}\n`);
printTable(measurements);
const base = process.env['INIT_CWD'] ?? process.cwd();
if (options.json !== undefined) {
  writeFileSync(path.resolve(base, options.json), `${JSON.stringify(measurements, null, 1)}\n`);
}
if (options['write-docs'] === true) await writeTable('docs/performance.md', machine, measurements);
const missed = Object.entries(measurements).filter(([name, { value }]) => !meetsGoal(name, value));
if (missed.length > 0) {
  console.error(`\nMissed: ${missed.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}
