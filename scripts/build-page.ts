import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { copyRuntimeFiles, packageOptions } from '../esbuild.config.mjs';

/** Bundles a script into `page.js`, and puts an empty page beside it that runs it. */
export async function buildPage(entry: string, folder: string): Promise<void> {
  await build({
    entryPoints: { page: entry },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/index.html`, '<!doctype html><script type="module" src="page.js"></script>');
}

/** Builds the package into `earmark/` beside the page, so that a `dist/` that is in use stays as it is. */
export async function buildPackage(folder: string): Promise<void> {
  const outdir = `${folder}/earmark`;
  await copyRuntimeFiles(outdir);
  await Promise.all(packageOptions({ outdir }).map((options) => build(options)));
}
