/** Pause between two ticks: short enough to see a dropped frame, long enough not to load the thread. */
const TICK = 4;

/** Marks in the page's timeline around what is watched. */
export const WATCH_BEGIN = 'bench-watch-begin';
export const WATCH_END = 'bench-watch-end';

/** What keeps a thread as busy as an analysis does, with a pause for messages after what a window takes. */
const COUNT = `const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
  const end = performance.now() + 45;
  while (performance.now() < end);
  port2.postMessage(null);
};
port2.postMessage(null);`;

/**
 * The longest gap of a page that does nothing while threads beside it only count: what the machine makes of it.
 *
 * @param duration ms; the longer one looks, the longer is the longest
 */
export async function longestGapBeside(threads: number, duration: number): Promise<number> {
  const url = URL.createObjectURL(new Blob([COUNT], { type: 'text/javascript' }));
  const workers = Array.from({ length: threads }, () => new Worker(url));
  try {
    const wait = () => new Promise((resolve) => setTimeout(resolve, duration));
    return (await withLongestGap(wait)).longestGap;
  } finally {
    for (const worker of workers) worker.terminate();
    URL.revokeObjectURL(url);
  }
}

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
