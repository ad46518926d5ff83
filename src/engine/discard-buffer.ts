/**
 * Gives the memory of a buffer back at once that was read from a file or hashed. Chromium holds what its platform has seen
 * until its own collector runs, even after `transfer`; but what is posted moves out of its hands, and is gone with the port.
 */
export function discardBuffer(buffer: ArrayBuffer): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(buffer, [buffer]);
  port1.close();
  port2.close();
}
