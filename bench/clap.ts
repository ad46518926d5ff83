import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../scripts/browser.js';
import { buildPage } from '../scripts/build-page.js';
import { startStaticServer } from '../scripts/static-server.js';
import { withLongestTask } from './main-thread-tasks.js';
import { median, spread } from './spread.js';
import type { Measurements } from './measurement.js';
import './page/clap-contract.js';

const MODEL_FOLDER = 'build/clap-true-size';
const PAGE_FOLDER = 'build/bench-clap';
const TRACK_SECONDS = 180;
const FINE_HOP = 0.3125;
/** The naive loop is measured on so much: it is as fast on all of it. */
const NAIVE_SECONDS = 15;
const NAIVE_FINE_SECONDS = 5;

/**
 * The engine with a CLAP of the true size beside the loop that one would write with transformers.js: same graph, same
 * dtype, same windows. The graph is made once, by Python.
 *
 * @returns no figures where there is no Python with torch and transformers; `EARMARK_PYTHON` names another one
 */
export async function measureClap(): Promise<Measurements> {
  if (!existsSync(`${MODEL_FOLDER}/onnx/text_model.onnx`)) {
    try {
      execFileSync(process.env['EARMARK_PYTHON'] ?? 'python3', ['bench/clap/make_model.py', MODEL_FOLDER], {
        stdio: 'pipe',
      });
    } catch (error) {
      console.error(`CLAP is not measured, its graph could not be made: ${(error as Error).message.split('\n')[0]}`);
      return {};
    }
  }
  await buildPage('bench/page/clap.ts', PAGE_FOLDER);
  const server = await startStaticServer('.');
  try {
    const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0);
      await page.goto(`${server.origin}/${PAGE_FOLDER}/index.html`);
      await page.waitForFunction(() => 'clapBench' in window);
      const cosine = await page.evaluate((folder) => window.clapBench.prepare(folder), `/${MODEL_FOLDER}`);
      if (!(cosine >= 0.9999)) throw new Error(`The naive loop does not compute the same: least cosine ${cosine}`);
      const naive = (await page.evaluate((s) => window.clapBench.analyseNaively(s, 1), NAIVE_SECONDS)) / NAIVE_SECONDS;
      const own = await page.evaluate((s) => window.clapBench.analyse(s, false), TRACK_SECONDS);
      const secondPrompt = await page.evaluate(() => window.clapBench.secondPrompt());
      const naiveAgain =
        (await page.evaluate((s) => window.clapBench.analyseNaively(s, 1), NAIVE_SECONDS)) / NAIVE_SECONDS;
      // Seconds a window, and a second of audio.
      const naiveRate = Math.min(naive, naiveAgain);
      const { result: fine, longestTask } = await withLongestTask(browser, page, () =>
        page.evaluate((s) => window.clapBench.analyse(s, true), TRACK_SECONDS),
      );
      const naiveFine =
        (await page.evaluate(([s, hop]) => window.clapBench.analyseNaively(s!, hop!), [NAIVE_FINE_SECONDS, FINE_HOP])) /
        NAIVE_FINE_SECONDS;
      const gaps = [...own.longestGaps, ...fine.longestGaps];
      const busyGaps = await page.evaluate((ms) => window.clapBench.gapsOfBusyMachine(ms), 1000 * own.elapsed);
      const naiveText = `${(1 / naiveRate).toFixed(2)} × real time of a sliding window, one a second, transformers.js' features and the same fp32 graph on the main thread`;
      return {
        clapVsNaive: {
          value: (naiveRate * own.windows) / own.elapsed,
          unit: '×',
          against: `${naiveText}, for the same ${own.windows} vectors of 3 min; least cosine of a short window ${cosine.toFixed(5)}`,
        },
        clapFineVsNaive: {
          value: (naiveFine * TRACK_SECONDS) / fine.elapsed,
          unit: '×',
          against: 'the same loop at the resolution of fine mode, one window every .3125 s',
        },
        clapFirstCurveShare: {
          value: own.firstCurve / own.elapsed,
          unit: '',
          against: 'of the analysis of 3 min, until a curve covers all of it',
        },
        secondPromptVsNaive: {
          value: (naiveRate * TRACK_SECONDS) / secondPrompt,
          unit: '×',
          against: `${(secondPrompt * 1000).toFixed(1)} ms from text to boxes (small text model) beside hearing 3 min again`,
        },
        clapMainThreadGapMs: {
          value: median(gaps),
          unit: 'ms',
          against: `longest pause of the page in three seconds of an analysis, ${spread(gaps)}; beside two threads that only count ${spread(busyGaps)}`,
        },
        clapMainThreadTaskMs: {
          value: longestTask,
          unit: 'ms',
          against: "longest task of the page's main thread meanwhile, in CPU time (fine mode)",
        },
      };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}
