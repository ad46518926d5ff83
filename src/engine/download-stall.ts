/**
 * The result of some work, unless that takes too long by itself: it rejects then, and the work's end is not waited for.
 *
 * @param milliseconds that the work may take
 * @param stalled what it rejects with
 */
export async function withoutStall<T>(work: Promise<T>, milliseconds: number, stalled: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(stalled()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
