import type { BuildOptions, Metafile } from 'esbuild';

export const PACKAGE_ENTRIES: Readonly<Record<string, string>>;
export function packageOptions(options?: { outdir?: string; minify?: boolean }): BuildOptions[];
export function siteOptions(options?: { minify?: boolean }): BuildOptions;
export function buildAll(options?: { minify?: boolean; site?: boolean }): Promise<Metafile[]>;
export function copyRuntimeFiles(outdir: string): Promise<void>;
