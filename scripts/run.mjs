// Runs a TypeScript tool: `node scripts/run.mjs scripts/serve.ts --port 8080`.
// Node 20 cannot run TypeScript, so the entry is bundled first; packages stay where npm put them.
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error('usage: node scripts/run.mjs TOOL.ts [arguments]');
  process.exit(2);
}
const outfile = path.resolve('build/tools', entry.replace(/\.ts$/, '.mjs'));
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.argv = [process.argv[0], path.resolve(entry), ...rest];
await import(pathToFileURL(outfile).href);
