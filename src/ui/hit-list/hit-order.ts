import type { Region } from '../../plugin/region.js';

export type SortKey = 'start' | 'length' | 'label' | 'score';

export interface HitOrder {
  readonly key: SortKey;
  readonly descending: boolean;
}

const collator = new Intl.Collator(undefined, { numeric: true });

const comparisons: Record<SortKey, (a: Region, b: Region) => number> = {
  start: (a, b) => a.start - b.start,
  length: (a, b) => a.end - a.start - (b.end - b.start),
  label: (a, b) => collator.compare(a.label, b.label),
  score: (a, b) => a.score - b.score,
};

/** The hits in the wanted order; equal ones stay in the order of time. */
export function sortHits(regions: readonly Region[], { key, descending }: HitOrder): readonly Region[] {
  if (key === 'start' && !descending) return regions;
  const direction = descending ? -1 : 1;
  return [...regions].sort((a, b) => direction * comparisons[key](a, b));
}

/** Clicking a column's head: the other direction if it orders the list already, else its natural one. */
export function nextOrder(order: HitOrder, key: SortKey): HitOrder {
  return order.key === key ? { key, descending: !order.descending } : { key, descending: key === 'score' };
}
