import type { Browser, Page } from 'playwright-core';
import { WATCH_BEGIN, WATCH_END } from './page/main-thread-gap.js';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  /** Time of the thread's own, which another process cannot take away; microseconds. */
  readonly tdur?: number;
}

/**
 * Has a page work, and looks into the browser's trace for its main thread's longest task while the gap was watched.
 *
 * Where more wants to run than there are cores, the pause that a page sees is mostly that of the scheduler. How long a
 * task kept the thread busy by itself, in CPU time, is what the page's code is to blame for.
 *
 * @param work calls the page, which calls `withLongestGap` once
 * @returns its result, and the CPU time of the longest task in ms
 */
export async function withLongestTask<T>(
  browser: Browser,
  page: Page,
  work: () => Promise<T>,
): Promise<{ result: T; longestTask: number }> {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  const result = await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const begin = traceEvents.find(({ name }) => name === WATCH_BEGIN);
  const end = traceEvents.find(({ name }) => name === WATCH_END);
  if (begin === undefined || end === undefined) throw new Error('The trace lacks the marks of the page.');
  let longestTask = 0;
  for (const { name, pid, tid, ts, tdur = 0 } of traceEvents) {
    if (pid !== begin.pid || tid !== begin.tid || ts < begin.ts || ts > end.ts) continue;
    if (name.endsWith('RunTask')) longestTask = Math.max(longestTask, tdur / 1000);
  }
  return { result, longestTask };
}
