import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';

/** Bundles a script with all that it imports into `page.js`, and puts an empty page beside it that runs it. */
export async function buildPage(entry: string, folder: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: `${folder}/page.js`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/index.html`, '<!doctype html><script type="module" src="page.js"></script>');
}
