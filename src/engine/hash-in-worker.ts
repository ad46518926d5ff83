import type { HashFile } from './hash-file.js';
import type { FileHash } from './protocol.js';
import { WorkerClient } from './worker-client.js';

/** Its files come one after another; between downloads it is not needed. */
const IDLE_MS = 5000;

/**
 * Hashes files in a worker, so that a page is not held up by hundreds of megabytes, and does not have them in its memory.
 *
 * @param assetBase where the worker files lie
 */
export function hashInWorker(assetBase: URL): HashFile {
  const client = new WorkerClient({
    url: new URL('analysis.worker.js', assetBase),
    createWorker: (script) => new Worker(script, { type: 'module' }),
    load: async () => {},
    idleMs: IDLE_MS,
  });
  return async (content, algorithm, signal) => {
    const reply = await client.request({ type: 'hash-file', content, algorithm }, { signal });
    return (reply as FileHash).value;
  };
}
