import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TSC = path.resolve('node_modules/.bin/tsc');

interface PackageJson {
  readonly exports: Record<string, string | { readonly types: string; readonly default: string }>;
}

interface SourceMap {
  readonly sources: readonly string[];
}

/** Files that an export leads to; `*` stands for any one file there. */
function targets({ exports }: PackageJson): string[] {
  return Object.values(exports)
    .flatMap((target) => (typeof target === 'string' ? [target] : [target.types, target.default]))
    .map((target) => target.replace(/^\.\//, ''));
}

/** A project that has the package installed as npm would install it, and uses it. */
async function makeConsumer(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'earmark-consumer-'));
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(process.cwd(), path.join(folder, 'node_modules/earmark'));
  await symlink(path.resolve('node_modules/wavesurfer.js'), path.join(folder, 'node_modules/wavesurfer.js'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        types: [],
        skipLibCheck: true,
      },
      files: ['consumer.ts'],
    }),
  );
  await writeFile(
    path.join(folder, 'consumer.ts'),
    `import WaveSurfer from 'wavesurfer.js';
import { createEarmark, EarmarkError, type Region } from 'earmark';
import { Earmark } from 'earmark/wavesurfer';
import 'earmark/ui';
import * as dsp from 'earmark/dsp';
import { remoteEngine } from 'earmark/remote';

const wavesurfer = WaveSurfer.create({ container: document.body });
const plugin = wavesurfer.registerPlugin(Earmark.create({ model: 'pocket' }));
document.querySelector('earmark-panel')!.earmark = plugin;
const regions: Region[] = await plugin.find('dog bark');
const starts: number[] = regions.map((region) => region.start);
const bare: EarmarkError | null = null;
const createEngine = remoteEngine({ url: 'https://inference.example/', model: 'pocket_audio' });
export const all = [starts, createEarmark({ createEngine }), bare, dsp];
// @ts-expect-error: the types are real, so a wrong one is refused
await plugin.find(42);
`,
  );
  return folder;
}

describe('the package', () => {
  let packed: Set<string>;
  let consumer: string;

  before(async () => {
    await run(TSC, ['-p', 'tsconfig.types.json']);
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [report] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    packed = new Set(report.files.map((file) => file.path));
    consumer = await makeConsumer();
  });

  after(() => rm(consumer, { recursive: true, force: true }));

  it('holds every file that its exports lead to', async () => {
    const json = JSON.parse(await readFile('package.json', 'utf8')) as PackageJson;
    for (const target of targets(json)) {
      const folder = target.split('*')[0]!;
      const found = target.includes('*') ? [...packed].some((file) => file.startsWith(folder)) : packed.has(target);
      assert.ok(found, `${target} is exported but not packed`);
    }
  });

  it('holds its workers, wasm files, model, licence and notices', () => {
    for (const file of [
      'dist/analysis.worker.js',
      'dist/analysis-webgpu.worker.js',
      'dist/decode.worker.js',
      'dist/render.worker.js',
      'dist/separation.worker.js',
      'dist/ort-wasm-simd-threaded.wasm',
      'dist/ort-wasm-simd-threaded.asyncify.wasm',
      'dist/models/pocket/model.json',
      'dist/models/pocket/README.md',
      'LICENSE',
      'NOTICE',
      'licences/Apache-2.0.txt',
      'licences/MPL-2.0.txt',
      'README.md',
      'manifest.json',
    ]) {
      assert.ok(packed.has(file), `${file} is not packed`);
    }
  });

  it('says in its notices whose code is inside of it, and where the licences are that it points to', async () => {
    const notice = await readFile('NOTICE', 'utf8');
    const maps = (await readdir('dist', { recursive: true })).filter((file) => file.endsWith('.js.map'));
    const sources = await Promise.all(
      maps.map(async (file) => (JSON.parse(await readFile(path.join('dist', file), 'utf8')) as SourceMap).sources),
    );
    const packages = new Set(
      sources.flat().flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []),
    );
    // What onnxruntime-web was built of itself.
    packages.delete('common');
    assert.ok(packages.size > 3, [...packages].join());
    for (const name of packages) assert.match(notice, new RegExp(`^  ${name} `, 'm'));
    const named = notice.match(/licences\/[\w.-]+\.txt/g) ?? [];
    for (const file of named) assert.ok(packed.has(file), `${file} is not packed`);
    assert.ok(named.length > 0);
  });

  it('holds nothing of the sources, the tests, the demo and its sounds', () => {
    const foreign = [...packed].filter((file) => /^(src|test|demo|site|bench|scripts|docs)\/|\.flac$/.test(file));
    assert.deepEqual(foreign, []);
  });

  it('can be imported in Node with all its entries', async () => {
    const entries = ['earmark', 'earmark/wavesurfer', 'earmark/ui', 'earmark/dsp', 'earmark/remote'];
    const script = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join('\n');
    await run(process.execPath, ['--input-type=module', '-e', script], { cwd: consumer });
  });

  it('works in a bundle that is no module, which has to say where the files are', async () => {
    await writeFile(
      path.join(consumer, 'script.js'),
      `import { createEarmark } from 'earmark';
createEarmark({ assetBase: 'https://editor.example/earmark/' }).destroy();
try { createEarmark(); } catch (error) { console.log(error.code, error.message); }
`,
    );
    const bundle = path.join(consumer, 'bundle.cjs');
    await build({
      absWorkingDir: consumer,
      entryPoints: ['script.js'],
      bundle: true,
      format: 'iife',
      outfile: bundle,
      logLevel: 'error',
    });
    const { stdout } = await run(process.execPath, [bundle]);
    assert.match(stdout, /^bad-option .*assetBase/);
  });

  it('has types that a strict project compiles against, and that refuse what is wrong', async () => {
    await access(path.join(consumer, 'node_modules/earmark/dist/types/plugin/index.d.ts'));
    await run(TSC, ['-p', consumer]).catch((error: { stdout: string }) => assert.fail(error.stdout));
  });
});
