import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { ModelStore } from '../../src/engine/model-store.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { MODEL_CHOICES } from '../../src/plugin/model-choice.js';
import type { ModelsState } from '../../src/plugin/models-state.js';
import type { EarmarkOptions } from '../../src/plugin/options.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { clapLikeFiles, FakeHub } from '../helpers/fake-hub.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(64, [{ text: 'dog bark', start: 3.2, end: 4.8 }]);
const CLAP = 'Xenova/clap-htsat-unfused';
const { fetch: realFetch } = globalThis;

let hub: FakeHub;
let engines: FakeEngines;
let earmark: EarmarkCore;

beforeEach(async () => {
  hub = new FakeHub(clapLikeFiles(200_000));
  globalThis.fetch = (input, init = {}) => {
    const url = new URL(input as string | URL, location.href);
    return url.origin === location.origin ? realFetch(input, init) : hub.fetch(url, init);
  };
  await clearStore();
  engines = new FakeEngines();
  visit();
});

/** A visit of a page; the one before has ended. */
function visit(options: EarmarkOptions = {}): void {
  earmark?.destroy();
  earmark = new EarmarkCore(
    { assetBase: '/dist/', ...options },
    { createEngine: engines.create, openAudio: fakeAudioOpener({ street: STREET }) },
  );
}

afterEach(async () => {
  earmark.destroy();
  globalThis.fetch = realFetch;
  localStorage.removeItem(MODEL_CHOICES);
  await clearStore();
});

async function clearStore(): Promise<void> {
  const store = await ModelStore.open();
  for (const { key } of await store.list()) await store.delete(key);
}

const models = () => earmark.getState().models;

/** Asks, and resolves with the state once it is as wanted. */
async function ask(request: EarmarkRequest, isThere: (state: ModelsState) => boolean): Promise<ModelsState> {
  earmark.dispatch(request);
  await waitUntil(`the answer to ${request.type}`, () => models() !== null && isThere(models()!));
  return models()!;
}

const askForClap = () =>
  ask({ type: 'model-offer', from: { hub: CLAP } }, ({ offer, failure }) => offer !== null || failure !== null);

async function getClap(): Promise<string> {
  await askForClap();
  const { kept } = await ask({ type: 'model-download' }, ({ kept, download }) => kept.length > 0 && download === null);
  return kept[0]!.key;
}

describe('choosing a model', () => {
  it('asks nobody for a list of what there is', async () => {
    const { known, kept, current } = await ask({ type: 'model-list' }, () => true);
    expect(known.map(({ id }) => id)).to.include(CLAP);
    expect(known.every(({ licence, bytes, betterAt }) => licence && bytes > 1e8 && betterAt)).to.equal(true);
    expect(kept).to.deep.equal([]);
    expect(current).to.equal('pocket');
    expect(hub.requests).to.deep.equal([]);
  });

  it('tells what would be downloaded, from where, and downloads nothing before the user says so', async () => {
    const { offer } = await askForClap();
    const { name, licence, revision, from, kind, loaded, isStated } = offer!;
    expect({ name, licence, revision, from, kind, loaded, isStated }).to.deep.equal({
      name: 'CLAP',
      licence: 'Apache-2.0',
      revision: hub.commit,
      from: 'huggingface.co',
      kind: 'hub',
      loaded: 0,
      isStated: true,
    });
    expect(offer!.bytes).to.be.above(400_000);
    expect(hub.fetched).to.deep.equal([]);
    expect(engines.made.every(({ settings }) => settings?.model === 'pocket')).to.equal(true);
    await ask({ type: 'model-cancel' }, (state) => state.offer === null);
  });

  it('asks the mirror that it is given', async () => {
    const asked: string[] = [];
    globalThis.fetch = (input, init = {}) => {
      const url = new URL(input as URL);
      asked.push(url.host);
      return hub.fetch(url, init);
    };
    const from = { hub: CLAP, host: 'mirror.example' };
    const { offer } = await ask({ type: 'model-offer', from }, (state) => state.offer !== null);
    expect(offer!.from).to.equal('mirror.example');
    expect(new Set(asked)).to.deep.equal(new Set(['mirror.example']));
  });

  it('downloads, analyses again with the new model, and keeps prompts and decisions', async () => {
    await earmark.open('street');
    const [hit] = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [hit!.id], status: 'accepted' });
    const key = await getClap();
    await waitUntil(
      'the new analysis',
      () => engines.made.length === 2 && earmark.getState().analysis.phase === 'done',
    );
    expect(engines.made[0]!.destroyed).to.equal(true);
    expect(engines.last.settings?.model).to.deep.equal({ kept: key });
    expect(engines.last.analyses).to.equal(1);
    const { prompts, regions } = earmark.getState();
    expect(prompts.map(({ text }) => text)).to.deep.equal(['dog bark']);
    expect(regions.filter(({ status }) => status === 'accepted').map(({ id }) => id)).to.deep.equal([hit!.id]);
    expect(models()!.current).to.equal(key);
  });

  it('goes back to Pocket and to the kept model again without asking anybody', async () => {
    const key = await getClap();
    const asked = hub.requests.length;
    hub.manners.offline = true;
    await ask({ type: 'model-use', model: 'pocket' }, ({ current }) => current === 'pocket');
    const { kept } = await ask({ type: 'model-use', model: key }, ({ current }) => current === key);
    expect(kept[0]).to.include({ name: 'CLAP', revision: hub.commit, from: 'huggingface.co', isComplete: true });
    expect(hub.requests).to.have.length(asked);
  });

  it('keeps what has arrived when it is cancelled, offers the rest, and takes it of the same commit', async () => {
    hub.manners.delay = 30;
    await askForClap();
    earmark.dispatch({ type: 'model-download' });
    await waitUntil('a part of the model', () => (models()!.download?.loaded ?? 0) > 100_000);
    await ask({ type: 'model-cancel' }, ({ download, kept }) => download === null && kept.length === 1);
    expect(models()!.kept[0]!.isComplete).to.equal(false);
    expect(models()!.failure).to.equal(null);
    const { commit } = hub;
    hub.manners.delay = 0;
    const { offer } = await askForClap();
    expect(offer!.revision).to.equal(commit);
    expect(offer!.loaded).to.be.above(0);
    const { kept } = await ask({ type: 'model-download' }, (state) => state.kept.some(({ isComplete }) => isComplete));
    expect(kept).to.have.length(1);
  });

  for (const [what, break_, code, words] of [
    ['offline', () => (hub.manners.offline = true), 'model-missing', 'cannot be reached'],
    ['a network that goes away', () => (hub.manners.failsAfter = 100_000), 'model-missing', 'What has arrived is kept'],
    ['another hash', () => (hub.manners.wrong = new Set(['config.json'])), 'model-corrupt', 'hash'],
    ['a model that is not there', () => (hub = new FakeHub(new Map())), 'model-missing', 'does not give'],
  ] as const) {
    it(`names the failure (${what}), and leaves the present model as it is`, async () => {
      await askForClap();
      break_();
      if (what === 'a model that is not there') await ask({ type: 'model-cancel' }, ({ offer }) => offer === null);
      const wanted: EarmarkRequest =
        what === 'offline' || what === 'a model that is not there'
          ? { type: 'model-offer', from: { hub: CLAP } }
          : { type: 'model-download' };
      const { failure, current } = await ask(wanted, (state) => state.failure !== null);
      expect(failure!.code).to.equal(code);
      expect(failure!.message).to.contain(words);
      expect(current).to.equal('pocket');
    });
  }

  it('offers the rest after a network that went away', async () => {
    hub.manners.failsAfter = 100_000;
    await askForClap();
    const { offer } = await ask({ type: 'model-download' }, (state) => (state.offer?.loaded ?? 0) > 0);
    expect(offer!.loaded).to.be.within(100_000, 110_000);
  });

  it('deletes a kept model, and goes back to Pocket first if that was in use', async () => {
    const key = await getClap();
    const { current } = await ask({ type: 'model-delete', model: key }, ({ kept }) => kept.length === 0);
    expect(current).to.equal('pocket');
    const { failure } = await ask({ type: 'model-use', model: key }, (state) => state.failure !== null);
    expect(failure!.message).to.contain('not on this device any more');
  });

  it('refuses an address that is none', async () => {
    const from = { url: 'https://' };
    const { failure } = await ask({ type: 'model-offer', from }, (state) => state.failure !== null);
    expect(failure!.code).to.equal('bad-option');
  });
});

describe('a model that was chosen', () => {
  const REMEMBER = { rememberModel: true } as const;

  /** What an engine is made with on a visit. */
  async function begunWith(options: EarmarkOptions = REMEMBER) {
    visit(options);
    await earmark.open('street');
    return engines.last.settings!;
  }

  it('is what the next visit begins with, without asking anybody, and says which it is', async () => {
    visit(REMEMBER);
    const key = await getClap();
    const asked = hub.requests.length;
    hub.manners.offline = true;
    expect((await begunWith()).model).to.deep.equal({ kept: key });
    expect(earmark.getState().model.asked).to.deep.equal({ kept: key });
    const { current, own } = await ask({ type: 'model-list' }, ({ kept }) => kept.length > 0);
    expect(current).to.equal(key);
    expect(own).to.equal(null);
    expect(hub.requests).to.have.length(asked);
  });

  it('gives way to Pocket by one request, which is remembered too', async () => {
    visit(REMEMBER);
    await getClap();
    visit(REMEMBER);
    await ask({ type: 'model-use', model: 'pocket' }, ({ current }) => current === 'pocket');
    expect((await begunWith()).model).to.equal('pocket');
  });

  it('says nothing about pages that begin with another model, and those that do not remember', async () => {
    visit(REMEMBER);
    await getClap();
    const hubModel = { hub: 'Xenova/larger_clap_general' };
    expect((await begunWith({ ...REMEMBER, model: hubModel })).model).to.equal(hubModel);
    expect((await begunWith({})).model).to.equal('pocket');
  });

  it('takes the place of a page’s own model only where it was chosen, with a way back to that', async () => {
    const page = { ...REMEMBER, model: '/models/own/' };
    visit(page);
    const { own, current } = await ask({ type: 'model-list' }, (state) => state.own !== null);
    expect(own).to.deep.equal({ key: `${location.origin}/models/own/`, name: 'own' });
    expect(current).to.equal(own!.key);
    await ask({ type: 'model-use', model: 'pocket' }, (state) => state.current === 'pocket');
    expect((await begunWith(page)).model).to.equal('pocket');
    await ask({ type: 'model-use', model: own!.key }, (state) => state.current === own!.key);
    const { model } = await begunWith(page);
    expect(new URL(model as string | URL).href).to.equal(own!.key);
    expect((await begunWith()).model, 'another page').to.equal('pocket');
  });

  it('is not kept by pages that remember nothing, and survives what cannot be read', async () => {
    await getClap();
    expect(localStorage.getItem(MODEL_CHOICES)).to.equal(null);
    for (const garbage of ['{', 'null', '7', '{"\\"pocket\\"":7}', '{"\\"pocket\\"":null}']) {
      localStorage.setItem(MODEL_CHOICES, garbage);
      expect((await begunWith()).model, garbage).to.equal('pocket');
    }
  });

  it('is had again from where it came, or left for Pocket, once the browser has removed it', async () => {
    visit(REMEMBER);
    const key = await getClap();
    await clearStore();
    engines.controls.loadError = new EarmarkError('model-incomplete', 'It is gone.');
    visit(REMEMBER);
    await earmark.open('street');
    await waitUntil('the failure', () => earmark.getState().analysis.phase === 'failed');
    expect(engines.last.settings!.model).to.deep.equal({ kept: key });
    hub.requests.length = 0;
    const { offer } = await ask({ type: 'model-offer' }, (state) => state.offer !== null || state.failure !== null);
    expect(offer).to.include({ name: 'CLAP', from: 'huggingface.co', loaded: 0 });
    expect(hub.fetched, 'nothing before the user says so').to.deep.equal([]);
    engines.controls.loadError = null;
    await ask({ type: 'model-download' }, ({ kept, download }) => kept.length > 0 && download === null);
    await waitUntil('the analysis', () => earmark.getState().analysis.phase === 'done');
    expect(models()!.current).to.equal(key);
  });

  it('is forgotten when it is deleted', async () => {
    visit(REMEMBER);
    const key = await getClap();
    await ask({ type: 'model-delete', model: key }, ({ kept }) => kept.length === 0);
    expect((await begunWith()).model).to.equal('pocket');
  });
});

describe('fine mode', () => {
  const WHOLE = 'onnx/audio_model.onnx';

  it('offers the file that it needs, and is used and remembered once that is here', async () => {
    visit({ rememberModel: true });
    const key = await getClap();
    hub.requests.length = 0;
    const { offer } = await ask({ type: 'model-fine', fine: true }, (state) => state.offer !== null);
    expect(offer).to.include({ adds: 'fine', name: 'CLAP', revision: hub.commit });
    expect(offer!.bytes - offer!.loaded).to.equal(hub.files.get(WHOLE)!.length);
    expect(models()!.fine).to.equal(false);
    expect(hub.fetched).to.deep.equal([]);
    await ask({ type: 'model-download' }, (state) => state.fine);
    expect(hub.fetched).to.deep.equal([WHOLE]);
    visit({ rememberModel: true });
    await earmark.open('street');
    expect(engines.last.settings).to.deep.include({ model: { kept: key }, fine: true });
    await ask({ type: 'model-fine', fine: false }, (state) => !state.fine && state.kept.length > 0);
    hub.manners.offline = true;
    await ask({ type: 'model-fine', fine: true }, (state) => state.fine);
  });

  it('says so where there is no such file, and changes nothing', async () => {
    for (const path of [WHOLE, 'onnx/audio_model_fp16.onnx']) (hub.files as Map<string, unknown>).delete(path);
    const key = await getClap();
    const { failure, fine, current } = await ask({ type: 'model-fine', fine: true }, (state) => state.failure !== null);
    expect(failure!.message).to.contain('no audio file of full precision');
    expect({ fine, current }).to.deep.equal({ fine: false, current: key });
  });
});

describe('an 8-bit file that the browser cannot use', () => {
  it('is helped by one more file, which is told before it is downloaded', async () => {
    const key = await getClap();
    engines.controls.loadError = new EarmarkError('model-incomplete', 'Its 8-bit file gives no usable numbers.');
    await earmark.open('street');
    await waitUntil('the failure', () => earmark.getState().analysis.phase === 'failed');
    hub.requests.length = 0;
    const { offer } = await ask({ type: 'model-offer' }, (state) => state.offer !== null);
    expect(offer).to.include({ adds: 'spare', name: 'CLAP' });
    expect(hub.fetched).to.deep.equal([]);
    engines.controls.loadError = null;
    await ask({ type: 'model-download' }, (state) => state.offer === null && state.download === null);
    expect(hub.fetched).to.deep.equal(['onnx/audio_model.onnx']);
    await waitUntil('the analysis', () => earmark.getState().analysis.phase === 'done');
    expect(engines.last.settings).to.deep.include({ model: { kept: key }, fine: false });
  });
});
