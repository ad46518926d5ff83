import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from '../scripts/browser.js';
import { buildPage } from '../scripts/build-page.js';
import { startStaticServer } from '../scripts/static-server.js';
import type { Measurements } from './measurement.js';
import type { RenderedHour } from './page/render-hour-contract.js';

const PAGE_FOLDER = 'build/bench-render';
const HOUR_SECONDS = 3600;
const ROUNDS = 3;
/** Between two looks at the memory, in milliseconds. */
const LOOK_MS = 100;

/** Megabytes that the processes which this one has started have in memory, all together. */
function residentMegabytes(): number {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const ours = new Set([process.pid]);
  for (let size = 0; size < ours.size;) {
    size = ours.size;
    for (const [pid, parent] of rows) if (ours.has(parent)) ours.add(pid);
  }
  ours.delete(process.pid);
  return rows.reduce((sum, [pid, , kilobytes]) => sum + (ours.has(pid) ? kilobytes : 0), 0) / 1000;
}

/** How fast an hour is rendered, and what memory it takes. Needs `dist/`. */
export async function measureRenderHour(): Promise<Measurements> {
  await buildPage('bench/page/render-hour-page.ts', PAGE_FOLDER);
  const profile = await mkdtemp(path.join(tmpdir(), 'earmark-bench-'));
  const server = await startStaticServer('.');
  try {
    // A profile on disk: private windows keep their files in memory.
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: ensureBrowser(),
      args: QUIET_FLAGS,
    });
    try {
      const page = await context.newPage();
      await page.goto(`${server.origin}/${PAGE_FOLDER}/index.html`);
      await page.waitForFunction(() => 'renderHour' in window);
      let realTime = 0;
      let growth = 0;
      let bytes = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const before = residentMegabytes();
        const look = setInterval(() => {
          growth = Math.max(growth, residentMegabytes() - before);
        }, LOOK_MS);
        const rendered: RenderedHour = await page.evaluate(() => window.renderHour());
        clearInterval(look);
        realTime = Math.max(realTime, (HOUR_SECONDS * 1000) / rendered.elapsed);
        ({ bytes } = rendered);
      }
      const file = `an hour of 16-bit 48-kHz stereo, 1000 regions muted, ${Math.round(bytes / 1e6)} MB`;
      return {
        renderHourRealTime: { value: realTime, unit: '×', against: `real time; ${file}, to disk, best of ${ROUNDS}` },
        renderHourPeakMB: {
          value: growth,
          unit: 'MB',
          against: `by which all of the browser's processes grow meanwhile, most of ${ROUNDS}`,
        },
      };
    } finally {
      await context.close();
    }
  } finally {
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
