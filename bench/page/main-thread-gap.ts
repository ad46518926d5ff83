/** Pause between two ticks: short enough to see a dropped frame, long enough not to load the thread. */
const TICK = 4;

/** Marks in the page's timeline around what is watched. */
export const WATCH_BEGIN = 'bench-watch-begin';
export const WATCH_END = 'bench-watch-end';

/**
 * Watches the main thread while something runs.
 *
 * @returns its result, and the longest time in ms for which the page could not have answered a click
 */
export async function withLongestGap<T>(work: () => Promise<T>): Promise<{ result: T; longestGap: number }> {
  performance.mark(WATCH_BEGIN);
  let longestGap = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longestGap = Math.max(longestGap, now - last - TICK);
    last = now;
  }, TICK);
  try {
    const result = await work();
    // A gap at the very end has not been ticked yet.
    return { result, longestGap: Math.max(longestGap, performance.now() - last - TICK) };
  } finally {
    clearInterval(timer);
    performance.mark(WATCH_END);
  }
}
