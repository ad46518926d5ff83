import { EarmarkError } from './errors.js';
import { notAModel } from './hosted-offer.js';
import { offerDescribedModel } from './manifest-offer.js';
import { neededFiles, type GpuDtype, type ModelOffer } from './model-offer.js';
import { sha256Hex } from './sha256.js';

/** A file of a folder on the user's disk. */
export interface FolderFile {
  /** From the folder that was chosen, e.g. `clap/onnx/audio_model.onnx`. */
  readonly path: string;
  readonly file: File;
}

/**
 * The model in a folder that the user has chosen: in the hub's layout, or described by a `model.json`. Without that its
 * revision is the SHA-256 of its configuration
 * and of the lengths of its files: whether it is the model that it is taken for nobody can tell.
 *
 * @throws EarmarkError `model-missing`
 */
export async function offerFolderModel(chosen: readonly FolderFile[], gpu: GpuDtype): Promise<ModelOffer> {
  const config = chosen
    .filter(({ path }) => path.split('/').at(-1) === 'config.json')
    .toSorted((a, b) => a.path.length - b.path.length)[0];
  if (!config) throw notAModel('this folder', 'config.json');
  const root = config.path.slice(0, -'config.json'.length);
  const name = root.split('/').at(-2) ?? 'folder';
  const inside = new Map(
    chosen.filter(({ path }) => path.startsWith(root)).map(({ path, file }) => [path.slice(root.length), file]),
  );
  const place = { kind: 'folder', from: name } as const;
  const manifest = inside.get('model.json');
  const described = manifest && offerDescribedModel(await manifest.text(), place, (path) => inside.get(path) ?? null);
  if (described) return described;
  // A file more costs only room on the disk, and the folder may be out of reach when it is wanted.
  const paths = neededFiles(new Set(inside.keys()), { gpu, whole: true });
  if ('missing' in paths) throw notAModel(`“${name}”`, paths.missing);
  const files = paths.map((path) => {
    const content = inside.get(path)!;
    return { path, bytes: content.size, stated: null, content, etag: null };
  });
  const text = await config.file.text().catch((cause: unknown) => {
    throw new EarmarkError('model-missing', `config.json of “${name}” cannot be read. Choose the folder again.`, {
      cause,
    });
  });
  const facts = JSON.stringify([text, files.map(({ path, bytes }) => [path, bytes])]);
  const revision = `folder-${(await sha256Hex(new TextEncoder().encode(facts))).slice(0, 12)}`;
  return {
    identity: { id: revision, name, revision, licence: 'unknown' },
    place,
    files,
  };
}
