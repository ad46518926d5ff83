import {
  type FieldRules,
  FLAG,
  IDS,
  NUMBER,
  oneOf,
  optional,
  orNull,
  type RequestRules,
  SIGNAL,
  TEXT,
} from './argument-rules.js';
import type { FindOptions, OpenOptions } from './earmark-api.js';
import type { RegionEditRequest } from './reduce-edit.js';
import type { FindRequest } from './requests.js';

const POLARITY = optional(oneOf('target', 'contrast'));
const TRANSIENT = optional(FLAG);
const ID_OR_NULL = orNull('an id', TEXT);

/** What the calls take that open and find. */
export const OPEN_OPTIONS: FieldRules<OpenOptions> = {
  signal: SIGNAL,
  name: optional(TEXT),
  channel: optional(NUMBER),
};
export const FIND_OPTIONS: FieldRules<FindOptions> = {
  signal: SIGNAL,
  polarity: POLARITY,
  sensitivity: optional(NUMBER),
};
export const EVENT = oneOf('regions', 'analysed', 'error', 'destroy');

/** What the requests that find are made of; those that edit regions are checked with the regions. */
export const FIND_REQUESTS: RequestRules<Exclude<FindRequest, RegionEditRequest>> = {
  'prompt-add': { text: TEXT, polarity: POLARITY },
  'prompt-remove': { id: TEXT },
  'prompt-edit': { id: TEXT, text: TEXT },
  sensitivity: { id: TEXT, value: NUMBER, transient: TRANSIENT },
  select: { ids: IDS, active: optional(ID_OR_NULL) },
  'play-region': { id: TEXT, preRoll: optional(NUMBER) },
  'loop-region': { id: ID_OR_NULL },
  'step-region': { direction: oneOf(1, -1) },
  'play-pause': {},
  seek: { time: NUMBER },
  undo: {},
  redo: {},
  'cancel-analysis': {},
  'restart-analysis': {},
  channel: { channel: orNull('a number', NUMBER) },
  backend: { backend: oneOf('auto', 'wasm', 'webgpu') },
  'dismiss-notice': { id: TEXT },
};

export function isFindRequest(type: string): type is keyof typeof FIND_REQUESTS {
  return Object.hasOwn(FIND_REQUESTS, type);
}
