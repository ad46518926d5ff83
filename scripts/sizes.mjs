// Size budgets: our own code, minified and gzipped, per public module; libraries are listed beside it.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;

/** What each module may weigh, in bytes after gzip -9, without its libraries. */
export const BUDGETS = {
  plugin: { entry: 'src/plugin/host/wavesurfer.ts', bytes: 15 * KB },
  ui: { entry: 'src/ui/index.ts', bytes: 25 * KB },
  dsp: { entry: 'src/dsp/index.ts', bytes: 10 * KB },
};

/** Gzipped bytes of one entry with every package left out. */
async function gzippedOwnBytes(entry) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    packages: 'external',
    write: false,
    logLevel: 'silent',
  });
  return gzipSync(result.outputFiles[0].contents, { level: 9 }).length;
}

/** @returns {Promise<Record<string, {bytes: number, budget: number}>>} */
export async function measureSizes() {
  const sizes = {};
  for (const [name, { entry, bytes }] of Object.entries(BUDGETS)) {
    if (existsSync(entry)) sizes[name] = { bytes: await gzippedOwnBytes(entry), budget: bytes };
  }
  return sizes;
}

/** Prints the sizes; false when one is over its budget. */
export async function checkSizes(metafiles = []) {
  let good = true;
  for (const [name, { bytes, budget }] of Object.entries(await measureSizes())) {
    const over = bytes > budget;
    good &&= !over;
    console.log(
      `${name.padEnd(26)} ${(bytes / KB).toFixed(1).padStart(7)} kB gz of ${budget / KB} kB${over ? '  OVER BUDGET: move code to a module that is loaded when needed, or raise the budget in scripts/sizes.mjs with the reason' : ''}`,
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
