import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { globSync } from 'glob';

interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly main: string;
  readonly types: string;
  readonly workers: readonly string[];
  readonly wasm: readonly string[];
  readonly elements: readonly { readonly tag: string; readonly module: string }[];
  readonly hosts: readonly { readonly id: string; readonly range: string; readonly adapter?: string }[];
  readonly commands: readonly { readonly id: string }[];
  readonly models: readonly {
    readonly id: string;
    readonly revision: string;
    readonly license: string;
    readonly bytes: number;
    readonly files: readonly ModelFile[];
  }[];
  readonly permissions: { readonly contentSecurityPolicy: string };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function readSources(pattern: string): Promise<string> {
  return (await Promise.all(globSync(pattern).map((file) => readFile(file, 'utf8')))).join('\n');
}

describe('manifest.json', async () => {
  const manifest = await readJson<Manifest>('manifest.json');
  const packageJson = await readJson<{
    version: string;
    license: string;
    peerDependencies: Record<string, string>;
  }>('package.json');

  it('is valid under its schema', async () => {
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(await readJson('manifest.schema.json'));
    validate(manifest);
    assert.deepEqual(validate.errors, null);
  });

  it('has a schema that refuses what is wrong', async () => {
    const validate = new Ajv2020().compile(await readJson('manifest.schema.json'));
    assert.equal(validate({ ...manifest, version: 'one' }), false);
    assert.equal(validate({ ...manifest, main: '/elsewhere.js' }), false);
    assert.equal(validate({ ...manifest, surprise: true }), false);
  });

  it('agrees with package.json', () => {
    assert.equal(manifest.version, packageJson.version);
    assert.equal(manifest.license, packageJson.license);
    const wavesurfer = manifest.hosts.find((host) => host.id === 'wavesurfer.js');
    assert.equal(wavesurfer?.range, packageJson.peerDependencies['wavesurfer.js']);
  });

  it('names only files that the build makes', async () => {
    const files = [
      manifest.main,
      ...manifest.workers,
      ...manifest.wasm,
      ...manifest.elements.map((element) => element.module),
      ...manifest.hosts.flatMap((host) => host.adapter ?? []),
      ...manifest.models.flatMap((model) => model.files.map((file) => file.path)),
    ];
    for (const file of files) assert.ok((await stat(file)).isFile(), `${file} is missing`);
  });

  it('names every worker and wasm file that the build makes', () => {
    const built = globSync('dist/*.{worker.js,wasm}').map((file) => `./${file.split(path.sep).join('/')}`);
    assert.deepEqual([...manifest.workers, ...manifest.wasm].sort(), built.sort());
  });

  it('names exactly the elements that the ui entry defines, without what its tools open', async () => {
    const sources = await readSources('src/ui/{*,*/*}.ts');
    const defined = new Set([...sources.matchAll(/define\(\s*'(earmark-[a-z-]+)'/g)].map((match) => match[1]!));
    assert.deepEqual(manifest.elements.map((element) => element.tag).sort(), [...defined].sort());
  });

  it('names only commands that the store takes', async () => {
    const requests = await readFile('src/plugin/requests.ts', 'utf8');
    const types = new Set([...requests.matchAll(/type: '([a-z-]+)'/g)].map((match) => match[1]!));
    assert.ok(types.size > 10, 'the requests could not be read');
    const unknown = manifest.commands.map((command) => command.id).filter((id) => !types.has(id));
    assert.deepEqual(unknown, []);
  });

  it('describes the models as they are, byte for byte', async () => {
    for (const model of manifest.models) {
      const folder = `dist/models/${model.id}`;
      const own = await readJson<{ revision: string; licence: string; files: readonly ModelFile[] }>(
        `${folder}/model.json`,
      );
      assert.equal(model.revision, own.revision);
      assert.equal(model.license, own.licence);
      assert.deepEqual(
        model.files,
        own.files.map((file) => ({ ...file, path: `./${folder}/${file.path}` })),
      );
      assert.equal(
        model.bytes,
        own.files.reduce((sum, file) => sum + file.bytes, 0),
      );
      for (const file of model.files) {
        const bytes = await readFile(file.path);
        assert.equal(bytes.length, file.bytes, file.path);
        assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256, file.path);
      }
    }
  });

  it('asks for no more than the demo page grants', async () => {
    const page = await readFile('demo/index.html', 'utf8');
    const granted = /content="(default-src[^"]*)"/.exec(page)?.[1] ?? '';
    const directives = new Map(
      granted.split(';').map((directive) => {
        const [name, ...sources] = directive.trim().split(/\s+/);
        return [name!, sources] as const;
      }),
    );
    for (const directive of manifest.permissions.contentSecurityPolicy.split(';')) {
      const [name, ...sources] = directive.trim().split(/\s+/);
      const missing = sources.filter((source) => directives.get(name!)?.includes(source) !== true);
      assert.deepEqual(missing, [], `${name} is wider than the page's`);
    }
  });
});
