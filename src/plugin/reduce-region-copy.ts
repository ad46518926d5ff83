import type { DocumentEdit } from './edit-document.js';
import { drawnRegion, keep, named, parseLabel, regionsById, type RegionContext } from './reduce-regions.js';

/**
 * Copies regions to another class: those of a prompt that asks for the label, or of that name alone. Null where all are
 * there already.
 *
 * @throws EarmarkError `bad-option`
 */
export function copyRegions(
  context: RegionContext,
  ids: readonly string[],
  label: string,
  freshId: () => string,
): DocumentEdit {
  const target = parseLabel(context.document, label);
  const place = ({ start, end }: { start: number; end: number }): string => `${start} ${end}`;
  const taken = new Set(
    context.regions.filter((region) => region.label === target.label && region.promptId === target.promptId).map(place),
  );
  const copied = regionsById(context, ids).filter((region) => {
    const isFree = !taken.has(place(region));
    taken.add(place(region));
    return isFree;
  });
  if (copied.length === 0) return null;
  const copies = copied.map(({ start, end }) => drawnRegion(context, freshId(), { start, end, label: target.label }));
  return { document: keep(context.document, copies), name: `${named('Copy', copied)} to “${target.label}”` };
}
