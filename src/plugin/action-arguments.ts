import {
  type ArgumentRule,
  type FieldRules,
  FLAG,
  FUNCTION,
  IDS,
  listOf,
  NUMBER,
  oneOf,
  optional,
  orNull,
  type RequestRules,
  SIGNAL,
  TEXT,
} from './argument-rules.js';
import type { ClassifyOptions } from './classification.js';
import type { MaskOptions } from './mask.js';
import type { OpenProjectOptions } from './projects.js';
import type { RenderOptions, RenderSettings } from './render.js';
import type { ActionRequest } from './requests.js';
import { SEPARATION_METHODS, SEPARATION_PARTS, type SeparateOptions } from './separation.js';
import type { SplitOptions } from './split.js';
import type { SuggestUcsOptions } from './ucs.js';

/** A value, as an object that may have any field. */
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => Object(value) as Record<string, unknown>;

const isOptional = ({ fits }: ArgumentRule, value: unknown): boolean => value === undefined || fits(value);

const BLOB: ArgumentRule = { must: 'be a File or another Blob', fits: (value) => value instanceof Blob };
const TEXTS = listOf('texts', TEXT);
const REGIONS = listOf('regions or their ids', {
  must: TEXT.must,
  fits: (value) => TEXT.fits(value) || TEXT.fits(fieldsOf(value)['id']),
});
const POINTS = listOf('points { time, gain }', {
  must: NUMBER.must,
  fits: (value) => NUMBER.fits(fieldsOf(value)['time']) && NUMBER.fits(fieldsOf(value)['gain']),
});
const CLASSES = listOf('names or { label, texts, silence }', {
  must: TEXT.must,
  fits: (value) => {
    const { label = value, texts, silence } = fieldsOf(value);
    return TEXT.fits(label) && isOptional(TEXTS, texts) && isOptional(FLAG, silence);
  },
});
const STRETCHES = listOf('stretches { start, end }', {
  must: NUMBER.must,
  fits: (value) => NUMBER.fits(fieldsOf(value)['start']) && NUMBER.fits(fieldsOf(value)['end']),
});
const ORIGIN: ArgumentRule = {
  must: 'be { hub }, { url }, { folder } or { kept }',
  fits: (value) => {
    const { hub, url, folder, kept } = fieldsOf(value);
    return TEXT.fits(hub) || TEXT.fits(url) || url instanceof URL || Array.isArray(folder) || TEXT.fits(kept);
  },
};
const FILE_HANDLE: ArgumentRule = {
  must: 'be a FileSystemFileHandle',
  fits: (value) => FUNCTION.fits(fieldsOf(value)['createWritable']),
};

const MODE = oneOf('mute', 'duck', 'solo');
const METHOD = oneOf(...SEPARATION_METHODS);

const MASK_SHAPE = {
  attack: optional(NUMBER),
  hold: optional(NUMBER),
  release: optional(NUMBER),
  padding: optional(NUMBER),
  floor: optional(NUMBER),
};

/** Values and ranges of an export are checked, and named, where they get their defaults. */
const RENDER_SETTINGS: FieldRules<RenderSettings> = {
  what: optional(oneOf('mix', 'stems', 'target-residual', 'regions')),
  prompts: optional(TEXTS),
  regions: optional(REGIONS),
  format: optional(oneOf('wav', 'zip')),
  depth: optional(oneOf('source', 16, 24, 32)),
  handles: optional(NUMBER),
  fade: optional(NUMBER),
  template: optional(TEXT),
  rest: optional(FLAG),
  markers: optional(FLAG),
  to: optional(FILE_HANDLE),
};

/** What the calls take that act on what was found. */
export const MASK_OPTIONS: FieldRules<MaskOptions> = {
  mode: MODE,
  prompts: optional(TEXTS),
  regions: optional(REGIONS),
  inverted: optional(FLAG),
  fade: optional(NUMBER),
  ...MASK_SHAPE,
};
export const SPLIT_OPTIONS: FieldRules<SplitOptions> = {
  classes: CLASSES,
  mode: optional(oneOf('exclusive', 'overlapping')),
  switchingCost: optional(NUMBER),
  signal: SIGNAL,
};
export const RENDER_OPTIONS: FieldRules<RenderOptions> = { ...RENDER_SETTINGS, signal: SIGNAL };
export const SEPARATE_OPTIONS: FieldRules<SeparateOptions> = {
  prompt: TEXT,
  method: optional(METHOD),
  signal: SIGNAL,
  onProgress: optional(FUNCTION),
};
export const CLASSIFY_OPTIONS: FieldRules<ClassifyOptions> = {
  labels: TEXTS,
  regions: optional(IDS),
  stretches: optional(STRETCHES),
  exclusive: optional(FLAG),
  signal: SIGNAL,
};
export const SUGGEST_OPTIONS: FieldRules<SuggestUcsOptions> = { limit: optional(NUMBER), signal: SIGNAL };
export const PROJECT_OPTIONS: FieldRules<OpenProjectOptions> = { anyRecording: optional(FLAG) };
export const PROJECT_FILE = BLOB;

/** What the requests that act are made of. */
export const ACTION_REQUESTS: RequestRules<ActionRequest> = {
  'region-split': { ids: optional(IDS), time: optional(NUMBER) },
  'region-merge': { ids: IDS },
  'region-nudge': {
    ids: IDS,
    part: oneOf('start', 'end', 'whole'),
    by: NUMBER,
    unit: oneOf('ms', 'frame', 'zero-crossing'),
    transient: optional(FLAG),
  },
  'region-snap': { ids: IDS },
  'region-copy': { ids: IDS, label: TEXT },
  'region-silence': { ids: IDS },
  'region-mark': { side: oneOf('in', 'out', null), label: TEXT, time: optional(NUMBER) },
  'mask-set': {
    mode: oneOf('mute', 'duck', 'solo', null),
    everything: optional(FLAG),
    prompts: optional(IDS),
    regions: optional(IDS),
    inverted: optional(FLAG),
    ...MASK_SHAPE,
  },
  'mask-draw': { points: orNull('a list of points { time, gain }', POINTS), transient: optional(FLAG) },
  'mask-bypass': { bypassed: FLAG },
  'ucs-set': { catId: orNull('a CatID', TEXT), classes: optional(IDS), prompts: optional(IDS), regions: optional(IDS) },
  'split-set': {
    classes: optional(CLASSES),
    mode: SPLIT_OPTIONS.mode,
    switchingCost: SPLIT_OPTIONS.switchingCost,
  },
  'split-clear': {},
  'split-class-rename': { id: TEXT, label: TEXT },
  'split-class-merge': { ids: IDS },
  'split-class-hide': { id: TEXT, hidden: FLAG },
  'split-to-regions': {},
  'split-preset-save': { name: TEXT },
  'split-preset-delete': { name: TEXT },
  'split-preset-list': {},
  'project-open': { file: BLOB },
  'project-reopen': { id: TEXT },
  'project-recording': { file: optional(BLOB) },
  'project-apply': {},
  'project-dismiss': {},
  'project-fresh': {},
  'project-delete': { ids: IDS },
  'model-list': {},
  'model-offer': { from: optional(ORIGIN) },
  'model-fine': { fine: FLAG },
  'model-download': {},
  'model-cancel': {},
  'model-use': { model: TEXT },
  'model-delete': { model: TEXT },
  render: RENDER_SETTINGS,
  separate: { prompt: TEXT, method: SEPARATE_OPTIONS.method },
  'separation-listen': { part: oneOf(...SEPARATION_PARTS, null) },
  'separation-dismiss': {},
  'job-cancel': {},
  'job-dismiss': {},
};
