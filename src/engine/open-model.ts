import { clapModel } from './clap-model.js';
import { EarmarkError, isAbortError } from './errors.js';
import { findGpuAdapter } from './gpu-adapter.js';
import type { HashFile } from './hash-file.js';
import { offerHubModel, type HubReference } from './hub-offer.js';
import { downloadModel, type DownloadOptions, type ModelFetch } from './model-download.js';
import { ModelFolder } from './model-folder.js';
import type { GpuDtype } from './model-offer.js';
import type { ModelSource } from './model-source.js';
import { ModelStore, type KeptModel } from './model-store.js';

/** What this device's GPU can run; null where it has none worth using. */
export async function gpuDtype(): Promise<GpuDtype> {
  const gpu = await findGpuAdapter().catch(() => null);
  return gpu?.kind === 'hardware' ? gpu.dtype : null;
}

/**
 * Opens a model that has been downloaded. Nothing is fetched.
 *
 * @throws EarmarkError `model-incomplete`, `model-corrupt`, `storage-denied`
 */
export async function openKeptModel(key: string, signal?: AbortSignal): Promise<ModelSource> {
  const model = await (await ModelStore.open()).get(key);
  if (!model) {
    throw new EarmarkError(
      'model-incomplete',
      'The model that you chose is not on this device any more: it was deleted, or the browser has made room. Download it again, or go back to the built-in one.',
    );
  }
  return openModel(model, signal);
}

/**
 * Opens a model of a hub: the one that was downloaded from there, or else it is downloaded now.
 *
 * @param whole whether an audio graph that is not quantised is wanted, for fine mode
 * @param hash checks what is downloaded
 * @throws EarmarkError `bad-option`, `model-missing`, `model-corrupt`, `model-incomplete`, `storage-full`,
 *   `storage-denied`, and what `hash` throws
 * @throws DOMException `AbortError`
 */
export async function openHubModel(
  reference: HubReference,
  whole: boolean,
  hash: HashFile,
  signal?: AbortSignal,
): Promise<ModelSource> {
  const download = { hash, ...(signal && { signal }) };
  const store = await ModelStore.open();
  const { id, host } = reference;
  const kept = (await store.list()).find((model) => model.identity.id === id && model.place.from === host.host);
  if (!kept) return openModel(await downloadHubModel(reference, whole, store, download), signal);
  if (!kept.isComplete && kept.offer) await downloadModel(kept.offer, store, download);
  if (!whole || kept.hasWholeGraph) return openModel((await store.get(kept.key)) ?? kept, signal);
  // What is here stays of its commit. Without the graph, offline for one, it still hears, if not finely.
  const { revision } = kept.identity;
  const model = await downloadHubModel({ ...reference, revision }, true, store, download).catch((error: unknown) => {
    if (isAbortError(error)) throw error;
    return store.get(kept.key);
  });
  return openModel(model ?? kept, signal);
}

async function downloadHubModel(
  reference: HubReference,
  whole: boolean,
  store: ModelStore,
  options: DownloadOptions,
): Promise<KeptModel> {
  const fetchFile: ModelFetch = (url, init) => fetch(url, init);
  const offer = await offerHubModel(reference, { gpu: await gpuDtype(), whole }, fetchFile, options.signal);
  return downloadModel(offer, store, options);
}

async function openModel(model: KeptModel, signal: AbortSignal | undefined): Promise<ModelSource> {
  const files = model.checkedFiles;
  if (!files.list.some(({ path }) => path === 'model.json')) return clapModel(files, signal);
  return ModelFolder.ofKept(files, new URL(`kept://${model.key}/`), signal);
}
