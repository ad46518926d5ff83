// Size budgets: our own code, minified and gzipped, per public module; libraries are listed beside it.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { stripIndent } from './strip-indent.mjs';

const KB = 1000;

/** What each module may weigh, in bytes after gzip -9, without its libraries. */
export const BUDGETS = {
  plugin: { entry: 'src/plugin/host/wavesurfer.ts', bytes: 15 * KB },
  ui: { entry: 'src/ui/index.ts', bytes: 25 * KB },
  dsp: { entry: 'src/dsp/index.ts', bytes: 10 * KB },
};

/** What one entry loads at once, and what it loads when it is needed: gzipped bytes of own code, packages left out. */
async function gzippedOwnBytes(entry) {
  const result = await build({
    entryPoints: { entry },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    packages: 'external',
    plugins: [stripIndent],
    outdir: 'sizes',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const bytesOf = new Map(
    result.outputFiles.map((file) => [path.relative('.', file.path), gzipSync(file.contents, { level: 9 }).length]),
  );
  const atOnce = new Set();
  const follow = (output) => {
    if (atOnce.has(output)) return;
    atOnce.add(output);
    for (const { path: imported, kind, external } of result.metafile.outputs[output].imports) {
      if (kind === 'import-statement' && !external) follow(imported);
    }
  };
  follow('sizes/entry.js');
  let bytes = 0;
  let later = 0;
  for (const [output, size] of bytesOf) {
    if (atOnce.has(output)) bytes += size;
    else later += size;
  }
  return { bytes, later };
}

/** @returns {Promise<Record<string, {bytes: number, later: number, budget: number}>>} */
export async function measureSizes() {
  const sizes = {};
  for (const [name, { entry, bytes }] of Object.entries(BUDGETS)) {
    if (existsSync(entry)) sizes[name] = { ...(await gzippedOwnBytes(entry)), budget: bytes };
  }
  return sizes;
}

/** Prints the sizes; false when one is over its budget. */
export async function checkSizes(metafiles = []) {
  let good = true;
  for (const [name, { bytes, later, budget }] of Object.entries(await measureSizes())) {
    const over = bytes > budget;
    good &&= !over;
    console.log(
      `${name.padEnd(26)} ${(bytes / KB).toFixed(1).padStart(7)} kB gz of ${budget / KB} kB${later > 0 ? `, ${(later / KB).toFixed(1)} kB more when needed` : ''}${over ? '  OVER BUDGET: move code to a module that is loaded when needed, or raise the budget in scripts/sizes.mjs with the reason' : ''}`,
    );
  }
  for (const metafile of metafiles) {
    for (const [file, output] of Object.entries(metafile.outputs)) {
      if (file.endsWith('.worker.js'))
        console.log(`${file.padEnd(26)} ${(output.bytes / KB).toFixed(0).padStart(7)} kB with its libraries`);
    }
  }
  return good;
}
