import { readVerified, type DescribedFile } from './described-file.js';
import type { ModelSession } from './model-runtime.js';

/**
 * Opens the graph in a file once that has been verified.
 *
 * @param prepare gives the graph as it is opened, or a changed copy
 * @throws OtherFileError
 */
export async function openGraph(
  file: DescribedFile,
  prepare: (graph: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  open: (graph: Uint8Array<ArrayBuffer>) => Promise<ModelSession>,
): Promise<ModelSession> {
  return open(prepare(new Uint8Array(await readVerified(file))));
}
