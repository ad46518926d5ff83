import { readVerified, type DescribedFile } from './described-file.js';
import type { ModelSession } from './model-runtime.js';
import { releaseMemory } from './release-memory.js';

/**
 * Opens the graph in a file once that has been verified. The runtime keeps a copy of its own, so the bytes are given back
 * without waiting for a collector: in a worker that has nothing else to do it may not run for minutes.
 *
 * @param prepare gives the graph as it is opened, or a changed copy
 * @throws OtherFileError
 */
export async function openGraph(
  file: DescribedFile,
  prepare: (graph: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  open: (graph: Uint8Array<ArrayBuffer>) => Promise<ModelSession>,
): Promise<ModelSession> {
  const read = new Uint8Array(await readVerified(file));
  const graph = prepare(read);
  if (graph !== read) releaseMemory([read.buffer]);
  try {
    return await open(graph);
  } finally {
    releaseMemory([graph.buffer]);
  }
}
