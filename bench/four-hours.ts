import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startStaticServer } from '../scripts/static-server.js';
import { buildPage } from '../scripts/build-page.js';
import { BareBrowser } from './bare-browser.js';
import type { Measurements } from './measurement.js';
import type { FourHoursResult } from './page/four-hours-contract.js';

const PAGE_FOLDER = 'build/bench-four-hours';
const FILE = 'build/four-hours.mp3';
/** Seconds that are encoded; the file is these over and over. */
const PART_SECONDS = 120;
const SECONDS = 4 * 3600;
/** Between two looks at the memory, in milliseconds. */
const LOOK_MS = 100;

/** Stereo at 44.1 kHz and 128 kbit/s: the demo recording over and over. Frames of constant bit rate can be put together. */
function makeFile(): void {
  const filter = ['-t', String(PART_SECONDS), '-ac', '2', '-ar', '44100', '-b:a', '128k'];
  const bare = ['-write_xing', '0', '-id3v2_version', '0', '-map_metadata', '-1', '-f', 'mp3', 'pipe:1'];
  const part = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-stream_loop', '-1', '-i', 'demo/media/demo.flac', ...filter, ...bare],
    { maxBuffer: 2 ** 26 },
  );
  writeFileSync(FILE, Buffer.concat(Array.from({ length: SECONDS / PART_SECONDS }, () => part)));
}

/** Megabytes that a process has in memory; of the one that has most. */
function residentMegabytes(ids: readonly number[]): number {
  const rows = execFileSync('ps', ['-o', 'rss=', '-p', ids.join(',')], { encoding: 'utf8' });
  return Math.max(...rows.trim().split('\n').map(Number)) / 1000;
}

/**
 * The memory of the page while it analyses an MP3 of four hours with the built-in model. Needs `dist/`.
 *
 * @returns no figure where there is no ffmpeg to make the file
 */
export async function measureFourHours(): Promise<Measurements> {
  if (!existsSync(FILE)) {
    try {
      makeFile();
    } catch (error) {
      console.error(`Four hours are not measured, ffmpeg could not make them: ${(error as Error).message}`);
      return {};
    }
  }
  await buildPage('bench/page/four-hours-page.ts', PAGE_FOLDER);
  const profile = await mkdtemp(path.join(tmpdir(), 'earmark-bench-'));
  const server = await startStaticServer('.');
  try {
    // A profile on disk: private windows keep their databases in memory.
    const browser = BareBrowser.launch(profile);
    try {
      const page = await browser.open(`${server.origin}/${PAGE_FOLDER}/index.html`);
      while (!(await page.evaluate<boolean>("'fourHours' in window"))) await delay(LOOK_MS);
      await page.chooseFiles('input', [path.resolve(FILE)]);
      const ids = await browser.rendererIds();
      let peak = 0;
      const look = setInterval(() => {
        peak = Math.max(peak, residentMegabytes(ids));
      }, LOOK_MS);
      const { seconds, elapsed, isKept } = await page
        .evaluate<FourHoursResult>('fourHours.analyse()')
        .finally(() => clearInterval(look));
      if (Math.abs(seconds - SECONDS) > 60 || !isKept) throw new Error(`${seconds} s were analysed, kept: ${isKept}`);
      return {
        fourHourPeakMB: {
          value: peak,
          unit: 'MB',
          against: `resident memory of the page's process; a 4-hour MP3 from disk to the boxes of one prompt, ${(seconds / elapsed).toFixed(0)} × real time, kept on the device`,
        },
      };
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
    await rm(profile, { recursive: true, force: true });
  }
}
