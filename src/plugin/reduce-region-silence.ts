import type { DocumentEdit, EditDocument } from './edit-document.js';
import type { Mask } from './mask.js';
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
  const silenced = new Set(mutingMask(document)?.regionIds);
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

function mutingMask({ mask }: EditDocument): Mask | null {
  return mask?.mode === 'mute' && !mask.inverted ? mask : null;
}

/** The document with a muting mask over these regions beside those of its prompts. */
function withMasked(document: EditDocument, regionIds: readonly string[]): EditDocument {
  const mask = mutingMask(document);
  if (mask === null) {
    const request = { type: 'mask-set', mode: 'mute', regions: regionIds, inverted: false } as const;
    return setMask(document, request)?.document ?? document;
  }
  // A mask of everything mutes them already.
  if (mask.everything) return document;
  if (mask.promptIds.length + regionIds.length === 0) return { ...document, mask: null };
  return { ...document, mask: Object.freeze({ ...mask, regionIds }) };
}
