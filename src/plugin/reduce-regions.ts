import type { Seconds } from '../dsp/units.js';
import { EarmarkError } from '../engine/errors.js';
import { MAX_PROMPT_LENGTH } from '../engine/prompt-length.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { findPrompt } from './prompts.js';
import { unknownRequest, type RegionEditRequest } from './reduce-edit.js';
import type { Region, RegionStatus } from './region.js';
import type { SourceState } from './state.js';

/** What the reducers of regions see: the document, the regions as they are shown, and the recording. */
export interface RegionContext {
  readonly document: EditDocument;
  readonly regions: readonly Region[];
  readonly source: SourceState | null;
}

/**
 * The document after a request; null when nothing changes.
 *
 * @param freshId an id that nothing in the document has
 * @throws EarmarkError why it is refused
 */
export function reduceRegions(request: RegionEditRequest, context: RegionContext, freshId: string): DocumentEdit {
  switch (request.type) {
    case 'region-status':
      return setStatus(context, request.ids, request.status);
    case 'region-rename':
      return renameRegions(context, request.ids, request.label);
    case 'region-move':
      return moveRegion(context, request.id, request, request.transient);
    case 'region-delete':
      return deleteRegions(context, request.ids);
    case 'region-add':
      return addRegion(context, freshId, request);
    default:
      throw unknownRequest(request);
  }
}

const STATUS_VERBS: Record<RegionStatus, string> = { accepted: 'Accept', rejected: 'Reject', candidate: 'Reset' };

/**
 * The regions that are meant, sorted by start; ids that are not there any more are passed over.
 *
 * @throws EarmarkError `bad-option` when none is there
 */
export function regionsById(context: RegionContext, ids: readonly string[]): Region[] {
  const wanted = new Set(ids);
  const found = context.regions.filter((region) => wanted.has(region.id));
  if (found.length === 0) throw new EarmarkError('bad-option', 'These regions are not there any more.');
  return found;
}

/** What an edit of these regions is called in the history, e.g. "Merge 3 hits". */
export function named(verb: string, regions: readonly Region[]): string {
  const noun = regions.every((region) => region.origin === 'detected') ? 'hit' : 'region';
  return regions.length === 1 ? `${verb} ${noun}` : `${verb} ${regions.length} ${noun}s`;
}

/** The document in which these regions stand as they are given, and no detection replaces them. */
export function keep(document: EditDocument, changed: readonly Region[]): EditDocument {
  const ids = new Set(changed.map((region) => region.id));
  for (const region of changed) Object.freeze(region);
  return { ...document, kept: [...document.kept.filter((region) => !ids.has(region.id)), ...changed] };
}

/** The document without these regions; detected ones are remembered, so that the same sound is not offered again. */
export function drop(document: EditDocument, gone: readonly Region[]): EditDocument {
  const ids = new Set(gone.map((region) => region.id));
  return {
    ...document,
    kept: document.kept.filter((region) => !ids.has(region.id)),
    dismissed: [...document.dismissed, ...gone.filter((region) => region.origin === 'detected')],
  };
}

/**
 * A label, and the prompt that asks for the same: a region of that name belongs to it.
 *
 * @throws EarmarkError `bad-option`
 */
export function parseLabel(document: EditDocument, label: unknown): Pick<Region, 'label' | 'promptId'> {
  const text = checkLabel(label);
  const prompt = findPrompt(document.prompts, text);
  return prompt?.polarity === 'target' ? { label: prompt.text, promptId: prompt.id } : { label: text };
}

function checkLabel(label: unknown): string {
  const text = typeof label === 'string' ? label.trim() : '';
  if (text === '') throw new EarmarkError('bad-option', 'A region needs a name. Type one, or press Escape.');
  if (text.length > MAX_PROMPT_LENGTH) {
    throw new EarmarkError('bad-option', `A name has at most ${MAX_PROMPT_LENGTH} characters, not ${text.length}.`);
  }
  return text;
}

/** Times inside the recording; what lies outside is cut off. */
function checkTimes(source: SourceState | null, start: number, end: number): { start: number; end: number } {
  if (!source) throw noSource();
  const inside = { start: Math.max(0, start), end: Math.min(source.duration, end) };
  if (!(inside.start < inside.end)) {
    throw new EarmarkError(
      'bad-option',
      `A region has to end after it starts, inside the recording; ${String(start)} s to ${String(end)} s does not.`,
    );
  }
  return inside;
}

/**
 * The time of the sample that lies nearest, inside the recording.
 *
 * @throws EarmarkError `no-source`; `bad-option` for what is no time
 */
export function wholeSample(source: SourceState | null, time: Seconds): Seconds {
  if (!source) throw noSource();
  if (!Number.isFinite(time)) throw new EarmarkError('bad-option', `${String(time)} is no time in the recording.`);
  const sample = Math.round(time * source.sampleRate) / source.sampleRate;
  return Math.max(0, Math.min(source.duration, sample));
}

function noSource(): EarmarkError {
  return new EarmarkError('no-source', 'There is no recording yet. Open one first.');
}

/** Accepts, rejects, or gives back to the detection. */
export function setStatus(context: RegionContext, ids: readonly string[], status: RegionStatus): DocumentEdit {
  const changed = regionsById(context, ids).filter((region) => region.status !== status);
  if (changed.length === 0) return null;
  const document = keep(
    context.document,
    changed.map((region) => ({ ...region, status })),
  );
  // An untouched candidate is the detection's again, or it would outlive its prompt's next change.
  const kept = document.kept.filter((r) => r.status !== 'candidate' || r.edited || r.origin !== 'detected');
  return { document: { ...document, kept }, name: named(STATUS_VERBS[status], changed) };
}

/** Gives regions another name; the name of a prompt makes them its own. */
export function renameRegions(context: RegionContext, ids: readonly string[], label: string): DocumentEdit {
  const wanted = parseLabel(context.document, label);
  const { promptId } = wanted;
  const changesPrompt = (region: Region): boolean => promptId !== undefined && region.promptId !== promptId;
  const changed = regionsById(context, ids).filter((region) => region.label !== wanted.label || changesPrompt(region));
  if (changed.length === 0) return null;
  // To the prompt that found it a hit of another class is a hit no more.
  const document = drop(context.document, changed.filter(changesPrompt));
  return {
    document: keep(
      document,
      changed.map((region) => ({ ...region, ...wanted, edited: true })),
    ),
    name: named('Rename', changed),
  };
}

/** @param transient in the middle of a drag */
export function moveRegion(
  context: RegionContext,
  id: string,
  times: { readonly start: number; readonly end: number },
  transient = false,
): DocumentEdit {
  const [region] = regionsById(context, [id]) as [Region];
  const { start, end } = checkTimes(context.source, times.start, times.end);
  const moved = start !== region.start || end !== region.end;
  return {
    document: moved ? keep(context.document, [{ ...region, start, end, edited: true }]) : context.document,
    name: named('Move', [region]),
    dragKey: `move ${id}`,
    transient,
  };
}

/** Deletes regions; detected ones are not offered again. */
export function deleteRegions(context: RegionContext, ids: readonly string[]): DocumentEdit {
  const deleted = regionsById(context, ids);
  return { document: drop(context.document, deleted), name: named('Delete', deleted) };
}

/** What the user draws: its times are checked, its label is that of a prompt or a free one. */
export interface DrawnRegion {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** @throws EarmarkError `bad-option`, `no-source` */
export function drawnRegion({ source, document }: RegionContext, id: string, drawn: DrawnRegion): Region {
  return {
    id,
    sourceId: source?.id ?? '',
    ...checkTimes(source, drawn.start, drawn.end),
    ...parseLabel(document, drawn.label),
    score: 1,
    peak: 1,
    origin: 'user',
    status: 'accepted',
    edited: false,
  };
}

/** Adds a region that the user drew. */
export function addRegion(context: RegionContext, id: string, drawn: DrawnRegion): DocumentEdit {
  const region = drawnRegion(context, id, drawn);
  return { document: keep(context.document, [region]), name: named('Add', [region]) };
}
