import type { ModelFile } from './model-descriptor.js';
import type { ModelIdentity } from './model-files.js';
import type { ModelOffer, ModelPlace } from './model-offer.js';

interface Manifest extends ModelIdentity {
  readonly files: readonly ModelFile[];
}

/**
 * A model whose folder has a `model.json`, which states who the model is and the SHA-256 of all its files.
 *
 * @param json content of `model.json`
 * @param contentOf where a file of the folder can be had; null where it is missing
 * @returns null if it is no such file
 */
export function offerDescribedModel(
  json: string,
  place: ModelPlace,
  contentOf: (path: string) => URL | Blob | null,
): ModelOffer | null {
  const manifest = parseManifest(json);
  if (!manifest) return null;
  const { id, name, revision, licence } = manifest;
  const described = { path: 'model.json', bytes: new Blob([json]).size, sha256: null };
  const files = [described, ...manifest.files].flatMap(({ path, bytes, sha256 }) => {
    const content = contentOf(path);
    const stated = sha256 === null ? null : ({ algorithm: 'sha256', value: sha256 } as const);
    return content === null ? [] : [{ path, bytes, stated, content, etag: null }];
  });
  return { identity: { id, name, revision, licence }, place, files };
}

function parseManifest(json: string): Manifest | null {
  try {
    const manifest = JSON.parse(json) as Partial<Manifest>;
    const texts = [manifest.id, manifest.name, manifest.revision, manifest.licence];
    const isManifest = texts.every((text) => typeof text === 'string') && Array.isArray(manifest.files);
    return isManifest ? (manifest as Manifest) : null;
  } catch {
    return null;
  }
}
