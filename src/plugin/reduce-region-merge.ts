import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { drop, keep, named, regionsById, type RegionContext } from './reduce-regions.js';
import type { Region, RegionStatus } from './region.js';

/** The best of what the user said of the parts. */
const STATUSES: readonly RegionStatus[] = ['accepted', 'candidate', 'rejected'];

/**
 * Makes one region of several, from the earliest start to the latest end; it keeps id and label of the one that starts
 * first.
 *
 * @throws EarmarkError `bad-option` when there are not two
 */
export function mergeIntoOne(context: RegionContext, ids: readonly string[]): DocumentEdit {
  const parts = regionsById(context, ids);
  const [first, ...others] = parts;
  if (others.length === 0) {
    throw new EarmarkError('bad-option', 'It takes two regions to merge. Select more, with Shift or Ctrl.');
  }
  const highest = (value: (region: Region) => number): number => parts.reduce((top, r) => Math.max(top, value(r)), 0);
  const merged: { -readonly [K in keyof Region]: Region[K] } = {
    ...first,
    end: highest(({ end }) => end),
    score: highest(({ score }) => score),
    peak: highest(({ peak }) => peak),
    status: STATUSES.find((status) => parts.some((region) => region.status === status)) ?? first.status,
    edited: true,
  };
  // Of several channels it is of none in particular.
  if (others.some(({ channel }) => channel !== first.channel)) delete merged.channel;
  const document = keep(drop(context.document, others), [merged]);
  return { document: maskMerged(document, merged, others), name: named('Merge', parts) };
}

/** A region that took in a masked one is masked. */
function maskMerged(document: EditDocument, merged: Region, others: readonly Region[]): EditDocument {
  const { mask } = document;
  if (mask === null) return document;
  const gone = new Set(others.map(({ id }) => id));
  const left = mask.regionIds.filter((id) => !gone.has(id));
  if (left.length === mask.regionIds.length) return document;
  return { ...document, mask: { ...mask, regionIds: [...new Set([...left, merged.id])] } };
}
