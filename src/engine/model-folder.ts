import type { Backend } from './embedding-engine.js';
import { EarmarkError, isAbortError } from './errors.js';
import type { ModelDescriptor, ModelFile } from './model-descriptor.js';
import {
  audioGraph,
  textHash,
  type AudioGraph,
  type GraphDtype,
  type ModelSource,
  type TextModelFiles,
} from './model-source.js';

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

/** SHA-256 in lower-case hex. */
export async function sha256Hex(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The files of a folder, none of which is used before its bytes and SHA-256 have been checked. */
class VerifiedFiles {
  constructor(
    private readonly folder: URL,
    readonly list: readonly ModelFile[],
    private readonly fetchFile: Fetch,
  ) {}

  listed(path: string): ModelFile {
    const file = this.list.find((candidate) => candidate.path === path);
    if (file === undefined) throw corrupt(this.folder, `model.json does not list ${path}`);
    return file;
  }

  async json(path: string, signal?: AbortSignal): Promise<object> {
    return parseJson(await this.read(path, signal), path, this.folder);
  }

  async read(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
    const file = this.listed(path);
    const url = new URL(path, this.folder);
    if (!url.href.startsWith(this.folder.href))
      throw corrupt(this.folder, `it names a file outside of itself (${path})`);
    const bytes = await fetchBytes(url, this.fetchFile, {}, signal);
    if (await matches(bytes, file)) return bytes;
    // After an update the browser's cache may still hold the file of the former revision.
    const fresh = await fetchBytes(url, this.fetchFile, { cache: 'reload' }, signal);
    if (await matches(fresh, file)) return fresh;
    throw corrupt(
      this.folder,
      `${path} is not the file that model.json describes (${fresh.byteLength} of ${file.bytes} bytes, or other content)`,
    );
  }
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
    private readonly files: VerifiedFiles,
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
    const bytes = await fetchBytes(new URL('model.json', folder), fetchFile, { cache: 'no-cache' }, signal);
    const manifest = parseManifest(parseJson(bytes, 'model.json', folder), folder);
    const files = new VerifiedFiles(folder, manifest.files, fetchFile);
    const [config, frontEnd] = await Promise.all([
      files.json('config.json', signal),
      files.json('preprocessor_config.json', signal),
    ]);
    return new ModelFolder(describe(manifest, config, frontEnd, folder), frontEnd, manifest, files);
  }

  audioGraphs(backend: Backend): readonly AudioGraph[] {
    const { path, dtype } = this.manifest.audio[backend];
    const graph =
      this.#audioGraphs.get(path) ?? audioGraph(this.files.listed(path), dtype, () => this.files.read(path));
    this.#audioGraphs.set(path, graph);
    return [graph];
  }

  get textHash(): string {
    return textHash(this.files.list, this.manifest.text.path);
  }

  /** All that the text side needs, verified. */
  async readTextModel(): Promise<TextModelFiles> {
    const { text, classes } = this.manifest;
    const [graph, tokenizer, tokenizerConfig, names] = await Promise.all([
      this.files.read(text.path),
      this.files.json('tokenizer.json'),
      this.files.json('tokenizer_config.json'),
      classes === undefined ? [] : this.files.json(classes),
    ]);
    return { graph, tokenizer, tokenizerConfig, specialTokens: false, classes: names as string[] };
  }
}

async function matches(bytes: ArrayBuffer, file: ModelFile): Promise<boolean> {
  return bytes.byteLength === file.bytes && (await sha256Hex(bytes)) === file.sha256;
}

async function fetchBytes(
  url: URL,
  fetchFile: Fetch,
  init: RequestInit,
  signal: AbortSignal | undefined,
): Promise<ArrayBuffer> {
  if (globalThis.crypto?.subtle === undefined)
    throw new EarmarkError(
      'model-missing',
      'The model cannot be verified on this page, so it was not loaded. Serve the page over https:// or from localhost.',
    );
  let reason: string;
  try {
    // A redirect could lead to another origin.
    const response = await fetchFile(url, { ...init, redirect: 'error', ...(signal && { signal }) });
    if (response.ok) return await response.arrayBuffer();
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
