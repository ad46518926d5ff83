import { EarmarkError, isAbortError } from '../engine/errors.js';
import { offerFolderModel } from '../engine/folder-offer.js';
import { offerHostedModel } from '../engine/hosted-offer.js';
import { HUB, HUB_MODELS } from '../engine/hub-catalog.js';
import { offerHubModel } from '../engine/hub-offer.js';
import { downloadModel, type ModelFetch } from '../engine/model-download.js';
import { offeredBytes, type ModelOffer } from '../engine/model-offer.js';
import { ModelStore, type KeptModel } from '../engine/model-store.js';
import { gpuDtype } from '../engine/open-model.js';
import type { ActionContext } from './actions.js';
import type { KeptModelState, ModelDownloadState, ModelOrigin, ModelReference, ModelsState } from './models-state.js';
import { parseAddress } from './model-address.js';
import { toEarmarkError } from './notices.js';
import type { ActionRequest } from './requests.js';

export type ModelRequest = Extract<ActionRequest, { readonly type: `model-${string}` }>;

const NOTHING: ModelsState = Object.freeze({
  current: 'pocket',
  known: HUB_MODELS,
  kept: [],
  isAsking: false,
  offer: null,
  download: null,
  failure: null,
  freeBytes: null,
});

const fetchFile: ModelFetch = (url, init) => fetch(url, init);

/** Lets the user choose a model: tells what would be downloaded, downloads it, keeps it, and puts it to use. */
export class Models {
  readonly #context: ActionContext;
  #offer: ModelOffer | null = null;
  /** Ends the asking or the download that is going on. */
  #running: AbortController | null = null;

  constructor(context: ActionContext) {
    this.#context = context;
  }

  handle(request: ModelRequest): void {
    void this.#answer(request).catch((error: unknown) => {
      if (isAbortError(error) || this.#context.life.aborted) return;
      const { message, code } = toEarmarkError(error);
      this.#show({ failure: Object.freeze({ message, code }) });
    });
  }

  async #answer(request: ModelRequest): Promise<void> {
    switch (request.type) {
      case 'model-list':
        return this.#list();
      case 'model-offer':
        return this.#run((signal) => this.#ask(request.from, signal));
      case 'model-download':
        return this.#run((signal) => this.#download(signal));
      case 'model-cancel':
        this.#running?.abort();
        this.#offer = null;
        return this.#show({ offer: null, failure: null });
      case 'model-use':
        return this.#use(request.model);
      case 'model-delete':
        return this.#delete(request.model);
    }
  }

  /** One thing at a time; the latest wish counts. */
  async #run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#show({ failure: null });
    try {
      await work(AbortSignal.any([running.signal, this.#context.life]));
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.#show({ isAsking: false, download: null });
        await Promise.all([this.#list(), this.#showOffer()]);
      }
    }
  }

  async #ask(origin: ModelOrigin, signal: AbortSignal): Promise<void> {
    this.#offer = null;
    this.#show({ isAsking: true, offer: null });
    const offer = await this.#offerOf(origin, signal);
    signal.throwIfAborted();
    this.#offer = offer;
    await this.#showOffer();
  }

  async #showOffer(): Promise<void> {
    const offer = this.#offer;
    if (!offer) return;
    const { identity, place, files } = offer;
    const kept = (await keptModels()).find((model) => isSame(model, offer));
    const loaded = kept ? await loadedBytes(kept) : 0;
    if (this.#offer !== offer) return;
    const isStated = files.every(({ stated }) => stated !== null);
    this.#show({ offer: Object.freeze({ ...identity, ...place, bytes: offeredBytes(offer), loaded, isStated }) });
  }

  async #offerOf(origin: ModelOrigin, signal: AbortSignal): Promise<ModelOffer> {
    if ('kept' in origin) {
      const kept = (await keptModels()).find(({ key }) => key === origin.kept);
      if (kept?.offer) return kept.offer;
      throw new EarmarkError('model-missing', 'The rest of this model lies in a folder of yours. Choose it again.');
    }
    const gpu = await gpuDtype();
    if ('folder' in origin) return offerFolderModel(origin.folder, gpu);
    if ('url' in origin) return offerHostedModel(parseAddress(origin.url), gpu, fetchFile, signal);
    const host = parseAddress(origin.host ?? HUB);
    const begun = (await keptModels()).find(
      ({ identity, place }) => identity.id === origin.hub && place.from === host.host,
    );
    // A model that has been begun stays the one that it was, even if the hub has another by now.
    return begun?.offer ?? offerHubModel({ id: origin.hub, host }, gpu, fetchFile, signal);
  }

  async #download(signal: AbortSignal): Promise<void> {
    const offer = this.#offer;
    if (!offer) throw new EarmarkError('bad-option', 'There is nothing to download. Choose a model first.');
    const { name } = offer.identity;
    const show = (change: Partial<ModelDownloadState>) => {
      const before = this.#state.download ?? { name, loaded: 0, total: offeredBytes(offer), isWaiting: false };
      this.#show({ download: Object.freeze({ ...before, ...change }) });
    };
    show({});
    // So that the browser does not remove it when the disk gets full; it may ask the user, or refuse.
    void navigator.storage.persist?.().catch(() => false);
    let shown = 0;
    const model = await downloadModel(offer, await ModelStore.open(), {
      signal,
      fetchFile,
      onProgress: (loaded, total) => {
        if (performance.now() - shown < 100 || signal.aborted) return;
        shown = performance.now();
        show({ loaded, total });
      },
      onWaiting: (isWaiting) => {
        if (!signal.aborted) show({ isWaiting });
      },
    });
    signal.throwIfAborted();
    this.#offer = null;
    this.#show({ offer: null });
    this.#context.useModel({ kept: model.key });
  }

  async #use(wanted: string): Promise<void> {
    const model = wanted === 'pocket' ? null : (await keptModels()).find(({ key }) => key === wanted);
    if (model === undefined) {
      throw new EarmarkError('model-missing', 'This model is not on this device any more. Download it again.');
    }
    this.#show({ failure: null });
    if (model && !model.isComplete) return this.#run((signal) => this.#ask({ kept: model.key }, signal));
    this.#context.useModel(model ? { kept: model.key } : 'pocket');
    await this.#list();
  }

  async #delete(key: string): Promise<void> {
    const store = await ModelStore.open();
    if (this.#state.current === key) this.#context.useModel('pocket');
    this.#running?.abort();
    await store.delete(key);
    await this.#list();
  }

  async #list(): Promise<void> {
    const models = await keptModels();
    const kept = models.map(({ key, identity, place, bytes, isComplete }): KeptModelState =>
      Object.freeze({ key, ...identity, ...place, bytes, isComplete }),
    );
    const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
    const freeBytes = quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
    this.#show({ kept, freeBytes, current: keyOf(this.#context.model(), models) });
  }

  get #state(): ModelsState {
    return this.#context.store.state.models ?? NOTHING;
  }

  #show(change: Partial<ModelsState>): void {
    if (!this.#context.life.aborted) this.#context.store.update({ models: { ...this.#state, ...change } });
  }
}

/** None where the browser keeps no files for this page. */
async function keptModels(): Promise<KeptModel[]> {
  const store = await ModelStore.open().catch(() => null);
  return store ? store.list() : [];
}

function isSame(model: KeptModel, { identity, place }: ModelOffer): boolean {
  return model.identity.id === identity.id && model.place.from === place.from;
}

async function loadedBytes(model: KeptModel): Promise<number> {
  const lengths = await Promise.all(model.files.map(({ path }) => model.length(path)));
  return lengths.reduce((sum, length) => sum + length, 0);
}

function keyOf(model: ModelReference, kept: readonly KeptModel[]): string {
  if (model === 'pocket') return model;
  if (model instanceof URL) return model.href;
  if ('kept' in model) return model.kept;
  const { host } = parseAddress(model.host ?? HUB);
  return kept.find(({ identity, place }) => identity.id === model.hub && place.from === host)?.key ?? model.hub;
}
