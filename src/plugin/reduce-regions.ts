import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { MAX_PROMPT_LENGTH } from './prompts.js';
import type { Region, RegionStatus } from './region.js';
import type { SourceState } from './state.js';

/** What the reducers of regions see: the document, the regions as they are shown, and the recording. */
export interface RegionContext {
  readonly document: EditDocument;
  readonly regions: readonly Region[];
  readonly source: SourceState | null;
}

const STATUS_VERBS: Record<RegionStatus, string> = { accepted: 'Accept', rejected: 'Reject', candidate: 'Reset' };

function regionsById(context: RegionContext, ids: readonly string[]): Region[] {
  const wanted = new Set(ids);
  const found = context.regions.filter((region) => wanted.has(region.id));
  if (found.length === 0) throw new EarmarkError('bad-option', 'These regions are not there any more.');
  return found;
}

function named(verb: string, regions: readonly Region[]): string {
  const noun = regions.every((region) => region.origin === 'detected') ? 'hit' : 'region';
  return regions.length === 1 ? `${verb} ${noun}` : `${verb} ${regions.length} ${noun}s`;
}

/** The document in which these regions stand as they are given, and no detection replaces them. */
function keep(document: EditDocument, changed: readonly Region[]): EditDocument {
  const ids = new Set(changed.map((region) => region.id));
  for (const region of changed) Object.freeze(region);
  return { ...document, kept: [...document.kept.filter((region) => !ids.has(region.id)), ...changed] };
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
  if (!source) throw new EarmarkError('no-source', 'There is no recording yet. Open one first.');
  const inside = { start: Math.max(0, start), end: Math.min(source.duration, end) };
  if (!(inside.start < inside.end)) {
    throw new EarmarkError(
      'bad-option',
      `A region has to end after it starts, inside the recording; ${String(start)} s to ${String(end)} s does not.`,
    );
  }
  return inside;
}

/** Accepts, rejects, or gives back to the detection. */
export function setStatus(context: RegionContext, ids: readonly string[], status: RegionStatus): DocumentEdit {
  if (!Object.hasOwn(STATUS_VERBS, status)) {
    throw new EarmarkError('bad-option', `“${status as string}” is no status; use accepted, rejected or candidate.`);
  }
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

export function renameRegions(context: RegionContext, ids: readonly string[], label: string): DocumentEdit {
  const text = checkLabel(label);
  const changed = regionsById(context, ids).filter((region) => region.label !== text);
  if (changed.length === 0) return null;
  return {
    document: keep(
      context.document,
      changed.map((region) => ({ ...region, label: text, edited: true })),
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

/** Deletes regions; detected ones are remembered, so that the same sound is not offered again. */
export function deleteRegions(context: RegionContext, ids: readonly string[]): DocumentEdit {
  const deleted = regionsById(context, ids);
  const { document } = context;
  return {
    document: {
      ...document,
      kept: document.kept.filter((region) => !deleted.some((other) => other.id === region.id)),
      dismissed: [...document.dismissed, ...deleted.filter((region) => region.origin === 'detected')],
    },
    name: named('Delete', deleted),
  };
}

/** Adds a region that the user drew. */
export function addRegion(
  context: RegionContext,
  id: string,
  drawn: { readonly start: number; readonly end: number; readonly label: string },
): DocumentEdit {
  const { start, end } = checkTimes(context.source, drawn.start, drawn.end);
  const region: Region = {
    id,
    sourceId: context.source?.id ?? '',
    start,
    end,
    label: checkLabel(drawn.label),
    score: 1,
    peak: 1,
    origin: 'user',
    status: 'accepted',
    edited: false,
  };
  return { document: keep(context.document, [region]), name: named('Add', [region]) };
}
