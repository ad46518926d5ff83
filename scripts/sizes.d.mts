import type { Metafile } from 'esbuild';

/** Our own code of each public module, minified and gzipped, without its libraries. */
export function measureSizes(): Promise<Record<string, { bytes: number; later: number; budget: number }>>;
export function checkSizes(metafiles?: readonly Metafile[]): Promise<boolean>;
