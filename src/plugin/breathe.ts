/** Longest stretch of work without a break, ms: half a frame at 60 Hz. */
const SLICE = 8;

const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };

/** Lets the page answer input when the slice is used up. */
export async function breathe(slice: { start: number }): Promise<void> {
  if (performance.now() - slice.start < SLICE) return;
  // A timer would wait for a second at a time in a hidden tab.
  if (scheduler?.yield) await scheduler.yield();
  else await new Promise((resolve) => setTimeout(resolve));
  slice.start = performance.now();
}
