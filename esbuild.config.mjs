// Builds the package (`dist/`) and, from it, the demo (`site/`).
//
//   node esbuild.config.mjs            package and demo, minified, within the size budgets
//   node esbuild.config.mjs --watch    the same, rebuilt on every change, not minified
import { build, context } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkSizes } from './scripts/sizes.mjs';
import { stripIndent } from './scripts/strip-indent.mjs';

/** Entries of the package: its public modules and the workers that they start. */
export const PACKAGE_ENTRIES = {
  earmark: 'src/plugin/index.ts',
  wavesurfer: 'src/plugin/host/wavesurfer.ts',
  ui: 'src/ui/index.ts',
  dsp: 'src/dsp/index.ts',
  remote: 'src/plugin/remote-engine.ts',
  'analysis.worker': 'src/engine/analysis.worker.ts',
  'analysis-webgpu.worker': 'src/engine/analysis-webgpu.worker.ts',
  'decode.worker': 'src/engine/decode.worker.ts',
  'render.worker': 'src/engine/render.worker.ts',
  'separation.worker': 'src/engine/separation.worker.ts',
};

/** Libraries that stay imports of the published modules; workers have no importer who could provide them. */
const PEERS = ['lit', 'lit/*', 'wavesurfer.js', 'wavesurfer.js/*', 'tone', 'tone/*'];

const RUNTIME_FILES = ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm'];

const shared = {
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2022'],
  metafile: true,
  sourcemap: true,
  logLevel: 'warning',
  legalComments: 'linked',
};

function existing(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
}

/** The published modules, which keep their libraries as imports, and the workers, which carry theirs. */
export function packageOptions({ outdir = 'dist', minify = true } = {}) {
  const entries = Object.entries(existing(PACKAGE_ENTRIES));
  const workers = Object.fromEntries(entries.filter(([name]) => name.endsWith('.worker')));
  const modules = Object.fromEntries(entries.filter(([name]) => !name.endsWith('.worker')));
  return [
    {
      ...shared,
      entryPoints: modules,
      outdir,
      minify,
      splitting: true,
      external: PEERS,
      plugins: minify ? [stripIndent] : [],
      chunkNames: 'chunks/[name]-[hash]',
    },
    { ...shared, entryPoints: workers, outdir, minify },
  ];
}

/**
 * The demo pages, bundled whole, from the built package: without tsconfig.json, whose `paths` lead type checks to the
 * sources, `earmark/…` is what package.json exports.
 */
export function siteOptions({ minify = true } = {}) {
  return {
    ...shared,
    entryPoints: existing({
      demo: 'demo/demo.ts',
      embed: 'demo/embed.ts',
      'recorder.worklet': 'demo/recorder.worklet.ts',
    }),
    outdir: 'site',
    minify,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    tsconfigRaw: {},
  };
}

/** Puts what the workers load beside them: the runtime's WebAssembly and the built-in model. */
export async function copyRuntimeFiles(outdir) {
  await mkdir(outdir, { recursive: true });
  await Promise.all([
    ...RUNTIME_FILES.map((file) => cp(path.join('node_modules/onnxruntime-web/dist', file), path.join(outdir, file))),
    cp('models', path.join(outdir, 'models'), { recursive: true }),
  ]);
}

async function copySiteFiles() {
  await mkdir('site', { recursive: true });
  for (const file of ['index.html', 'embed.html', 'demo.css', 'favicon.svg', 'media']) {
    if (existsSync(`demo/${file}`)) await cp(`demo/${file}`, `site/${file}`, { recursive: true });
  }
  await cp('dist', 'site/earmark', { recursive: true, filter: (file) => !file.includes('/types') });
}

/** Builds package and demo; resolves with the metafiles of the package's builds. */
export async function buildAll({ minify = true, site = true } = {}) {
  await Promise.all([rm('dist', { recursive: true, force: true }), rm('site', { recursive: true, force: true })]);
  await copyRuntimeFiles('dist');
  const results = await Promise.all(packageOptions({ minify }).map((options) => build(options)));
  if (site) {
    await copySiteFiles();
    await build(siteOptions({ minify }));
  }
  return results.map((result) => result.metafile);
}

async function watchAll() {
  await copyRuntimeFiles('dist');
  await copySiteFiles();
  const mirror = {
    name: 'mirror-to-site',
    setup: (builder) => builder.onEnd(() => copySiteFiles()),
  };
  for (const options of packageOptions({ minify: false })) {
    await (await context({ ...options, plugins: [mirror] })).watch();
  }
  await (await context(siteOptions({ minify: false }))).watch();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--watch')) {
    await watchAll();
  } else {
    const metafiles = await buildAll();
    if (!(await checkSizes(metafiles))) process.exit(1);
  }
}
