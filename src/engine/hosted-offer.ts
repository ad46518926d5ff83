import { EarmarkError, isAbortError } from './errors.js';
import { offerDescribedModel } from './manifest-offer.js';
import { STALL_MS, type ModelFetch } from './model-download.js';
import { neededFiles, type ModelOffer, type NeededFor, type OfferedFile } from './model-offer.js';

/** Every file of the hub's layout that may be needed. */
const CANDIDATES = [
  'config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  ...['audio', 'text'].flatMap((side) => ['_quantized', '_fp16', ''].map((dtype) => `onnx/${side}_model${dtype}.onnx`)),
];

/**
 * Asks a web server what it has of a model: in the hub's layout, or described by a `model.json`. Without that it states
 * no hashes: what the first download brings is what is checked ever after.
 *
 * @param folder URL of the folder, with a slash at its end
 * @throws EarmarkError `model-missing`
 * @throws DOMException `AbortError`
 */
export async function offerHostedModel(
  folder: URL,
  neededFor: NeededFor,
  fetchFile: ModelFetch,
  signal?: AbortSignal,
): Promise<ModelOffer> {
  const place = { kind: 'url', from: folder.href } as const;
  const manifest = await ask(new URL('model.json', folder), 'GET', fetchFile, signal);
  const described =
    manifest.ok && offerDescribedModel(await manifest.text(), place, (path) => insideFolder(path, folder));
  if (described) return described;
  const answers = new Map<string, Headers>();
  await Promise.all(
    CANDIDATES.map(async (path) => {
      const response = await ask(new URL(path, folder), 'HEAD', fetchFile, signal);
      // A server that answers everything with its start page has none of them.
      if (response.ok && response.headers.get('Content-Type')?.startsWith('text/html') !== true) {
        answers.set(path, response.headers);
      }
    }),
  );
  const paths = neededFiles(new Set(answers.keys()), neededFor);
  if ('missing' in paths) throw notAModel(folder.href, paths.missing);
  const files = paths.map((path): OfferedFile => {
    const headers = answers.get(path)!;
    const bytes = Number(headers.get('Content-Length') ?? 0);
    return { path, bytes, stated: null, content: new URL(path, folder), etag: headers.get('ETag') };
  });
  const name = decodeURIComponent(folder.pathname.split('/').at(-2) ?? folder.host) || folder.host;
  const modified = answers.get('config.json')!.get('Last-Modified');
  return {
    identity: { id: folder.href, name, revision: modified ?? 'as first downloaded', licence: 'unknown' },
    place,
    files,
  };
}

async function ask(
  url: URL,
  method: 'GET' | 'HEAD',
  fetchFile: ModelFetch,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    // A host that says nothing at all would keep the user waiting for ever.
    const patience = AbortSignal.any([AbortSignal.timeout(STALL_MS), ...(signal ? [signal] : [])]);
    return await fetchFile(url, { method, cache: 'no-store', signal: patience });
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new EarmarkError(
      'model-missing',
      `${url.host} cannot be reached. Check the address and the connection, and that this page may ask that host.`,
      { cause: error },
    );
  }
}

/** Null for a path that leads out of the folder. */
function insideFolder(path: string, folder: URL): URL | null {
  const url = new URL(path, folder);
  return url.href.startsWith(folder.href) ? url : null;
}

/** @param place shown to the user */
export function notAModel(place: string, missing: string): EarmarkError {
  return new EarmarkError(
    'model-missing',
    `There is no ${missing} in ${place}, so this is no CLAP model in the layout of the Hugging Face hub. Choose the folder that holds config.json and onnx/.`,
  );
}
