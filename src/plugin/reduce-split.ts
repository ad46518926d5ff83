import { DEFAULT_SWITCHING_COST } from '../detection/exclusive-split.js';
import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { freeColor, parsePrompt } from './prompts.js';
import type { Region } from './region.js';
import type { SplitClass, SplitClassInit, Split, SplitSegment, SplitState } from './split.js';
import type { ActionRequest } from './requests.js';

type SplitRequest<T extends string> = Extract<ActionRequest, { readonly type: T }>;

/** More could not be told apart in a list or a strip. */
export const MAX_CLASSES = 64;

/** Longest switching cost in seconds. */
export const MAX_COST = 60;

function splitOf({ split }: EditDocument): Split {
  if (!split) throw new EarmarkError('bad-option', 'The recording is not split yet. Name some classes first.');
  return split;
}

function classById(split: Split, id: string): SplitClass {
  const found = split.classes.find((candidate) => candidate.id === id);
  if (!found) throw new EarmarkError('bad-option', 'This class is not there any more.');
  return found;
}

const keyOf = (label: string): string => label.toLowerCase();

interface ParsedClass {
  readonly label: string;
  readonly texts: readonly string[];
  readonly silence: boolean;
}

/** @throws EarmarkError `empty-prompt`, `prompt-too-long` */
function parseClass(init: SplitClassInit): ParsedClass {
  const { label, texts, silence } = typeof init === 'string' ? { label: init } : init;
  const name = parsePrompt(label, 'target').text;
  const isSilence = silence ?? (texts === undefined && keyOf(name) === 'silence');
  const known = [...(texts ?? (isSilence ? [] : [name]))].map((text) => parsePrompt(text, 'target').text);
  if (known.length === 0 && !isSilence) {
    throw new EarmarkError('bad-option', `Nothing says what “${name}” sounds like. Give the class a text.`);
  }
  return { label: name, texts: unique(known), silence: isSilence };
}

function unique(texts: readonly string[]): string[] {
  return texts.filter((text, i) => texts.findIndex((other) => keyOf(other) === keyOf(text)) === i);
}

/** Classes of one name are one class. “Other” is none: it is what none of them is. */
function parseClasses(inits: readonly SplitClassInit[]): ParsedClass[] {
  const byName = new Map<string, ParsedClass>();
  for (const parsed of [...inits].map(parseClass)) {
    const key = keyOf(parsed.label);
    if (key === 'other') continue;
    const same = byName.get(key);
    byName.set(key, same ? merged(same, parsed) : parsed);
  }
  if (byName.size === 0) throw new EarmarkError('bad-option', 'There is no class to split into. Name at least one.');
  if (byName.size > MAX_CLASSES) {
    throw new EarmarkError('bad-option', `These are ${byName.size} classes; at most ${MAX_CLASSES} can be told apart.`);
  }
  return [...byName.values()];
}

function merged<T extends ParsedClass>(into: T, other: ParsedClass): T {
  return { ...into, texts: unique([...into.texts, ...other.texts]), silence: into.silence || other.silence };
}

/**
 * Splits, or splits anew. Classes of a name that was there stay the same classes, with their colour.
 *
 * @param freshId gives an id that no class has
 * @throws EarmarkError `bad-option`, `empty-prompt`, `prompt-too-long`
 */
export function setSplit(
  document: EditDocument,
  request: SplitRequest<'split-set'>,
  freshId: () => string,
): DocumentEdit {
  const before = document.split;
  const { mode = before?.mode ?? 'exclusive', switchingCost = before?.switchingCost ?? DEFAULT_SWITCHING_COST } =
    request;
  if (!(switchingCost >= 0 && switchingCost <= MAX_COST)) {
    throw new EarmarkError('bad-option', `A switch costs 0…${MAX_COST} seconds, not ${String(switchingCost)}.`);
  }
  const wanted = request.classes ? parseClasses(request.classes) : splitOf(document).classes;
  const staying = wanted.map(({ label }) => before?.classes.find((one) => keyOf(one.label) === keyOf(label)));
  const colored = staying.filter((one) => one !== undefined);
  const classes = wanted.map((parsed, i): SplitClass => {
    const added = staying[i] ?? { id: freshId(), color: freeColor(colored), hidden: false };
    if (!staying[i]) colored.push({ ...added, ...parsed });
    return { ...added, ...parsed };
  });
  const split = freeze({ classes, mode, switchingCost });
  if (JSON.stringify(split) === JSON.stringify(before)) return null;
  const name = request.classes || !before ? `Split into ${labels(classes)}` : `Split ${MODE_NAMES[mode]}`;
  return { document: { ...document, split }, name };
}

const MODE_NAMES = { exclusive: 'exclusively', overlapping: 'with overlaps' };

function labels(classes: readonly SplitClass[]): string {
  const [first, second, ...rest] = classes.map(({ label }) => `“${label}”`);
  if (second === undefined) return first;
  return rest.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${rest.length} more`;
}

function freeze(split: Split): Split {
  for (const one of split.classes) Object.freeze(Object.freeze(one).texts);
  Object.freeze(split.classes);
  return Object.freeze(split);
}

function withClasses(document: EditDocument, classes: readonly SplitClass[]): EditDocument {
  return { ...document, split: freeze({ ...splitOf(document), classes }) };
}

/** @throws EarmarkError `bad-option` when another class has that name */
export function renameClass(document: EditDocument, id: string, wanted: string): DocumentEdit {
  const split = splitOf(document);
  const renamed = classById(split, id);
  const label = parsePrompt(wanted, 'target').text;
  if (label === renamed.label) return null;
  if (keyOf(label) === 'other' || split.classes.some((one) => one.id !== id && keyOf(one.label) === keyOf(label))) {
    throw new EarmarkError('bad-option', `There is a class “${label}” already. Merge the two, or take another name.`);
  }
  const classes = split.classes.map((one) => (one.id === id ? { ...one, label } : one));
  return { document: withClasses(document, classes), name: `Rename “${renamed.label}” to “${label}”` };
}

/** Makes one class of several: the first, which is heard from now on where any of them is. */
export function mergeClasses(document: EditDocument, ids: readonly string[]): DocumentEdit {
  const split = splitOf(document);
  const [first, ...others] = [...new Set(ids)].map((id) => classById(split, id));
  if (!first || others.length === 0) {
    throw new EarmarkError('bad-option', 'Merging takes two classes or more.');
  }
  const together = others.reduce<SplitClass>(merged, first);
  const classes = split.classes.flatMap((one) => {
    if (one.id === first.id) return [together];
    return others.includes(one) ? [] : [one];
  });
  return { document: withClasses(document, classes), name: `Merge ${labels(others)} into “${first.label}”` };
}

export function hideClass(document: EditDocument, id: string, hidden: boolean): DocumentEdit {
  const split = splitOf(document);
  const target = classById(split, id);
  if (target.hidden === hidden) return null;
  const classes = split.classes.map((one) => (one === target ? { ...one, hidden } : one));
  return { document: withClasses(document, classes), name: `${hidden ? 'Hide' : 'Show'} “${target.label}”` };
}

export function clearSplit(document: EditDocument): DocumentEdit {
  return document.split && { document: { ...document, split: null }, name: 'Clear the split' };
}

/**
 * Turns the segments of the classes that are not hidden into regions of the user's own. Those that were made of the
 * same segments before stay as they are.
 *
 * @throws EarmarkError `bad-option` before there are segments
 */
export function splitToRegions(document: EditDocument, split: SplitState | null, sourceId: string): DocumentEdit {
  if (!split?.complete) {
    throw new EarmarkError('bad-option', 'The split is not finished yet. Wait until everything has been analysed.');
  }
  const shown = new Map(split.classes.filter(({ hidden }) => !hidden).map((one) => [one.id, one]));
  const keptIds = new Set(document.kept.map(({ id }) => id));
  const made = split.segments.flatMap((segment) => {
    const owner = shown.get(segment.classId);
    return owner ? [regionOf(segment, owner, sourceId)] : [];
  });
  const added = made.filter(({ id }) => !keptIds.has(id));
  if (added.length === 0) return null;
  return {
    document: { ...document, kept: [...document.kept, ...added] },
    name: added.length === 1 ? 'Make a region of the split' : `Make ${added.length} regions of the split`,
  };
}

function regionOf({ classId, start, end, score }: SplitSegment, { label, ucs }: SplitClass, sourceId: string): Region {
  return Object.freeze({
    id: `${classId}@${start.toFixed(3)}-${end.toFixed(3)}`,
    sourceId,
    start,
    end,
    label,
    score,
    peak: score,
    origin: 'user',
    status: 'accepted',
    edited: false,
    ...(ucs === undefined ? {} : { ucs }),
  });
}
