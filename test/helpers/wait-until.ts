/** Resolves when `condition` holds; rejects with `what` when it does not within a time. */
export async function waitUntil(what: string, condition: () => boolean, milliseconds = 5_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`In ${milliseconds} ms it did not happen that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
