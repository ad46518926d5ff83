import { releaseMemory } from './release-memory.js';
import type { StatedHash } from './model-offer.js';

/** Gives a file's hash in lower-case hex. */
export type HashFile = (content: Blob, algorithm: StatedHash['algorithm'], signal?: AbortSignal) => Promise<string>;

/** Hashes a file on this thread, in memory: what the platform hashes has to be there as a whole. */
export const hashFile: HashFile = async (content, algorithm, signal) => {
  // Git puts a header with the length before the bytes.
  const hashed = algorithm === 'sha256' ? content : new Blob([`blob ${content.size}\0`, content]);
  const bytes = await hashed.arrayBuffer();
  signal?.throwIfAborted();
  const digest = new Uint8Array(await crypto.subtle.digest(algorithm === 'sha256' ? 'SHA-256' : 'SHA-1', bytes));
  releaseMemory([bytes]);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
