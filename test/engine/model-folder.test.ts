import { expect } from '@open-wc/testing';
import { handOver, OtherFileError, readVerified, type ReadableFile } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { ModelFolder } from '../../src/engine/model-folder.js';

const FOLDER = new URL('/models/pocket/', location.href);

/** Answers some files of the folder itself, and keeps book of all requests. */
function serving(answers: Record<string, () => Response> = {}) {
  const requested: string[] = [];
  const fetchFile = async (url: URL, init: RequestInit) => {
    requested.push(url.href);
    const answer = answers[url.href.slice(FOLDER.href.length)];
    return answer === undefined ? fetch(url, init) : answer();
  };
  return { requested, fetchFile };
}

async function failure(promise: Promise<unknown>): Promise<EarmarkError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EarmarkError)) throw new Error(`expected an EarmarkError, got ${String(error)}`);
  return error;
}

async function manifest(changes: object): Promise<() => Response> {
  const original = (await (await fetch(new URL('model.json', FOLDER))).json()) as object;
  return () => Response.json({ ...original, ...changes });
}

/** Reads as a worker does. */
const bytesOf = (file: ReadableFile) => handOver(file, readVerified);

describe('ModelFolder', () => {
  it('reads what Pocket says of itself, and asks for nothing outside the folder', async () => {
    const { requested, fetchFile } = serving();
    const folder = await ModelFolder.open(FOLDER, undefined, fetchFile);
    const { descriptor } = folder;
    expect(descriptor).to.include({ id: 'pocket', licence: 'MIT', sampleRate: 32000, melHop: 320, dimension: 256 });
    expect(descriptor).to.include({ melFramesPerFrame: 16, windowFrames: 63, minMelFrames: 200, logitScale: 61.1527 });
    expect(descriptor.calibrated).to.equal(true);
    expect((await bytesOf(folder.audioGraphs('wasm')[0])).byteLength).to.equal(1_883_893);
    const { classes, graph } = await folder.readTextModel();
    expect((await bytesOf(graph)).byteLength).to.equal(6_629_275);
    expect(classes.length).to.equal(527);
    expect(requested.filter((url) => !url.startsWith(FOLDER.href))).to.deep.equal([]);
    const fetched = new Set(requested.map((url) => url.slice(FOLDER.href.length)));
    const bytes = descriptor.files.filter(({ path }) => fetched.has(path)).reduce((sum, file) => sum + file.bytes, 0);
    expect(descriptor.bytes).to.equal(bytes);
  });

  it('accepts a URL without a slash at its end', async () => {
    const folder = await ModelFolder.open(new URL('/models/pocket', location.href));
    expect(folder.descriptor.id).to.equal('pocket');
  });

  it('says that a folder is missing, and where it was looked for', async () => {
    const error = await failure(ModelFolder.open(new URL('/models/nowhere/', location.href)));
    expect(error.code).to.equal('model-missing');
    expect(error.message).to.contain('/models/nowhere/model.json').and.to.contain('404');
  });

  it('says that the server cannot be reached', async () => {
    const offline = () => Promise.reject(new TypeError('Failed to fetch'));
    expect((await failure(ModelFolder.open(FOLDER, undefined, offline))).code).to.equal('model-missing');
  });

  it('refuses a page that a server sends instead of model.json', async () => {
    const { fetchFile } = serving({ 'model.json': () => new Response('<!doctype html>') });
    expect((await failure(ModelFolder.open(FOLDER, undefined, fetchFile))).code).to.equal('model-corrupt');
  });

  it('names the field of model.json that is wrong', async () => {
    const { fetchFile } = serving({ 'model.json': await manifest({ windowFrames: 'many' }) });
    const error = await failure(ModelFolder.open(FOLDER, undefined, fetchFile));
    expect(error.code).to.equal('model-corrupt');
    expect(error.message).to.contain('windowFrames');
  });

  it('uses no byte of a file that is not the one described', async () => {
    const graph = new Uint8Array(await (await fetch(new URL('onnx/audio_model.onnx', FOLDER))).arrayBuffer());
    graph[1000] ^= 1;
    for (const bytes of [graph, graph.slice(0, -1)]) {
      const { fetchFile } = serving({ 'onnx/audio_model.onnx': () => new Response(bytes) });
      const folder = await ModelFolder.open(FOLDER, undefined, fetchFile);
      const error = await failure(bytesOf(folder.audioGraphs('wasm')[0]));
      expect(error.code).to.equal('model-corrupt');
      expect(error.message).to.contain('onnx/audio_model.onnx');
    }
  });

  it('goes around a stale copy in the browser’s cache', async () => {
    const path = 'onnx/audio_model.onnx';
    const asked: (string | undefined)[] = [];
    const fetchFile = async (url: URL, init: RequestInit) => {
      if (!url.href.endsWith(path)) return fetch(url, init);
      asked.push(init.cache);
      return init.cache === 'reload' ? fetch(url, init) : new Response('former revision');
    };
    const folder = await ModelFolder.open(FOLDER, undefined, fetchFile);
    const workers = Array.from({ length: 4 }, () => bytesOf(folder.audioGraphs('wasm')[0]));
    for (const { byteLength } of await Promise.all(workers)) expect(byteLength).to.equal(1_883_893);
    expect((await bytesOf(folder.audioGraphs('wasm')[0])).byteLength).to.equal(1_883_893);
    expect(asked, 'once for all').to.deep.equal([undefined, 'reload']);
  });

  it('gives up after the second wrong copy, for all who wait, and fetches anew for those who come later', async () => {
    const path = 'onnx/audio_model.onnx';
    const asked: (string | undefined)[] = [];
    const fetchFile = async (url: URL, init: RequestInit) => {
      if (!url.href.endsWith(path) || asked.length === 3) return fetch(url, init);
      asked.push(init.cache);
      return new Response(`copy ${asked.length}`);
    };
    const folder = await ModelFolder.open(FOLDER, undefined, fetchFile);
    const [graph] = folder.audioGraphs('wasm');
    for (const error of await Promise.all([failure(bytesOf(graph)), failure(bytesOf(graph))])) {
      expect(error).to.be.instanceOf(OtherFileError);
      expect(error.message).to.contain(`${path} is not the file that model.json describes (6 of 1883893 bytes`);
      expect(error.message).to.contain('Copy the folder again');
    }
    expect(asked).to.deep.equal([undefined, 'reload']);
    expect((await bytesOf(graph)).byteLength).to.equal(1_883_893);
    expect(asked).to.deep.equal([undefined, 'reload', undefined]);
  });

  it('does not leave the folder for a file', async () => {
    const outside = { path: '../other/audio_model.onnx', bytes: 1, sha256: '' };
    const graph = { path: outside.path, dtype: 'fp32' };
    const original = (await (await fetch(new URL('model.json', FOLDER))).json()) as { files: object[] };
    const changed = { files: [...original.files, outside], audio: { wasm: graph, webgpu: graph } };
    const { requested, fetchFile } = serving({ 'model.json': await manifest(changed) });
    const folder = await ModelFolder.open(FOLDER, undefined, fetchFile);
    expect((await failure(bytesOf(folder.audioGraphs('wasm')[0]))).code).to.equal('model-corrupt');
    expect(requested.some((url) => url.includes('other'))).to.equal(false);
  });
});
