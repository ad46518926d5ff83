import { expect } from '@open-wc/testing';
import { handOver, readVerified } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { offerFolderModel, type FolderFile } from '../../src/engine/folder-offer.js';
import { offerHostedModel } from '../../src/engine/hosted-offer.js';
import { downloadModel, type ModelFetch } from '../../src/engine/model-download.js';
import type { ModelFiles } from '../../src/engine/model-files.js';
import { ModelStore } from '../../src/engine/model-store.js';
import { clapLikeFiles } from '../helpers/fake-hub.js';

const POCKET = new URL('/models/pocket/', location.href);
const CPU = { gpu: null, whole: false } as const;
const OWN = new URL('https://models.example/clap%20a/');

async function failure(promise: Promise<unknown>): Promise<EarmarkError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EarmarkError)) throw new Error(`expected an EarmarkError, got ${String(error)}`);
  return error;
}

async function emptyStore(): Promise<ModelStore> {
  const store = await ModelStore.open();
  for (const { key } of await store.list()) await store.delete(key);
  return store;
}

function folderOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, root = 'my clap'): FolderFile[] {
  return [...files].map(([path, bytes]) => ({
    path: `${root}/${path}`,
    file: new File([bytes], path.split('/').at(-1)!),
  }));
}

/** A web server with some files that knows nothing of models. */
function serving(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, etag = '"1"') {
  const requests: [path: string, headers: Headers][] = [];
  const fetchFile: ModelFetch = (url, init) => {
    const path = url.href.slice(OWN.href.length);
    const headers = new Headers(init.headers);
    requests.push([path, headers]);
    const bytes = files.get(path);
    if (!bytes) return Promise.resolve(new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }));
    const start = Number(/\d+/.exec(headers.get('Range') ?? '')?.[0] ?? 0);
    const answer = { ETag: etag, 'Content-Length': String(bytes.length) };
    if (init.method === 'HEAD') return Promise.resolve(new Response(null, { headers: answer }));
    return Promise.resolve(new Response(bytes.slice(start), { status: start > 0 ? 206 : 200, headers: { ...answer } }));
  };
  return { requests, fetchFile };
}

/** Reads as a worker does. */
async function read(files: ModelFiles, path: string): Promise<Uint8Array> {
  return new Uint8Array(await handOver(files.file(path), readVerified));
}

describe('a model on an own server', () => {
  it('is taken in the hub’s layout, without hashes, and checked against the first download ever after', async () => {
    const files = clapLikeFiles(10_000);
    const { fetchFile } = serving(files);
    const offer = await offerHostedModel(OWN, { gpu: 'fp16', whole: false }, fetchFile);
    expect(offer.identity).to.include({ name: 'clap a', licence: 'unknown' });
    expect(offer.place).to.deep.equal({ kind: 'url', from: OWN.href });
    expect(offer.files.map(({ path }) => path)).to.include.members(['config.json', 'onnx/audio_model_fp16.onnx']);
    expect(offer.files.every(({ stated }) => stated === null)).to.equal(true);
    const model = await downloadModel(offer, await emptyStore(), { fetchFile });
    const kept = model.checkedFiles;
    expect(kept.list.every(({ sha256 }) => sha256.length === 64)).to.equal(true);
    expect(await read(kept, 'tokenizer.json')).to.deep.equal(files.get('tokenizer.json'));
    await model.append('tokenizer.json', new Blob([' ']));
    expect((await failure(read(kept, 'tokenizer.json'))).code).to.equal('model-incomplete');
  });

  it('is not continued with the rest of another file', async () => {
    const path = 'onnx/audio_model_quantized.onnx';
    const { requests, fetchFile } = serving(clapLikeFiles(10_000));
    const offer = await offerHostedModel(OWN, CPU, fetchFile);
    const store = await emptyStore();
    const begun = await store.keep(offer);
    await begun.append(path, new Blob([new Uint8Array(100)]));
    await downloadModel(offer, store, { fetchFile });
    const [, headers] = requests.find(([asked, sent]) => asked === path && sent.has('Range'))!;
    expect(headers.get('Range')).to.equal('bytes=100-');
    expect(headers.get('If-Range')).to.equal('"1"');
  });

  it('is told by its model.json where it has one', async () => {
    const offer = await offerHostedModel(POCKET, CPU, (url, init) => fetch(url, init));
    expect(offer.identity).to.deep.equal({ id: 'pocket', name: 'Pocket', revision: '2', licence: 'MIT' });
    expect(offer.files.filter(({ stated }) => stated?.algorithm === 'sha256').length).to.equal(offer.files.length - 1);
  });

  it('is refused where there is none, with the file that is missing', async () => {
    const files = clapLikeFiles(10);
    files.delete('preprocessor_config.json');
    const error = await failure(offerHostedModel(OWN, CPU, serving(files).fetchFile));
    expect(error.code).to.equal('model-missing');
    expect(error.message).to.contain('preprocessor_config.json').and.to.contain(OWN.href);
  });
});

describe('a model in a folder', () => {
  it('is copied to where the browser keeps models, and is there without the folder', async () => {
    const files = clapLikeFiles(10_000);
    const offer = await offerFolderModel(folderOf(files, 'downloads/my clap'), null);
    expect(offer.identity.name).to.equal('my clap');
    expect(offer.place).to.deep.equal({ kind: 'folder', from: 'my clap' });
    const store = await emptyStore();
    await downloadModel(offer, store, { fetchFile: () => Promise.reject(new Error('nothing may be fetched')) });
    const [model] = await store.list();
    for (const { path } of offer.files) {
      expect(await read(model!.checkedFiles, path)).to.deep.equal(files.get(path));
    }
  });

  it('takes a folder with a model.json as what that says, and refuses a file with another hash', async () => {
    const paths = ['config.json', 'tokenizer.json', 'model.json'];
    const pocket = new Map(
      await Promise.all(
        paths.map(async (path) => {
          const response = await fetch(new URL(path, POCKET));
          return [path, new Uint8Array(await response.arrayBuffer())] as const;
        }),
      ),
    );
    const offer = await offerFolderModel(folderOf(pocket), null);
    expect(offer.identity.name).to.equal('Pocket');
    expect(offer.files).to.have.length(3);
    pocket.get('config.json')![0]! ^= 1;
    const damaged = await offerFolderModel(folderOf(pocket), null);
    const error = await failure(downloadModel(damaged, await emptyStore()));
    expect(error.message).to.contain('config.json').and.to.contain('hash');
  });

  it('says which file is missing', async () => {
    const files = clapLikeFiles(10);
    for (const dtype of ['', '_quantized']) files.delete(`onnx/text_model${dtype}.onnx`);
    const error = await failure(offerFolderModel(folderOf(files), null));
    expect(error.message).to.contain('onnx/text_model.onnx').and.to.contain('my clap');
    expect((await failure(offerFolderModel([], null))).message).to.contain('config.json');
  });
});
