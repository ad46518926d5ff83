import type { Seconds } from '../dsp/units.js';
import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { keep, named, regionsById, wholeSample, type RegionContext } from './reduce-regions.js';
import { SHORTEST_REGION, type Region } from './region.js';

/**
 * Splits regions in two at a moment. The first part stays the region that it was, the second gets an id of its own.
 *
 * @param ids only these; default: all that are not rejected
 * @throws EarmarkError `bad-option` when the moment lies in none of them
 */
export function splitRegions(
  context: RegionContext,
  time: Seconds,
  ids: readonly string[] | undefined,
  freshId: () => string,
): DocumentEdit {
  const at = wholeSample(context.source, time);
  const meant = ids ? regionsById(context, ids) : context.regions.filter((region) => region.status !== 'rejected');
  const split = meant.filter(({ start, end }) => at - start >= SHORTEST_REGION && end - at >= SHORTEST_REGION);
  if (split.length === 0) {
    throw new EarmarkError('bad-option', 'There is no region to split here. Move the playhead into one.');
  }
  const rests = split.map((region): Region => ({ ...region, id: freshId(), start: at, edited: true }));
  const firsts = split.map((region): Region => ({ ...region, end: at, edited: true }));
  const document = keep(context.document, [...firsts, ...rests]);
  return { document: maskRests(document, firsts, rests), name: named('Split', split) };
}

/** What was masked stays masked, in both parts. */
function maskRests(document: EditDocument, firsts: readonly Region[], rests: readonly Region[]): EditDocument {
  const { mask } = document;
  if (mask === null) return document;
  const masked = new Set(mask.regionIds);
  const added = rests.filter((_, i) => masked.has(firsts[i].id)).map(({ id }) => id);
  return added.length === 0 ? document : { ...document, mask: { ...mask, regionIds: [...mask.regionIds, ...added] } };
}
