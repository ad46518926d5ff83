/**
 * Gives the memory of arrays back that nobody uses any more. A collector would let garbage of this size pile up, in each
 * worker by itself, and long files make much of it.
 *
 * @param arrays made by this thread, and never given to the platform (transferred, decoded into, posted): what it has
 *   seen it holds until its own collector runs, and nothing would come back; see {@link releaseSeen}
 */
export function releaseMemory(arrays: readonly Float32Array<ArrayBuffer>[]): void {
  for (const { buffer } of arrays) {
    // Arrays may share one.
    if (buffer.byteLength > 0) (buffer as TransferableBuffer).transfer?.(0);
  }
}

let nowhere: MessagePort | null = null;

/**
 * The same for what the platform has seen: come from another thread, read from a file, hashed. It is sent on to nobody,
 * which moves it out of the platform's hands, and it ends with the message.
 */
export function releaseSeen(buffers: Iterable<ArrayBuffer>): void {
  nowhere ??= portToNobody();
  nowhere.postMessage(null, [...buffers]);
}

function portToNobody(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

/** In every browser since 2024. */
interface TransferableBuffer extends ArrayBuffer {
  transfer?(byteLength: number): ArrayBuffer;
}
