import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import type { EarmarkStore } from '../src/plugin/earmark-api.js';
import { ensureBrowser, QUIET_FLAGS } from '../scripts/browser.js';
import { startStaticServer } from '../scripts/static-server.js';

export interface FirstCurve {
  /** Milliseconds from the navigation to the whole curve, browser profile and caches empty. */
  readonly cold: number;
  /** The same on the second visit. */
  readonly warm: number;
  /** Bytes that the server sent until the curve stood on the first visit, not compressed, by what they are. */
  readonly bytes: {
    readonly runtime: number;
    readonly model: number;
    readonly code: number;
    readonly recording: number;
  };
  /** Seconds. */
  readonly recordingDuration: number;
}

declare global {
  interface Window {
    firstCurve: Promise<{ elapsed: number; duration: number }>;
  }
}

/** Runs in the page before anything else: asks for a prompt as soon as there is a panel. */
function askAtOnce(): void {
  window.firstCurve = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('No curve within a minute.')), 60_000);
    const ask = () => {
      const panel = document.querySelector<HTMLElement & { earmark?: EarmarkStore | null }>('earmark-panel');
      const store = panel?.earmark;
      if (store === undefined || store === null) {
        setTimeout(ask, 5);
        return;
      }
      store.dispatch({ type: 'prompt-add', text: 'dog bark' });
      const unsubscribe = store.subscribe(({ prompts, source }) => {
        const curve = prompts.find(({ text }) => text === 'dog bark')?.curve;
        if (source === null || curve === null || curve === undefined || curve.values.some(Number.isNaN)) return;
        unsubscribe();
        // Drawn, not only known.
        requestAnimationFrame(() => resolve({ elapsed: performance.now(), duration: source.duration }));
      });
    };
    ask();
  });
}

function kindOf(url: string): keyof FirstCurve['bytes'] {
  if (url.includes('.wasm')) return 'runtime';
  if (url.includes('/models/')) return 'model';
  return url.includes('/media/') ? 'recording' : 'code';
}

async function visit(context: BrowserContext, address: string) {
  const page = await context.newPage();
  await page.addInitScript(askAtOnce);
  await page.goto(address);
  const first = await page.evaluate(() => window.firstCurve);
  return { page, first };
}

/** Opens the built demo twice in a new browser profile and asks it for a sound as soon as that is possible. */
export async function measureFirstCurve(): Promise<FirstCurve> {
  const bytes = { runtime: 0, model: 0, code: 0, recording: 0 };
  const server = await startStaticServer('site', {
    intercept: (request, response) => {
      const { socket } = request;
      const before = socket.bytesWritten;
      response.once('finish', () => {
        bytes[kindOf(request.url ?? '/')] += socket.bytesWritten - before;
      });
      return false;
    },
  });
  const profile = await mkdtemp(path.join(tmpdir(), 'earmark-bench-'));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: ensureBrowser(),
      args: QUIET_FLAGS,
    });
    try {
      const cold = await visit(context, `${server.origin}/`);
      const firstBytes = { ...bytes };
      // What the first visit stores is there for the second one.
      await cold.page.waitForTimeout(1000);
      await cold.page.close();
      const warm = await visit(context, `${server.origin}/`);
      return {
        cold: cold.first.elapsed,
        warm: warm.first.elapsed,
        bytes: firstBytes,
        recordingDuration: cold.first.duration,
      };
    } finally {
      await context.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
    await server.close();
  }
}
