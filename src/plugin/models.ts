import { EarmarkError, isAbortError } from '../engine/errors.js';
import { offerFolderModel } from '../engine/folder-offer.js';
import { offerHostedModel } from '../engine/hosted-offer.js';
import { hashInWorker } from '../engine/hash-in-worker.js';
import { HUB, HUB_MODELS } from '../engine/hub-catalog.js';
import { offerHubModel } from '../engine/hub-offer.js';
import { downloadModel, type ModelFetch } from '../engine/model-download.js';
import { hasWholeGraph, offeredBytes, type ModelOffer } from '../engine/model-offer.js';
import { ModelStore, type KeptModel } from '../engine/model-store.js';
import { gpuDtype } from '../engine/open-model.js';
import type { ActionContext } from './actions.js';
import { parseAddress } from './model-address.js';
import { choiceName, modelChoices } from './model-choice.js';
import type {
  KeptModelState,
  ModelDownloadState,
  ModelOfferState,
  ModelOrigin,
  ModelReference,
  ModelsState,
} from './models-state.js';
import { toEarmarkError } from './notices.js';
import type { EngineSettings } from './options.js';
import { forgetModel, modelKey, originOf, rememberModel } from './remember-model.js';
import type { ActionRequest } from './requests.js';

export type ModelRequest = Extract<ActionRequest, { readonly type: `model-${string}` }>;

const NOTHING: ModelsState = Object.freeze({
  current: 'pocket',
  own: null,
  fine: false,
  known: HUB_MODELS,
  kept: [],
  isAsking: false,
  offer: null,
  download: null,
  failure: null,
  freeBytes: null,
});

const fetchFile: ModelFetch = (url, init) => fetch(url, init);

/** What is offered, and why if the model is here already. */
interface Offered {
  readonly offer: ModelOffer;
  readonly adds?: ModelOfferState['adds'];
}

/** Lets the user choose a model: tells what would be downloaded, downloads it, keeps it, and puts it to use. */
export class Models {
  readonly #context: ActionContext;
  #offered: Offered | null = null;
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
        return this.#run((signal) => this.#ask(signal, () => this.#offerFrom(request.from, signal)));
      case 'model-download':
        return this.#run((signal) => this.#download(signal));
      case 'model-cancel':
        this.#running?.abort();
        this.#offered = null;
        return this.#show({ offer: null, failure: null });
      case 'model-use':
        return this.#use(request.model);
      case 'model-fine':
        return this.#setFine(request.fine);
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

  async #ask(signal: AbortSignal, work: () => Promise<Offered>): Promise<void> {
    this.#offered = null;
    this.#show({ isAsking: true, offer: null });
    const offered = await work();
    signal.throwIfAborted();
    this.#offered = offered;
    await this.#showOffer();
  }

  async #showOffer(): Promise<void> {
    const offered = this.#offered;
    if (!offered) return;
    const { offer, adds } = offered;
    const { identity, place, files } = offer;
    const kept = (await keptModels()).find((model) => isSame(model, offer));
    const loaded = kept ? await loadedBytes(kept) : 0;
    if (this.#offered !== offered) return;
    const isStated = files.every(({ stated }) => stated !== null);
    const facts = { ...identity, ...place, bytes: offeredBytes(offer), loaded, isStated };
    this.#show({ offer: Object.freeze({ ...facts, ...(adds && { adds }) }) });
  }

  async #offerFrom(origin: ModelOrigin | undefined, signal: AbortSignal): Promise<Offered> {
    if (origin === undefined) return this.#offerWhatIsLacking(signal);
    if ('kept' in origin) {
      const kept = (await keptModels()).find(({ key }) => key === origin.kept);
      return { offer: restOf(kept) };
    }
    const neededFor = { gpu: await gpuDtype(), whole: this.#context.engineSettings().fine };
    if ('folder' in origin) return { offer: await offerFolderModel(origin.folder, neededFor.gpu) };
    if ('url' in origin) {
      return { offer: await offerHostedModel(parseAddress(origin.url), neededFor, fetchFile, signal) };
    }
    const host = parseAddress(origin.host ?? HUB);
    const begun = (await keptModels()).find(
      ({ identity, place }) => identity.id === origin.hub && place.from === host.host,
    );
    // A model that has been begun stays the one that it was, even if the hub has another by now.
    return { offer: begun?.offer ?? (await offerHubModel({ id: origin.hub, host }, neededFor, fetchFile, signal)) };
  }

  /** What the model in use lacks to be used. */
  async #offerWhatIsLacking(signal: AbortSignal): Promise<Offered> {
    const { model } = this.#context.engineSettings();
    const here = await this.#keptInUse();
    if (here?.isComplete) return { offer: await wholeOffer(here, signal), adds: 'spare' };
    if (here) return { offer: restOf(here) };
    const { from } = modelChoices()[choiceName(this.#context.settings.model)] ?? {};
    const origin = typeof model === 'object' && 'hub' in model ? model : from;
    if (origin) return this.#offerFrom(origin, signal);
    throw new EarmarkError('model-missing', 'Nobody here knows where this model came from. Choose it again.');
  }

  async #keptInUse(): Promise<KeptModel | undefined> {
    const kept = await keptModels();
    const current = modelKey(this.#context.engineSettings().model, kept);
    return kept.find(({ key }) => key === current);
  }

  async #download(signal: AbortSignal): Promise<void> {
    if (!this.#offered) throw new EarmarkError('bad-option', 'There is nothing to download. Choose a model first.');
    const { offer, adds } = this.#offered;
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
      hash: hashInWorker(this.#context.settings.assetBase),
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
    this.#offered = null;
    this.#show({ offer: null });
    await this.#choose({ model: { kept: model.key }, ...(adds === 'fine' && { fine: true }) });
  }

  async #use(wanted: string): Promise<void> {
    if (wanted === 'pocket') return this.#choose({ model: wanted });
    const kept = await keptModels();
    const model = kept.find(({ key }) => key === wanted);
    const { model: own } = this.#context.settings;
    if (!model && modelKey(own, kept) === wanted) return this.#choose({ model: own });
    if (!model) {
      throw new EarmarkError('model-incomplete', 'This model is not on this device any more. Download it again.');
    }
    if (!model.isComplete) return this.#run((signal) => this.#ask(signal, async () => ({ offer: restOf(model) })));
    return this.#choose({ model: { kept: model.key } });
  }

  async #setFine(fine: boolean): Promise<void> {
    const here = fine ? await this.#keptInUse() : undefined;
    if (!here || here.hasWholeGraph) return this.#choose({ fine });
    return this.#run((signal) =>
      this.#ask(signal, async () => ({ offer: await wholeOffer(here, signal), adds: 'fine' })),
    );
  }

  /** Puts it to use, and remembers it for the next visit. */
  async #choose(change: Partial<Pick<EngineSettings, 'model' | 'fine'>>): Promise<void> {
    const { settings, engineSettings, setEngine } = this.#context;
    this.#show({ failure: null });
    setEngine(change);
    if (settings.rememberModel) rememberModel(settings, engineSettings(), await keptModels());
    await this.#list();
  }

  async #delete(key: string): Promise<void> {
    const store = await ModelStore.open();
    if (this.#state.current === key) await this.#choose({ model: 'pocket' });
    this.#running?.abort();
    await store.delete(key);
    forgetModel(key);
    await this.#list();
  }

  async #list(): Promise<void> {
    const models = await keptModels();
    const kept = models.map(({ key, identity, place, bytes, isComplete }): KeptModelState =>
      Object.freeze({ key, ...identity, ...place, bytes, isComplete }),
    );
    const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
    const freeBytes = quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
    const { model, fine } = this.#context.engineSettings();
    const own = modelKey(this.#context.settings.model, models);
    const isListed = own === 'pocket' || kept.some(({ key }) => key === own);
    this.#show({
      kept,
      freeBytes,
      fine,
      current: modelKey(model, models),
      own: isListed ? null : Object.freeze({ key: own, name: nameOf(this.#context.settings.model) }),
    });
  }

  get #state(): ModelsState {
    const { models } = this.#context.store.state;
    if (models) return models;
    const { model, fine } = this.#context.engineSettings();
    return { ...NOTHING, current: modelKey(model, []), fine };
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

/** What is missing of a model that has been begun. */
function restOf(kept: KeptModel | undefined): ModelOffer {
  if (kept?.offer) return kept.offer;
  throw new EarmarkError('model-missing', 'The rest of this model lies in a folder of yours. Choose it again.');
}

/** A kept model with an audio graph that is not quantised, of the same commit. */
async function wholeOffer(kept: KeptModel, signal: AbortSignal): Promise<ModelOffer> {
  const { name, revision } = kept.identity;
  const neededFor = { gpu: await gpuDtype(), whole: true };
  const origin = originOf(kept);
  const offer =
    origin && 'hub' in origin
      ? await offerHubModel(
          { id: origin.hub, host: parseAddress(origin.host!), revision },
          neededFor,
          fetchFile,
          signal,
        )
      : origin && 'url' in origin
        ? await offerHostedModel(parseAddress(origin.url), neededFor, fetchFile, signal)
        : null;
  if (offer && hasWholeGraph(offer.files.map(({ path }) => path))) return offer;
  throw new EarmarkError(
    'model-missing',
    `There is no audio file of full precision of ${name} at ${kept.place.from}, only an 8-bit one, which will not do. Choose another model.`,
  );
}

/** Of the page's own model, to be shown. */
function nameOf(model: ModelReference): string {
  if (model === 'pocket') return 'Pocket';
  if (model instanceof URL) return decodeURIComponent(model.pathname.split('/').at(-2) ?? '') || model.host;
  if ('kept' in model) return model.kept;
  return HUB_MODELS.find(({ id }) => id === model.hub)?.name ?? model.hub;
}
