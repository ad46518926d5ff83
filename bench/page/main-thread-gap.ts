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

/** The longest of all gaps is that of the machine's worst moment, and longer the longer one looks; this is looked at by itself. */
const STRETCH = 3000;

/**
 * The gaps of a page that does nothing while threads beside it only count: what the machine makes of it.
 *
 * @param duration ms
 * @returns as {@link withLongestGaps}
 */
export async function longestGapsBeside(threads: number, duration: number): Promise<number[]> {
  const url = URL.createObjectURL(new Blob([COUNT], { type: 'text/javascript' }));
  const workers = Array.from({ length: threads }, () => new Worker(url));
  try {
    const wait = () => new Promise((resolve) => setTimeout(resolve, duration));
    return (await withLongestGaps(wait)).longestGaps;
  } finally {
    for (const worker of workers) worker.terminate();
    URL.revokeObjectURL(url);
  }
}

/**
 * Watches the main thread while something runs.
 *
 * @returns its result, and the longest time in ms for which the page could not have answered a click, of every three
 *   seconds
 */
export async function withLongestGaps<T>(work: () => Promise<T>): Promise<{ result: T; longestGaps: number[] }> {
  performance.mark(WATCH_BEGIN);
  const longestGaps: number[] = [];
  const start = performance.now();
  let last = start;
  const tick = () => {
    const now = performance.now();
    const stretch = Math.floor((last - start) / STRETCH);
    longestGaps[stretch] = Math.max(longestGaps[stretch] ?? 0, now - last - TICK);
    last = now;
  };
  const timer = setInterval(tick, TICK);
  try {
    const result = await work();
    // A gap at the very end has not been ticked yet.
    tick();
    return { result, longestGaps };
  } finally {
    clearInterval(timer);
    performance.mark(WATCH_END);
  }
}
