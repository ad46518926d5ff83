import { expect } from '@open-wc/testing';
import { handOver, readVerified } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { HUB } from '../../src/engine/hub-catalog.js';
import { offerHubModel } from '../../src/engine/hub-offer.js';
import { downloadModel } from '../../src/engine/model-download.js';
import type { ModelFiles } from '../../src/engine/model-files.js';
import { offeredBytes, type GpuDtype, type ModelOffer } from '../../src/engine/model-offer.js';
import { ModelStore, type KeptModel } from '../../src/engine/model-store.js';
import { clapLikeFiles, FakeHub } from '../helpers/fake-hub.js';
import { waitUntil } from '../helpers/wait-until.js';

const GRAPH = 1_000_000;
const TEXT = 'onnx/text_model_quantized.onnx';
const AUDIO = 'onnx/audio_model_quantized.onnx';
const SMALL = ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'];

let hub: FakeHub;
let store: ModelStore;

beforeEach(async () => {
  hub = new FakeHub(clapLikeFiles(GRAPH));
  store = await ModelStore.open();
  for (const { key } of await store.list()) await store.delete(key);
});

after(async () => {
  for (const { key } of await store.list()) await store.delete(key);
});

function offered(gpu: GpuDtype = null, id = hub.id, whole = false): Promise<ModelOffer> {
  return offerHubModel({ id, host: HUB }, { gpu, whole }, hub.fetch);
}

async function download(offer?: ModelOffer, options: Parameters<typeof downloadModel>[2] = {}): Promise<KeptModel> {
  return downloadModel(offer ?? (await offered()), store, { fetchFile: hub.fetch, ...options });
}

async function failure(promise: Promise<unknown>): Promise<EarmarkError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EarmarkError)) throw new Error(`expected an EarmarkError, got ${String(error)}`);
  return error;
}

async function onlyKept(): Promise<KeptModel> {
  const [model, ...others] = await store.list();
  if (!model || others.length > 0) throw new Error(`${others.length + (model ? 1 : 0)} models are kept`);
  return model;
}

/** Reads as a worker does. */
async function read(files: ModelFiles, path: string): Promise<Uint8Array> {
  return new Uint8Array(await handOver(files.file(path), readVerified));
}

async function expectWhole(model: KeptModel): Promise<void> {
  expect(model.isComplete).to.equal(true);
  const files = model.checkedFiles;
  for (const { path } of files.list) {
    expect(await read(files, path), path).to.deep.equal(hub.files.get(path));
  }
}

describe('the offer of a hub', () => {
  it('tells name, licence, commit, bytes and hashes before anything is downloaded', async () => {
    const offer = await offered();
    expect(offer.identity).to.deep.equal({ id: hub.id, name: 'CLAP', licence: 'Apache-2.0', revision: hub.commit });
    expect(offer.place).to.deep.equal({ kind: 'hub', from: 'huggingface.co' });
    expect(offer.files.map(({ path }) => path)).to.deep.equal([...SMALL, AUDIO, TEXT]);
    const bytes = offer.files.reduce((sum, { path }) => sum + hub.files.get(path)!.length, 0);
    expect(offeredBytes(offer)).to.equal(bytes);
    expect(offer.files.map(({ stated }) => stated?.algorithm)).to.deep.equal([
      ...SMALL.map(() => 'git-sha1'),
      'sha256',
      'sha256',
    ]);
    expect(hub.requests).to.have.length(1);
    expect(await store.list()).to.have.length(0);
  });

  it('takes one graph more for a GPU: of halves where it computes with them, never the quantised one', async () => {
    const extra = async (gpu: GpuDtype) => (await offered(gpu)).files.map(({ path }) => path).slice(SMALL.length + 2);
    expect(await extra('fp16')).to.deep.equal(['onnx/audio_model_fp16.onnx']);
    expect(await extra('fp32')).to.deep.equal(['onnx/audio_model.onnx']);
  });

  it('takes a graph that is not quantised where that is wanted, and none twice', async () => {
    const extra = async (gpu: GpuDtype) =>
      (await offered(gpu, hub.id, true)).files.map(({ path }) => path).slice(SMALL.length + 2);
    expect(await extra(null)).to.deep.equal(['onnx/audio_model.onnx']);
    expect(await extra('fp32')).to.deep.equal(['onnx/audio_model.onnx']);
    expect(await extra('fp16')).to.deep.equal(['onnx/audio_model_fp16.onnx']);
    (hub.files as Map<string, unknown>).delete('onnx/audio_model.onnx');
    expect(await extra(null)).to.deep.equal(['onnx/audio_model_fp16.onnx']);
  });

  it('reads a mirror’s headers where it has no API', async () => {
    const fromApi = await offered('fp16');
    hub.manners.api = false;
    hub.manners.redirects = false;
    const fromHeaders = await offered('fp16');
    expect(fromHeaders).to.deep.equal(fromApi);
  });

  it('makes up no hash: a host that states none is refused', async () => {
    hub.manners.api = false;
    const error = await failure(offered());
    expect(error.code).to.equal('model-corrupt');
    expect(error.message).to.contain('no hash').and.to.contain(AUDIO);
  });

  it('names what is wrong: no such model, no model of this kind, no network', async () => {
    expect((await failure(offered(null, 'Xenova/no-such-model'))).message).to.contain('Xenova/no-such-model');
    expect((await failure(offered(null, 'not a model'))).code).to.equal('bad-option');
    (hub.files as Map<string, unknown>).delete('tokenizer.json');
    expect((await failure(offered())).message).to.contain('tokenizer.json');
    hub.manners.offline = true;
    const error = await failure(offered());
    expect(error.code).to.equal('model-missing');
    expect(error.message).to.contain('huggingface.co cannot be reached');
  });
});

describe('the download of a model', () => {
  it('brings every file, checked, from the pinned commit, and keeps it for other visits', async () => {
    const progress: number[] = [];
    const offer = await offered('fp16');
    const model = await download(offer, { onProgress: (loaded) => progress.push(loaded) });
    await expectWhole(model);
    expect(progress.at(-1)).to.equal(offeredBytes(offer));
    expect(progress).to.deep.equal(progress.toSorted((a, b) => a - b));
    const resolved = hub.requests.filter((line) => line.includes('/resolve/'));
    expect(resolved.every((line) => line.includes(`/resolve/${hub.commit}/`))).to.equal(true);
    const requests = hub.requests.length;
    hub.manners.offline = true;
    const later = await onlyKept();
    await expectWhole(later);
    expect(later.identity.revision).to.equal(hub.commit);
    expect(later.place.from).to.equal('huggingface.co');
    expect(hub.requests).to.have.length(requests);
  });

  it('goes on where it was cut off, in another visit too', async () => {
    hub.manners.failsAfter = 400_000;
    const error = await failure(download());
    expect(error.code).to.equal('model-missing');
    expect(error.message).to.contain('40 % of this file');
    const begun = await onlyKept();
    expect(begun.isComplete).to.equal(false);
    expect(await begun.length(AUDIO)).to.equal(400_000);
    hub.manners.failsAfter = null;
    hub.requests.length = 0;
    const rest = begun.offer!;
    await expectWhole(await download(rest));
    expect(hub.fetched).to.deep.equal([AUDIO, TEXT]);
    expect(hub.requests[0]).to.contain('bytes=400000-');
  });

  it('takes up an answer that ends early without saying so', async () => {
    hub.manners.endsAfter = 300_000;
    await expectWhole(await download());
    expect(hub.requests.filter((line) => line.includes(AUDIO)).length).to.equal(4);
  });

  it('says so if a server never sends more', async () => {
    hub.manners.endsAfter = 0;
    const error = await failure(download());
    expect(error.message).to.contain('only a part');
  });

  it('asks a host again that has stopped sending, for the rest only', async () => {
    hub.manners.silentAfter = 400_000;
    const waiting: boolean[] = [];
    const model = await download(undefined, {
      stallMs: 100,
      retryDelaysMs: [10, 20],
      onWaiting: (isWaiting) => {
        waiting.push(isWaiting);
        if (isWaiting && waiting.length > 2) hub.manners.silentAfter = null;
      },
    });
    await expectWhole(model);
    const asked = hub.requests.filter((line) => line.startsWith('GET') && line.includes(AUDIO));
    expect(asked.map((line) => /bytes=\d+/.exec(line)?.[0])).to.deep.equal([undefined, 'bytes=400000', 'bytes=800000']);
    expect(waiting).to.deep.equal([true, false, true, false]);
  });

  it('gives up a host that stays silent after a few attempts, keeps what has arrived, and goes on later', async () => {
    hub.manners.silentAfter = 400_000;
    const error = await failure(
      download(undefined, {
        stallMs: 100,
        retryDelaysMs: [10, 20],
        onWaiting: () => (hub.manners.silentAfter = 0),
      }),
    );
    expect(error.code).to.equal('model-missing');
    expect(error.message).to.contain('nothing has arrived').and.to.contain('3 attempts').and.to.contain('40 %');
    expect(await (await onlyKept()).length(AUDIO)).to.equal(400_000);
    hub.manners.silentAfter = null;
    hub.requests.length = 0;
    await expectWhole(await download());
    expect(hub.requests.find((line) => line.includes(AUDIO))).to.contain('bytes=400000');
  });

  it('lets a slow host take its time as long as bytes come', async () => {
    hub = new FakeHub(clapLikeFiles(200_000));
    hub.manners.delay = 60;
    const waiting: boolean[] = [];
    const start = performance.now();
    await expectWhole(await download(undefined, { stallMs: 250, onWaiting: (is) => waiting.push(is) }));
    expect(performance.now() - start, 'longer than the patience').to.be.above(500);
    expect(waiting).to.deep.equal([]);
  });

  it('comes back to a host that is overloaded for a moment', async () => {
    hub.manners.busy = 2;
    await expectWhole(await download(undefined, { retryDelaysMs: [10, 20] }));
    hub.manners.busy = 9;
    for (const { key } of await store.list()) await store.delete(key);
    const error = await failure(download(undefined, { retryDelaysMs: [10, 20] }));
    expect(error.message).to.contain('answered 503').and.to.contain('3 attempts');
  });

  it('stops at once when it is cancelled while it waits for a silent host', async () => {
    hub.manners.silentAfter = 0;
    const cancel = new AbortController();
    const running = download(undefined, {
      signal: cancel.signal,
      stallMs: 50,
      retryDelaysMs: [60_000],
      onWaiting: () => cancel.abort(),
    });
    const error = await running.catch((reason: unknown) => reason as Error);
    expect((error as Error).name).to.equal('AbortError');
  });

  it('begins anew where a server cannot send parts', async () => {
    hub.manners.failsAfter = 400_000;
    await failure(download());
    hub.manners.failsAfter = null;
    hub.manners.ranges = false;
    await expectWhole(await download());
  });

  it('uses no byte of a file with another hash, large or small, and keeps nothing of it', async () => {
    for (const path of [TEXT, 'config.json']) {
      for (const { key } of await store.list()) await store.delete(key);
      hub.manners.wrong = new Set([path]);
      const error = await failure(download());
      expect(error.code).to.equal('model-corrupt');
      expect(error.message).to.contain(path).and.to.contain('huggingface.co');
      expect(await (await onlyKept()).length(path)).to.equal(0);
    }
    hub.manners.wrong = new Set();
    await expectWhole(await download());
  });

  it('fetches a file anew, once, when what an earlier visit left of it was wrong', async () => {
    hub.manners.failsAfter = 400_000;
    hub.manners.wrong = new Set([AUDIO]);
    await failure(download());
    hub.manners.failsAfter = null;
    hub.manners.wrong = new Set();
    await expectWhole(await download());
  });

  it('stops at once when it is cancelled, and keeps what has arrived', async () => {
    hub.manners.delay = 20;
    const cancel = new AbortController();
    let cancelledAt = 0;
    const running = download(await offered(), {
      signal: cancel.signal,
      onProgress: (loaded) => {
        if (loaded < 300_000 || cancel.signal.aborted) return;
        cancelledAt = performance.now();
        cancel.abort();
      },
    });
    const error = await running.catch((reason: unknown) => reason as Error);
    expect((error as Error).name).to.equal('AbortError');
    expect(performance.now() - cancelledAt).to.be.below(200);
    expect(await (await onlyKept()).length(AUDIO)).to.be.above(200_000);
  });

  it('puts on the disk what has arrived while more is coming: a tab that is closed loses little', async () => {
    const files = clapLikeFiles(1_000);
    files.set(AUDIO, new Uint8Array(12_000_000).fill(7));
    hub = new FakeHub(files);
    const closed = new AbortController();
    const stored: Promise<number>[] = [];
    const running = download(await offered(), {
      signal: closed.signal,
      onProgress: (loaded) => {
        if (loaded < 10_000_000 || stored.length > 0) return;
        stored.push(onlyKept().then((model) => model.length(AUDIO)));
        hub.manners.delay = 60_000;
      },
    });
    await waitUntil('a part lies on the disk', () => stored.length > 0);
    expect(await stored[0]).to.be.at.least(8 * 2 ** 20);
    closed.abort();
    await running.catch(() => {});
  });

  it('says that the disk is full, and goes on when there is room', async () => {
    const { prototype } = FileSystemFileHandle;
    const original = Object.getOwnPropertyDescriptor(prototype, 'createWritable')!;
    let calls = 0;
    Object.defineProperty(prototype, 'createWritable', {
      ...original,
      value(this: FileSystemFileHandle) {
        calls += 1;
        if (calls > 12) throw new DOMException('full', 'QuotaExceededError');
        return (original.value as typeof prototype.createWritable).call(this);
      },
    });
    try {
      const error = await failure(download());
      expect(error.code).to.equal('storage-full');
    } finally {
      Object.defineProperty(prototype, 'createWritable', original);
    }
    await expectWhole(await download());
  });

  it('lets two tabs want the same model, and downloads it once', async () => {
    const offer = await offered();
    const [first, second] = await Promise.all([download(offer), download(offer)]);
    await expectWhole(first);
    await expectWhole(second);
    expect(hub.fetched).to.have.length(offer.files.length);
  });
});

describe('a kept model', () => {
  it('is checked whenever it is read, and only what is damaged is downloaded again', async () => {
    const model = await download();
    await model.append(TEXT, new Blob(['x']));
    const error = await failure(read(model.checkedFiles, TEXT));
    expect(error.code).to.equal('model-incomplete');
    expect(error.message).to.contain('Download the model again');
    const damaged = await onlyKept();
    expect(damaged.isComplete).to.equal(false);
    hub.requests.length = 0;
    await expectWhole(await download(damaged.offer!));
    expect(hub.fetched).to.deep.equal([TEXT]);
  });

  it('works while a file is on its way that was wanted later, and has it once it is here', async () => {
    await download();
    const { revision } = (await onlyKept()).identity;
    const { id } = hub;
    const more = await offerHubModel({ id, host: HUB, revision }, { gpu: null, whole: true }, hub.fetch);
    const WHOLE = 'onnx/audio_model.onnx';
    hub.manners.failsAfter = 400_000;
    await failure(download(more));
    const cutOff = await onlyKept();
    expect(cutOff.isComplete).to.equal(true);
    expect(cutOff.checkedFiles.list.map(({ path }) => path)).not.to.include(WHOLE);
    expect(cutOff.hasWholeGraph).to.equal(false);
    hub.manners.failsAfter = null;
    hub.requests.length = 0;
    const whole = await download(more);
    expect(hub.fetched).to.deep.equal([WHOLE]);
    expect(hub.requests[0]).to.contain('bytes=400000');
    expect(whole.hasWholeGraph).to.equal(true);
    await expectWhole(whole);
  });

  it('stays what it is when the hub moves on', async () => {
    await download();
    hub.commit = 'f'.repeat(40);
    const model = await onlyKept();
    expect(model.identity.revision).not.to.equal(hub.commit);
    await expectWhole(model);
  });

  it('is gone for good when it is deleted, and says so when the browser has done that', async () => {
    const model = await download();
    const files = model.checkedFiles;
    await store.delete(model.key);
    expect(await store.list()).to.have.length(0);
    expect((await failure(read(files, AUDIO))).message).to.contain('not on this device any more');
  });
});
