// How far what is heard through a mask is from what is rendered: the figures of docs/masking.md.
//
//   node scripts/run.mjs scripts/measure-live-mask.ts
import { chromium } from 'playwright-core';
import { ensureBrowser, QUIET_FLAGS } from './browser.js';
import { buildPage } from './build-page.js';
import type { Player, Playing } from './live-mask/page-contract.js';
import { startStaticServer } from './static-server.js';

const PAGE_FOLDER = 'build/live-mask';
const PLAYERS: readonly Player[] = [
  'wavesurfer, WebAudio',
  'wavesurfer, MediaElement',
  'audio element',
  'audio graph of the page',
];
const WAYS: readonly Omit<Playing, 'player'>[] = [
  { rate: 1, seeks: false, seconds: 12 },
  { rate: 1.5, seeks: false, seconds: 12 },
  { rate: 1, seeks: true, seconds: 12 },
];

const milliseconds = (seconds: number) => `${(1000 * seconds).toFixed(2)} ms`;

await buildPage('scripts/live-mask/page.ts', PAGE_FOLDER);
const server = await startStaticServer(PAGE_FOLDER);
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: QUIET_FLAGS });
try {
  console.log('| player | playing | edges | median | 95 % within | worst |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const player of PLAYERS) {
    for (const way of WAYS) {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/`);
      await page.waitForFunction(() => 'liveMask' in window);
      const late = await page.evaluate((playing) => window.liveMask.measure(playing), { player, ...way });
      const off = late.map(Math.abs).sort((a, b) => a - b);
      const at = (share: number) => milliseconds(off[Math.min(off.length - 1, Math.floor(share * off.length))] ?? NaN);
      const how = `${way.rate} ×${way.seeks ? ', seeking' : ''}`;
      console.log(`| ${player} | ${how} | ${off.length} | ${at(0.5)} | ${at(0.95)} | ${at(1)} |`);
      await page.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
