import {
  handOver,
  OtherFileError,
  otherThan,
  readVerified,
  type FileContents,
  type ReadableFile,
} from './described-file.js';
import type { Backend } from './embedding-engine.js';
import { EarmarkError, isAbortError } from './errors.js';
import type { ModelDescriptor, ModelFile } from './model-descriptor.js';
import type { ModelFiles } from './model-files.js';
import { textHash, type AudioGraph, type GraphDtype, type ModelSource, type TextModelFiles } from './model-source.js';
import { sharedContents } from './shared-contents.js';

/** A graph of the model as a backend runs it. */
interface ModelGraph {
  readonly path: string;
  readonly dtype: GraphDtype;
}

/** The content of a folder's `model.json`, written by `scripts/describe-model.ts`. */
interface ModelManifest {
  readonly id: string;
  readonly name: string;
  readonly revision: string;
  readonly licence: string;
  readonly windowFrames: number;
  readonly minMelFrames: number;
  readonly audio: Readonly<Record<Backend, ModelGraph>>;
  readonly text: Pick<ModelGraph, 'path'>;
  /** A JSON list of the classes behind the text model, if it has them. */
  readonly classes?: string;
  readonly files: readonly ModelFile[];
}

type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** The files that a `model.json` lists, none of which is used before its bytes and SHA-256 have been checked. */
class ListedFiles {
  /** @param isRemote whether to ask for a file's contents is to send for them */
  constructor(
    readonly folder: URL,
    readonly list: readonly ModelFile[],
    private readonly contents: (file: ModelFile, signal?: AbortSignal) => FileContents,
    private readonly isRemote: boolean,
  ) {}

  file(path: string, signal?: AbortSignal): ReadableFile {
    const file = this.list.find((candidate) => candidate.path === path);
    if (file === undefined) throw corrupt(this.folder, `model.json does not list ${path}`);
    return { ...file, contents: () => this.contents(file, signal) };
  }

  /** A file that several workers read. */
  shared(path: string): ReadableFile {
    const file = this.file(path);
    return this.isRemote ? { ...file, contents: sharedContents(file.contents) } : file;
  }

  async json(path: string, signal?: AbortSignal): Promise<object> {
    return parseJson(await handOver(this.file(path, signal), readVerified), path, this.folder);
  }
}

/** A file as its server has it. */
async function* fetchedContents(
  { path, bytes }: ModelFile,
  folder: URL,
  fetchFile: Fetch,
  signal: AbortSignal | undefined,
): FileContents {
  const url = new URL(path, folder);
  if (!url.href.startsWith(folder.href)) throw corrupt(folder, `it names a file outside of itself (${path})`);
  yield await fetchBlob(url, fetchFile, {}, signal);
  // After an update the browser's cache may still hold the file of the former revision.
  const fresh = await fetchBlob(url, fetchFile, { cache: 'reload' }, signal);
  yield fresh;
  const what = `${path} is not the file that model.json describes (${otherThan(bytes, fresh.size)})`;
  throw new OtherFileError(corrupt(folder, what).message);
}

/**
 * A folder with a model: `model.json` names its files, their bytes and their SHA-256. All requests stay in the folder.
 * Graphs are fetched when they are asked for.
 */
export class ModelFolder implements ModelSource {
  readonly #audioGraphs = new Map<string, AudioGraph>();

  private constructor(
    readonly descriptor: ModelDescriptor,
    /** The content of `preprocessor_config.json`. */
    readonly frontEnd: unknown,
    private readonly manifest: ModelManifest,
    private readonly files: ListedFiles,
  ) {}

  /**
   * @param url of the folder, absolute
   * @throws EarmarkError `model-missing`, `model-corrupt`
   */
  static async open(
    url: URL,
    signal?: AbortSignal,
    fetchFile: Fetch = (file, init) => fetch(file, init),
  ): Promise<ModelFolder> {
    const folder = new URL(url.href.endsWith('/') ? url.href : `${url.href}/`);
    const content = await fetchBlob(new URL('model.json', folder), fetchFile, { cache: 'no-cache' }, signal);
    const manifest = parseManifest(parseJson(await content.arrayBuffer(), 'model.json', folder), folder);
    const contents = (file: ModelFile, until?: AbortSignal) => fetchedContents(file, folder, fetchFile, until);
    return ModelFolder.#of(manifest, new ListedFiles(folder, manifest.files, contents, true), signal);
  }

  /**
   * A folder that was downloaded.
   *
   * @param folder stands for it in messages
   * @throws EarmarkError `model-incomplete`, `model-corrupt`
   */
  static async ofKept(kept: ModelFiles, folder: URL, signal?: AbortSignal): Promise<ModelFolder> {
    const manifest = parseManifest(await kept.json('model.json', signal), folder);
    const files = new ListedFiles(folder, manifest.files, ({ path }) => kept.file(path).contents(), false);
    return ModelFolder.#of(manifest, files, signal);
  }

  static async #of(manifest: ModelManifest, files: ListedFiles, signal: AbortSignal | undefined): Promise<ModelFolder> {
    const [config, frontEnd] = await Promise.all([
      files.json('config.json', signal),
      files.json('preprocessor_config.json', signal),
    ]);
    return new ModelFolder(describe(manifest, config, frontEnd, files.folder), frontEnd, manifest, files);
  }

  audioGraphs(backend: Backend): readonly AudioGraph[] {
    const { path, dtype } = this.manifest.audio[backend];
    const known = this.#audioGraphs.get(path);
    if (known) return [known];
    const graph = { ...this.files.shared(path), dtype };
    this.#audioGraphs.set(path, graph);
    return [graph];
  }

  get textHash(): string {
    return textHash(this.files.list, this.manifest.text.path);
  }

  async readTextModel(): Promise<TextModelFiles> {
    const { text, classes } = this.manifest;
    const [tokenizer, tokenizerConfig, names] = await Promise.all([
      this.files.json('tokenizer.json'),
      this.files.json('tokenizer_config.json'),
      classes === undefined ? [] : this.files.json(classes),
    ]);
    const graph = this.files.file(text.path);
    return { graph, tokenizer, tokenizerConfig, specialTokens: false, classes: names as string[] };
  }
}

async function fetchBlob(
  url: URL,
  fetchFile: Fetch,
  init: RequestInit,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  if (globalThis.crypto?.subtle === undefined)
    throw new EarmarkError(
      'model-missing',
      'The model cannot be verified on this page, so it was not loaded. Serve the page over https:// or from localhost.',
    );
  let reason: string;
  try {
    // A redirect could lead to another origin.
    const response = await fetchFile(url, { ...init, redirect: 'error', ...(signal && { signal }) });
    if (response.ok) return await response.blob();
    reason = `the server answered ${response.status}`;
  } catch (error) {
    if (isAbortError(error)) throw error;
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new EarmarkError(
    'model-missing',
    `The model file ${url.href} could not be fetched: ${reason}. Check the connection, and that the model's folder was copied there.`,
  );
}

function corrupt(folder: URL, what: string): EarmarkError {
  return new EarmarkError(
    'model-corrupt',
    `The model in ${folder.href} cannot be used: ${what}. Copy the folder again.`,
  );
}

function parseJson(bytes: ArrayBuffer, path: string, folder: URL): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to the same error.
  }
  throw corrupt(folder, `${path} is not JSON`);
}

type Kind = 'string' | 'number' | 'object';

function checkFields(value: object, fields: Readonly<Record<string, Kind>>, file: string, folder: URL): void {
  for (const [field, kind] of Object.entries(fields)) {
    const found: unknown = (value as Record<string, unknown>)[field];
    if (typeof found !== kind || found === null)
      throw corrupt(folder, `"${field}" in ${file} is missing or not a ${kind}`);
  }
}

const GRAPH = { path: 'string', dtype: 'string' } as const;
const DTYPES: readonly string[] = ['fp32', 'fp16', 'q8'] satisfies GraphDtype[];

function parseManifest(value: object, folder: URL): ModelManifest {
  const check = (part: object, fields: Readonly<Record<string, Kind>>) =>
    checkFields(part, fields, 'model.json', folder);
  check(value, { id: 'string', name: 'string', revision: 'string', licence: 'string', windowFrames: 'number' });
  check(value, { minMelFrames: 'number', audio: 'object', text: 'object', files: 'object' });
  const manifest = value as ModelManifest;
  check(manifest.audio, { wasm: 'object', webgpu: 'object' });
  for (const graph of [manifest.audio.wasm, manifest.audio.webgpu]) {
    check(graph, GRAPH);
    if (!DTYPES.includes(graph.dtype))
      throw corrupt(
        folder,
        `"dtype" of an audio graph in model.json is ${graph.dtype}, not one of ${DTYPES.join(', ')}`,
      );
  }
  check(manifest.text, { path: 'string' });
  for (const file of manifest.files) check(file, { path: 'string', bytes: 'number', sha256: 'string' });
  return manifest;
}

interface Config {
  readonly projection_dim: number;
  readonly logit_scale: number;
  readonly frame_hop_length: number;
  readonly has_logit_bias?: boolean;
}

function describe(manifest: ModelManifest, config: object, frontEnd: object, folder: URL): ModelDescriptor {
  checkFields(
    config,
    { projection_dim: 'number', logit_scale: 'number', frame_hop_length: 'number' },
    'config.json',
    folder,
  );
  checkFields(frontEnd, { sampling_rate: 'number', hop_length: 'number' }, 'preprocessor_config.json', folder);
  const { id, name, revision, licence, files, windowFrames, minMelFrames } = manifest;
  const { projection_dim, logit_scale, frame_hop_length, has_logit_bias } = config as Config;
  const { sampling_rate, hop_length } = frontEnd as { sampling_rate: number; hop_length: number };
  const needed = new Set([
    'config.json',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    manifest.audio.wasm.path,
    manifest.text.path,
    manifest.classes,
  ]);
  return {
    kind: 'frames',
    id,
    name,
    revision,
    licence,
    files,
    bytes: files.filter(({ path }) => needed.has(path)).reduce((sum, { bytes }) => sum + bytes, 0),
    sampleRate: sampling_rate,
    melHop: hop_length,
    dimension: projection_dim,
    melFramesPerFrame: frame_hop_length,
    windowFrames,
    minMelFrames,
    logitScale: logit_scale,
    calibrated: has_logit_bias === true,
  };
}
