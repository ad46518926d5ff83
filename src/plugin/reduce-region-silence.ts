import type { DocumentEdit, EditDocument } from './edit-document.js';
import { setMask } from './reduce-mask.js';
import { keep, named, regionsById, type RegionContext } from './reduce-regions.js';

/**
 * Adds regions to what is muted; where all of them are, takes them out again. They count as accepted then: what the user
 * has silenced stays so, whatever is detected later.
 *
 * @throws EarmarkError `bad-option`
 */
export function silenceRegions(context: RegionContext, ids: readonly string[]): DocumentEdit {
  const regions = regionsById(context, ids);
  const { document } = context;
  const silenced = new Set(document.mask?.mode === 'mute' ? document.mask.regionIds : []);
  if (regions.every(({ id }) => silenced.has(id))) {
    for (const { id } of regions) silenced.delete(id);
    return { document: withMasked(document, [...silenced]), name: named('Unsilence', regions) };
  }
  for (const { id } of regions) silenced.add(id);
  const accepted = regions.flatMap((region) =>
    region.status === 'accepted' ? [] : [{ ...region, status: 'accepted' as const }],
  );
  return { document: withMasked(keep(document, accepted), [...silenced]), name: named('Silence', regions) };
}

/** The document with a muting mask over these regions beside those of its prompts. */
function withMasked(document: EditDocument, regionIds: readonly string[]): EditDocument {
  const mask = document.mask?.mode === 'mute' ? document.mask : null;
  if (mask === null) {
    return setMask(document, { type: 'mask-set', mode: 'mute', regions: regionIds })?.document ?? document;
  }
  const { promptIds } = mask;
  // A mask of nothing in particular takes everything: then there is nothing to add, and nothing else to take out.
  const isAll = promptIds.length === 0 && mask.regionIds.length === 0;
  if (isAll) return document;
  if (promptIds.length === 0 && regionIds.length === 0) return { ...document, mask: null };
  return { ...document, mask: Object.freeze({ ...mask, regionIds }) };
}
