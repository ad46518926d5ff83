import { createEmbeddingEngine, type EngineOptions, type InferenceServer } from '../engine/create-engine.js';
import { IndexedDbEmbeddingCache } from '../engine/embedding-cache.js';
import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import { hashInWorker } from '../engine/hash-in-worker.js';
import { HUB } from '../engine/hub-catalog.js';
import { parseAddress } from './model-address.js';
import type { ModelReference } from './models-state.js';
import type { EngineSettings } from './options.js';

/**
 * The engine in workers.
 *
 * @param server runs the audio side of the model. Default: this machine does.
 */
export function createDefaultEngine(
  { assetBase, backend, cache, fine, model, workers }: EngineSettings,
  server?: InferenceServer,
): EmbeddingEngine {
  return createEmbeddingEngine({
    assetBase,
    backend,
    fine,
    ...(workers !== undefined && { workers }),
    model: engineModel(model, fine, assetBase),
    cache: cache ? new IndexedDbEmbeddingCache() : null,
    preferences: allowedLocalStorage(),
    ...(server && { server }),
  });
}

function engineModel(model: ModelReference, fine: boolean, assetBase: URL): EngineOptions['model'] {
  if (model === 'pocket' || model instanceof URL) return model;
  return async (signal) => {
    const { openHubModel, openKeptModel } = await import('../engine/open-model.js');
    if ('kept' in model) return openKeptModel(model.kept, signal);
    return openHubModel(
      { id: model.hub, host: parseAddress(model.host ?? HUB) },
      fine,
      hashInWorker(assetBase),
      signal,
    );
  };
}

/** Null where the browser denies the page to store anything: even touching it throws there. */
function allowedLocalStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
