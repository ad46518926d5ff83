import { EarmarkError, isAbortError } from './errors.js';
import { HUB_MODELS } from './hub-catalog.js';
import { STALL_MS, type ModelFetch } from './model-download.js';
import { neededFiles, type ModelOffer, type NeededFor, type OfferedFile, type StatedHash } from './model-offer.js';

/** A model on the hub, or on a mirror of it. */
export interface HubReference {
  /** Repository, e.g. `Xenova/clap-htsat-unfused`. */
  readonly id: string;
  /** The hub, or a host with the same paths. */
  readonly host: URL;
  /** Commit of the repository. Default: what it has now. */
  readonly revision?: string;
}

/** What the hub's API says of a repository at a revision, as far as it is used here. */
interface RepositoryInfo {
  readonly sha: string;
  readonly siblings: readonly {
    readonly rfilename: string;
    readonly size?: number;
    readonly blobId?: string;
    readonly lfs?: { readonly sha256?: string; readonly size?: number };
  }[];
  readonly cardData?: { readonly license?: unknown };
}

interface Asking {
  readonly reference: HubReference;
  readonly neededFor: NeededFor;
  readonly fetchFile: ModelFetch;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks a hub what it has of a model now, and pins that: the commit, and of each file the bytes and the hash that the hub
 * states. The files of a mirror without the hub's API are asked for one by one, where their headers say as much.
 *
 * @throws EarmarkError `bad-option` for an id that is none, `model-missing`, `model-corrupt`
 * @throws DOMException `AbortError`
 */
export async function offerHubModel(
  reference: HubReference,
  neededFor: NeededFor,
  fetchFile: ModelFetch,
  signal?: AbortSignal,
): Promise<ModelOffer> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(reference.id)) {
    throw new EarmarkError(
      'bad-option',
      `“${reference.id}” is no model of the hub; its name has the form owner/model.`,
    );
  }
  const asking: Asking = { reference, neededFor, fetchFile, signal };
  return (await askApi(asking)) ?? askFiles(asking);
}

/** Null where the host has no such interface. */
async function askApi(asking: Asking): Promise<ModelOffer | null> {
  const { id, host, revision = 'main' } = asking.reference;
  const response = await ask(asking, new URL(`api/models/${id}/revision/${revision}?blobs=true`, host), 'GET');
  if (response.status === 401) throw missing(asking, 'it does not have this model, or keeps it private');
  if (response.status >= 500 || response.status === 429) throw missing(asking, `it answered ${response.status}`);
  const info = response.ok ? await response.json().catch(() => null) : null;
  if (!isRepositoryInfo(info)) return null;
  const entries = new Map(info.siblings.map((sibling) => [sibling.rfilename, sibling]));
  const paths = needed(asking, new Set(entries.keys()));
  const files = paths.map((path): OfferedFile => {
    const { size, blobId, lfs } = entries.get(path)!;
    const stated = sha256(lfs?.sha256) ?? gitSha1(lfs ? undefined : blobId);
    const bytes = lfs?.size ?? size;
    if (stated === null || bytes === undefined) throw unstated(asking, path);
    return { path, bytes, stated, content: fileUrl(asking.reference, info.sha, path), etag: null };
  });
  return offer(asking, info.sha, files, info.cardData?.license);
}

/** Every file that may be needed; which are depends on what is there. */
const CANDIDATES = [
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  ...['audio', 'text'].flatMap((side) => ['_quantized', '_fp16', ''].map((dtype) => `onnx/${side}_model${dtype}.onnx`)),
];

async function askFiles(asking: Asking): Promise<ModelOffer> {
  const { reference } = asking;
  const first = await ask(asking, fileUrl(reference, reference.revision ?? 'main', 'config.json'), 'HEAD');
  if (!first.ok) throw missing(asking, `it answered ${first.status} for config.json`);
  const commit = first.headers.get('X-Repo-Commit');
  if (commit === null || !/^[\da-f]{40}$/.test(commit)) throw unstated(asking, 'config.json');
  const answers = new Map([['config.json', first]]);
  await Promise.all(
    CANDIDATES.map(async (path) => {
      const response = await ask(asking, fileUrl(reference, commit, path), 'HEAD');
      if (response.ok) answers.set(path, response);
    }),
  );
  const files = needed(asking, new Set(answers.keys())).map((path): OfferedFile => {
    const { headers } = answers.get(path)!;
    const linked = headers.get('X-Linked-Etag');
    const tag = (linked ?? headers.get('ETag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    const stated = sha256(tag) ?? gitSha1(tag);
    const bytes = Number(headers.get('X-Linked-Size') ?? headers.get('Content-Length') ?? NaN);
    if (stated === null || !(bytes >= 0)) throw unstated(asking, path);
    return { path, bytes, stated, content: fileUrl(reference, commit, path), etag: null };
  });
  return offer(asking, commit, files, undefined);
}

function offer({ reference }: Asking, commit: string, files: readonly OfferedFile[], licence: unknown): ModelOffer {
  const { id, host } = reference;
  const known = HUB_MODELS.find((model) => model.id === id);
  return {
    identity: {
      id,
      name: known?.name ?? id,
      revision: commit,
      licence: known?.licence ?? (typeof licence === 'string' ? licence : 'unknown'),
    },
    place: { kind: 'hub', from: host.host },
    files,
  };
}

/** @throws EarmarkError `model-missing` */
async function ask({ reference, fetchFile, signal }: Asking, url: URL, method: 'GET' | 'HEAD'): Promise<Response> {
  try {
    // A host that says nothing at all would keep the user waiting for ever.
    const patience = AbortSignal.any([AbortSignal.timeout(STALL_MS), ...(signal ? [signal] : [])]);
    return await fetchFile(url, { method, cache: 'no-store', credentials: 'omit', signal: patience });
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new EarmarkError(
      'model-missing',
      `${reference.host.host} cannot be reached. Check the connection, and that this page may ask other hosts; the model that is loaded goes on working.`,
      { cause: error },
    );
  }
}

function needed(asking: Asking, paths: ReadonlySet<string>): readonly string[] {
  const files = neededFiles(paths, asking.neededFor);
  if ('missing' in files) throw missing(asking, `there is no ${files.missing} in it`);
  return files;
}

function fileUrl({ id, host }: HubReference, revision: string, path: string): URL {
  return new URL(`${id}/resolve/${revision}/${path}`, host);
}

function sha256(value: string | undefined): StatedHash | null {
  return value !== undefined && /^[\da-f]{64}$/.test(value) ? { algorithm: 'sha256', value } : null;
}

function gitSha1(value: string | undefined): StatedHash | null {
  return value !== undefined && /^[\da-f]{40}$/.test(value) ? { algorithm: 'git-sha1', value } : null;
}

function isRepositoryInfo(value: unknown): value is RepositoryInfo {
  const { sha, siblings } = (value ?? {}) as Partial<RepositoryInfo>;
  return typeof sha === 'string' && /^[\da-f]{40}$/.test(sha) && Array.isArray(siblings);
}

function missing({ reference: { id, host } }: Asking, what: string): EarmarkError {
  return new EarmarkError('model-missing', `${host.host} does not give ${id}: ${what}. Check the name and the host.`);
}

function unstated({ reference: { id, host } }: Asking, path: string): EarmarkError {
  return new EarmarkError(
    'model-corrupt',
    `${host.host} does not say which file ${path} of ${id} is (no hash), so it could not be checked, and nothing was downloaded. Use another host.`,
  );
}
