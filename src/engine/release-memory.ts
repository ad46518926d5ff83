let nowhere: MessagePort | null = null;

/**
 * Gives memory back that the platform has seen (come from another thread, read from a file, hashed) and nobody uses any
 * more. It would hold it until its collector runs, in each worker by itself, even after `transfer`, and long files make
 * much of it. What is sent on to nobody leaves the platform's hands, and ends with the message.
 */
export function releaseMemory(buffers: readonly ArrayBuffer[]): void {
  nowhere ??= portToNobody();
  nowhere.postMessage(null, [...buffers]);
}

function portToNobody(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
