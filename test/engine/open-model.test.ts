import { expect } from '@open-wc/testing';
import { fineMode } from '../../src/engine/clap-fine-mode.js';
import { givesFrameEmbeddings } from '../../src/engine/clap-frame-embeddings.js';
import { handOver, readVerified, type ReadableFile } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { offerFolderModel } from '../../src/engine/folder-offer.js';
import { hashFile } from '../../src/engine/hash-file.js';
import { HUB } from '../../src/engine/hub-catalog.js';
import { downloadModel } from '../../src/engine/model-download.js';
import { ModelStore } from '../../src/engine/model-store.js';
import { openHubModel, openKeptModel } from '../../src/engine/open-model.js';
import { FakeHub } from '../helpers/fake-hub.js';
import { clapFolder } from './clap-folder.js';

const { fetch: realFetch } = globalThis;
const REFERENCE = { id: 'Xenova/clap-htsat-unfused', host: HUB };

async function clearStore(): Promise<ModelStore> {
  const store = await ModelStore.open();
  for (const { key } of await store.list()) await store.delete(key);
  return store;
}

/** Reads as a worker does. */
async function bytesOf(file: ReadableFile): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await handOver(file, readVerified));
}

async function tinyClapHub(): Promise<FakeHub> {
  const folder = await clapFolder();
  const files = folder.list.map(async ({ path }) => [path, await bytesOf(folder.file(path))] as const);
  return new FakeHub(new Map(await Promise.all(files)));
}

async function failure(promise: Promise<unknown>): Promise<EarmarkError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EarmarkError)) throw new Error(`expected an EarmarkError, got ${String(error)}`);
  return error;
}

describe('opening a model that is not built in', () => {
  let store: ModelStore;

  beforeEach(async () => {
    store = await clearStore();
  });

  afterEach(async () => {
    globalThis.fetch = realFetch;
    await clearStore();
  });

  it('downloads a hub’s at the first need, and asks nobody from then on', async () => {
    const hub = await tinyClapHub();
    globalThis.fetch = (input, init = {}) => hub.fetch(new URL(input as URL), init);
    const first = await openHubModel(REFERENCE, false, hashFile);
    expect(first.descriptor).to.include({ kind: 'windows', name: 'CLAP', revision: hub.commit, licence: 'Apache-2.0' });
    expect(first.audioGraphs('wasm')[0]).to.include({ dtype: 'q8' });
    const requests = hub.requests.length;
    hub.manners.offline = true;
    const second = await openHubModel(REFERENCE, false, hashFile);
    expect(second.textHash).to.equal(first.textHash);
    expect((await bytesOf((await second.readTextModel()).graph)).length).to.equal(85_061);
    expect(hub.requests).to.have.length(requests);
  });

  it('goes on with a download that was cut off', async () => {
    const hub = await tinyClapHub();
    globalThis.fetch = (input, init = {}) => hub.fetch(new URL(input as URL), init);
    hub.manners.failsAfter = 100_000;
    expect((await failure(openHubModel(REFERENCE, false, hashFile))).code).to.equal('model-missing');
    hub.manners.failsAfter = null;
    hub.requests.length = 0;
    await openHubModel(REFERENCE, false, hashFile);
    expect(hub.requests[0]).to.match(/audio_model_quantized\.onnx bytes=100000-$/);
  });

  it('has the graph that fine mode needs, of the same commit, and does without where that cannot be had', async () => {
    const hub = await tinyClapHub();
    globalThis.fetch = (input, init = {}) => hub.fetch(new URL(input as URL), init);
    await openHubModel(REFERENCE, false, hashFile);
    const { commit } = hub;
    hub.manners.offline = true;
    const coarse = await openHubModel(REFERENCE, true, hashFile);
    expect(coarse.audioGraphs('wasm').map(({ dtype }) => dtype)).to.deep.equal(['q8']);
    hub.manners.offline = false;
    hub.requests.length = 0;
    const whole = await openHubModel(REFERENCE, true, hashFile);
    expect(whole.audioGraphs('wasm').map(({ dtype }) => dtype)).to.deep.equal(['q8', 'fp32']);
    expect(
      (await fineMode(whole, async (graph) => givesFrameEmbeddings(await bytesOf(graph)))).descriptor.kind,
    ).to.equal('frames');
    expect(hub.requests[0]).to.contain(`/revision/${commit}`);
    expect(hub.fetched).to.deep.equal(['onnx/audio_model.onnx']);
    await clearStore();
    hub.requests.length = 0;
    await openHubModel(REFERENCE, true, hashFile);
    expect(hub.fetched, 'at once').to.include('onnx/audio_model.onnx');
  });

  it('opens a folder with a model.json as what that says', async () => {
    const names = ['model.json', 'config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];
    const files = [...names, 'classes.json', 'onnx/audio_model.onnx', 'onnx/text_model.onnx'].map(async (name) => ({
      path: `pocket/${name}`,
      file: new File([await (await fetch(`/models/pocket/${name}`)).blob()], name),
    }));
    const offer = await offerFolderModel(await Promise.all(files), null);
    const { key } = await downloadModel(offer, store);
    globalThis.fetch = () => Promise.reject(new Error('nothing may be fetched'));
    const model = await openKeptModel(key);
    expect(model.descriptor).to.include({ kind: 'frames', id: 'pocket', calibrated: true });
    expect((await bytesOf(model.audioGraphs('wasm')[0]!)).length).to.equal(1_883_893);
    expect((await model.readTextModel()).classes).to.have.length(527);
  });

  it('says that the browser has removed it', async () => {
    const error = await failure(openKeptModel('0123456789abcdef01234567'));
    expect(error.code).to.equal('model-incomplete');
    expect(error.message).to.contain('not on this device any more').and.to.contain('built-in');
  });
});
