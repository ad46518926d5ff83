import type { BackendChoice, EmbeddingEngine } from '../engine/embedding-engine.js';
import { EarmarkError } from '../engine/errors.js';
import { type ArgumentRule, badArgument, checkNames, FUNCTION } from './argument-rules.js';
import type { AudioInput, OpenedAudio } from './audio-source.js';
import type { TimelineHost } from './host/timeline-host.js';
import type { HubModelReference, ModelReference } from './models-state.js';

/** `auto` measures, and takes the faster backend of those that compute rightly. */
export type BackendPreference = 'auto' | 'wasm' | 'webgpu';

/** How Earmark is set up. */
export interface EarmarkOptions {
  /** The timeline to attach to; Earmark lets go of it in `destroy()`. Default: none, recordings come by `open()`. */
  readonly host?: TimelineHost | undefined;
  /**
   * `'pocket'`, the built-in model, the URL of a model folder, or a model of a hub, which is downloaded when it is first
   * needed. Default `'pocket'`.
   */
  readonly model?: string | URL | HubModelReference | undefined;
  /** Folder of the worker, wasm and model files. Default: where this module was loaded from. */
  readonly assetBase?: string | URL | undefined;
  /** What runs the model. Default `'auto'`. */
  readonly backend?: BackendPreference | undefined;
  /** Analysis workers, 1…16. Default: as many as help on this machine. */
  readonly workers?: number | undefined;
  /**
   * Fine mode of CLAP models: a frame each third of a second from the inside of the audio model, where its file allows,
   * instead of short windows. Faster and finer; how good it is has not been verified on real weights. Default false.
   */
  readonly fine?: boolean | undefined;
  /**
   * Whether what the user chooses in the panel, model and fine mode, is what the next visit begins with. It takes the
   * place of this `model` only: pages that begin with another one are not concerned. Default true with a host and
   * without a `createEngine` of the page's own, else false.
   */
  readonly rememberModel?: boolean | undefined;
  /** Whether embeddings are kept on the device, so that a second visit analyses nothing. Default true. */
  readonly cache?: boolean | undefined;
  /** Sensitivity of new prompts, 0…1. Default .5, what the detection is calibrated for. */
  readonly sensitivity?: number | undefined;
  /** Seconds that a hit is played from before its start, 0…10. Default .25. */
  readonly preRoll?: number | undefined;
  /**
   * Whether the work on a recording is kept on the device and comes back with the recording. Default true with a host,
   * where people work, and false without one: a script that runs twice gets the same twice.
   */
  readonly autosave?: boolean | undefined;
  /**
   * Opens a recording in the page, for a project that is opened again. Default: `loadBlob` of wavesurfer.js; without a
   * host `open()`; on other hosts nothing, and the user opens the recording the page's own way.
   */
  readonly openRecording?: ((file: File) => void | Promise<void>) | undefined;
  /** Makes the engine, again at every change of backend. Default: the engine in workers. */
  readonly createEngine?: EngineFactory | undefined;
  /** Opens a recording. Default: decodes with WebCodecs or Web Audio. */
  readonly openAudio?: AudioOpener | undefined;
}

/** What the engine is told. */
export interface EngineSettings {
  readonly assetBase: URL;
  readonly model: ModelReference;
  readonly backend: BackendPreference;
  readonly workers: number | undefined;
  readonly fine: boolean;
  readonly cache: boolean;
}

export interface EngineFactory {
  (settings: EngineSettings): EmbeddingEngine | Promise<EmbeddingEngine>;
  /** What its engines run on, where that is known before there is one: the panel has to say at once where audio goes. */
  readonly choice?: BackendChoice;
}

export type AudioOpener = (
  input: AudioInput,
  options: { readonly signal: AbortSignal; readonly assetBase: URL; readonly name?: string },
) => Promise<OpenedAudio>;

/** Options with the defaults filled in, checked. */
export interface EarmarkSettings extends EngineSettings {
  readonly sensitivity: number;
  readonly preRoll: number;
  readonly autosave: boolean;
  readonly rememberModel: boolean;
}

interface OptionRule<T> {
  readonly fallback: T;
  /** Shown when it is broken; says unit and range. */
  readonly must: string;
  readonly parse: (value: unknown) => T | undefined;
}

function numberWithin(low: number, high: number): (value: unknown) => number | undefined {
  return (value) => (typeof value === 'number' && value >= low && value <= high ? value : undefined);
}

function asFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function asUrl(value: unknown): URL | undefined {
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  const text = value instanceof URL ? value.href : value;
  return typeof text === 'string' && text !== '' && URL.canParse(text, base) ? new URL(text, base) : undefined;
}

function asFolder(value: unknown): URL | undefined {
  const url = asUrl(value);
  if (url && !url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/**
 * Where the package's files lie: beside its entries, one folder up from the chunks that those share.
 *
 * @throws EarmarkError `bad-option` in a script that cannot know: a bundle that is no module, a blob
 */
function packageFolder(): URL {
  const { url = '' } = import.meta as { url?: string };
  const folder = url.includes('/chunks/') ? '../' : './';
  if (URL.canParse(folder, url)) return new URL(folder, url);
  throw new EarmarkError('bad-option', 'Set “assetBase” to the URL of a copy of Earmark’s dist/; it is unknown here.');
}

const RULES: { readonly [K in keyof EarmarkSettings]: OptionRule<EarmarkSettings[K]> } = {
  model: {
    fallback: 'pocket',
    must: "be 'pocket', the URL of a model folder, or { hub: 'owner/model' }",
    parse: (value) =>
      value === 'pocket' || typeof (value as Partial<HubModelReference> | null)?.hub === 'string'
        ? (value as ModelReference)
        : asFolder(value),
  },
  assetBase: {
    get fallback() {
      return packageFolder();
    },
    must: 'be the URL of a folder',
    parse: asFolder,
  },
  backend: {
    fallback: 'auto',
    must: "be 'auto', 'wasm' or 'webgpu'",
    parse: (value) => (['auto', 'wasm', 'webgpu'] as const).find((name) => name === value),
  },
  workers: {
    fallback: undefined,
    must: 'be a whole number, 1…16',
    parse: (value) => (Number.isInteger(value) ? numberWithin(1, 16)(value) : undefined),
  },
  fine: { fallback: false, must: 'be true or false', parse: asFlag },
  cache: {
    fallback: true,
    must: 'be true or false',
    parse: asFlag,
  },
  sensitivity: { fallback: 0.5, must: 'be a number, 0…1', parse: numberWithin(0, 1) },
  autosave: { fallback: false, must: 'be true or false', parse: asFlag },
  rememberModel: { fallback: false, must: 'be true or false', parse: asFlag },
  preRoll: { fallback: 0.25, must: 'be seconds, 0…10', parse: numberWithin(0, 10) },
};

function badOption(name: string, must: string, value: unknown): EarmarkError {
  return badArgument(`The option “${name}”`, must, value);
}

/** @throws EarmarkError `bad-option`, which names the option and its range */
export function parseOption<K extends keyof EarmarkSettings>(name: K, value: unknown): EarmarkSettings[K] {
  const rule = RULES[name];
  if (value === undefined) return rule.fallback;
  const parsed = rule.parse(value);
  if (parsed !== undefined) return parsed;
  throw badOption(name, rule.must, value);
}

type PartName = Exclude<keyof EarmarkOptions, keyof EarmarkSettings>;

/** Options that are no settings but parts that a program brings along. */
const PARTS: { readonly [K in PartName]: ArgumentRule } = {
  host: {
    must: 'be a TimelineHost, e.g. mediaElementHost(audio)',
    fits: (value) => typeof (value as Partial<TimelineHost>).getSource === 'function',
  },
  createEngine: FUNCTION,
  openAudio: FUNCTION,
  openRecording: FUNCTION,
};

/**
 * Programs that are not type-checked misspell options, and give an element where a host is due.
 *
 * @throws EarmarkError `bad-option`
 */
export function checkParts(options: EarmarkOptions): void {
  checkNames('createEarmark()', [...Object.keys(RULES), ...Object.keys(PARTS)], options);
  for (const [name, { must, fits }] of Object.entries(PARTS)) {
    const value = options[name as PartName] ?? null;
    if (value !== null && !fits(value)) throw badOption(name, must, value);
  }
}

/** @throws EarmarkError `bad-option` */
export function parseOptions(options: EarmarkOptions): EarmarkSettings {
  return Object.freeze({
    model: parseOption('model', options.model),
    assetBase: parseOption('assetBase', options.assetBase),
    backend: parseOption('backend', options.backend),
    workers: parseOption('workers', options.workers),
    fine: parseOption('fine', options.fine),
    cache: parseOption('cache', options.cache),
    sensitivity: parseOption('sensitivity', options.sensitivity),
    preRoll: parseOption('preRoll', options.preRoll),
    autosave: parseOption('autosave', options.autosave),
    rememberModel: parseOption('rememberModel', options.rememberModel),
  });
}
