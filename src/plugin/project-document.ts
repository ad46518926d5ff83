import {
  field,
  type FieldReaders,
  flag,
  JsonFormatError,
  type JsonValue,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text,
  wholeNumber,
  wrong,
} from '../formats/json-reader.js';
import { MAX_PROMPT_LENGTH } from '../engine/prompt-length.js';
import { type Asked, EMPTY_DOCUMENT, type EditDocument } from './edit-document.js';
import { type DrawnStretch, type GainPoint, type Mask, MAX_MASK_TIME } from './mask.js';
import type { Prompt } from './prompt.js';
import { findPrompt, PALETTE_SIZE } from './prompts.js';
import { MAX_CLASSES, MAX_COST } from './reduce-split.js';
import type { Region } from './region.js';
import type { Split, SplitClass } from './split.js';
import { ucsEntry } from './ucs.js';

const MAX_ID_LENGTH = 200;
const MAX_NOTE_LENGTH = 10_000;
/** More than any file format that is read here can have. */
const MAX_CHANNELS = 2 ** 16;

/** What ids of a stored document become in this session. */
interface Ids {
  /** The recording that all regions are about. */
  readonly sourceId: string;
  /** Stored ids of prompts to those that they have here; others stay as they are. */
  readonly prompts: ReadonlyMap<string, string>;
}

/** The document as JSON holds it: the recording is told once for all regions, and its id ends with the session. */
export function documentToJson(document: EditDocument): object {
  const withoutSource = (regions: readonly Region[]) => regions.map((region) => ({ ...region, sourceId: undefined }));
  return { ...document, kept: withoutSource(document.kept), dismissed: withoutSource(document.dismissed) };
}

/**
 * The document of a project file. Every field is checked; one that is missing is empty, one that is unknown is dropped.
 *
 * @param sourceId the recording that its regions are to be about
 * @param asked what is asked already: its prompts stay, and those of the project that say the same take their ids; so
 *   does its split, where the project has none
 * @throws JsonFormatError which says where the first thing stands that cannot be
 */
export function documentFromJson(json: JsonValue, sourceId: string, asked: Asked = EMPTY_DOCUMENT): EditDocument {
  const stored = field(json, 'prompts').value === undefined ? [] : list(readPrompt)(field(json, 'prompts'));
  const pairs = stored.flatMap(({ id, text }): [string, string][] => {
    const same = findPrompt(asked.prompts, text);
    return same ? [[id, same.id]] : [];
  });
  const document = readDocument(json, { sourceId, prompts: new Map(pairs) });
  const ids = new Set(document.prompts.map(({ id }) => id));
  const prompts = [...document.prompts, ...asked.prompts.filter(({ id }) => !ids.has(id))];
  checkUnique('prompts', prompts);
  checkUnique('kept', document.kept);
  return { ...document, prompts, split: document.split ?? asked.split };
}

/** Whether there is nothing in it that somebody made. */
export function isEmptyDocument(document: EditDocument): boolean {
  return Object.values(document).every(isNothing);
}

/** Whether there is nothing in it but what is asked of every recording. */
export function onlyAsks({ prompts: _prompts, split: _split, ...rest }: EditDocument): boolean {
  return Object.values(rest).every(isNothing);
}

function isNothing(part: object | null): boolean {
  return part === null || (Array.isArray(part) && part.length === 0);
}

function readCatId(json: JsonValue): string {
  const id = text(MAX_ID_LENGTH)(json);
  if (ucsEntry(id)) return id;
  throw wrong(json, 'a CatID of the Universal Category System');
}

function readDocument(json: JsonValue, { sourceId, prompts }: Ids): EditDocument {
  const readId = text(MAX_ID_LENGTH);
  const readPromptId = (value: JsonValue) => prompts.get(readId(value)) ?? readId(value);
  // A detected region is called after its prompt and its times, so that its box is known again.
  const readRegionId = (value: JsonValue) => {
    const [promptId, ...box] = readId(value).split('@');
    return [prompts.get(promptId) ?? promptId, ...box].join('@');
  };
  const readRegion = object<Region>({
    id: readRegionId,
    sourceId: () => sourceId,
    start: number(0),
    end: number(0),
    label: text(MAX_PROMPT_LENGTH),
    score: number(0, 1),
    peak: number(0, 1),
    promptId: optional(readPromptId),
    origin: oneOf('detected', 'user', 'imported'),
    status: oneOf('candidate', 'accepted', 'rejected'),
    edited: flag,
    channel: optional(wholeNumber(0, MAX_CHANNELS - 1)),
    note: optional(text(MAX_NOTE_LENGTH)),
    ucs: optional(readCatId),
  });
  const readSpan = (value: JsonValue): Region => {
    const region = readRegion(value);
    if (region.start < region.end) return region;
    throw wrong(field(value, 'end'), 'later than its start');
  };
  const readSeconds = number(0, MAX_MASK_TIME);
  const readMask = object<Mask>({
    mode: oneOf('mute', 'duck', 'solo'),
    everything: flag,
    inverted: flag,
    drawn: readStretches,
    promptIds: list(readPromptId),
    regionIds: list(readRegionId),
    attack: readSeconds,
    hold: readSeconds,
    release: readSeconds,
    padding: readSeconds,
    // JSON has no −Infinity.
    floor: (value) => (value.value === null ? -Infinity : number(-Infinity, 0)(value)),
  });
  const readers: FieldReaders<EditDocument> = {
    prompts: list((value) => {
      const prompt = readPrompt(value);
      return Object.freeze({ ...prompt, id: prompts.get(prompt.id) ?? prompt.id });
    }),
    kept: list(readSpan),
    dismissed: list(readSpan),
    mask: nullable(readMask),
    split: nullable(readSplit),
  };
  return object<EditDocument>({ ...readers, ...emptyWhereMissing(json, readers) })(json);
}

function emptyWhereMissing(json: JsonValue, readers: FieldReaders<EditDocument>): Partial<FieldReaders<EditDocument>> {
  const names = Object.keys(readers) as (keyof EditDocument)[];
  const missing = names.filter((name) => field(json, name).value === undefined);
  return Object.fromEntries(missing.map((name) => [name, () => EMPTY_DOCUMENT[name]]));
}

const readPrompt = object<Prompt>({
  id: text(MAX_ID_LENGTH),
  text: text(MAX_PROMPT_LENGTH),
  polarity: oneOf('target', 'contrast'),
  color: wholeNumber(0, PALETTE_SIZE - 1),
  sensitivity: number(0, 1),
  ucs: optional(readCatId),
});

const readSplit = object<Split>({
  classes: list(
    object<SplitClass>({
      id: text(MAX_ID_LENGTH),
      label: text(MAX_PROMPT_LENGTH),
      texts: list(text(MAX_PROMPT_LENGTH), MAX_CLASSES),
      silence: flag,
      color: wholeNumber(0, PALETTE_SIZE - 1),
      hidden: flag,
      ucs: optional(readCatId),
    }),
    MAX_CLASSES,
  ),
  mode: oneOf('exclusive', 'overlapping'),
  switchingCost: number(0, MAX_COST),
});

function readStretches(json: JsonValue): DrawnStretch[] {
  const readPoint = object<GainPoint>({ time: number(0), gain: number(0, 1) });
  const stretches = list((value): DrawnStretch => {
    const [first, ...points] = list(readPoint)(value);
    if (first) return [first, ...points];
    throw wrong(value, 'a list of one point or more');
  })(json);
  const points = stretches.flat();
  if (points.some(({ time }, i) => i > 0 && time < points[i - 1].time)) throw wrong(json, 'sorted by time');
  return stretches;
}

function checkUnique(name: string, items: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new JsonFormatError(`document.${name} has “${id}” twice`);
    seen.add(id);
  }
}
