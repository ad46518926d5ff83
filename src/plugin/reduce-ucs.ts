import { EarmarkError } from '../engine/errors.js';
import { ucsEntry } from '../tasks/ucs-catalog.js';
import type { DocumentEdit } from './edit-document.js';
import type { RegionContext } from './reduce-regions.js';
import type { EarmarkRequest } from './requests.js';

type UcsRequest = Extract<EarmarkRequest, { readonly type: 'ucs-set' }>;

/** What can have a CatID. */
interface Filed {
  readonly id: string;
  readonly ucs?: string;
}

/**
 * Files regions, prompts and classes under a CatID, or takes it back.
 *
 * @throws EarmarkError `bad-option`
 */
export function setUcs({ document, regions }: RegionContext, request: UcsRequest): DocumentEdit {
  const { catId } = request;
  if (catId !== null && !ucsEntry(catId)) {
    throw new EarmarkError('bad-option', `“${catId}” is no CatID of the Universal Category System.`);
  }
  const { split } = document;
  const changedRegions = toFile(regions, request.regions, catId, 'These regions are not there any more.');
  const changedPrompts = toFile(document.prompts, request.prompts, catId, 'There is no such prompt any more.');
  const changedClasses = toFile(split?.classes ?? [], request.classes, catId, 'There is no such class any more.');
  if (changedRegions.size + changedPrompts.size + changedClasses.size === 0) return null;
  // A region is the user's work by now, so no detection may replace it.
  const nextRegions = [...changedRegions.values()].map((region) => Object.freeze({ ...region, edited: true }));
  return {
    document: {
      ...document,
      prompts: replaced(document.prompts, changedPrompts),
      kept:
        nextRegions.length === 0
          ? document.kept
          : [...document.kept.filter(({ id }) => !changedRegions.has(id)), ...nextRegions],
      ...(split && changedClasses.size > 0
        ? { split: Object.freeze({ ...split, classes: replaced(split.classes, changedClasses) }) }
        : {}),
    },
    name: catId === null ? 'Take the category back' : `File under ${catId}`,
  };
}

/**
 * Those that are meant and not filed so yet, as they shall be, by id.
 *
 * @throws EarmarkError `bad-option` when ids are given, and none is there
 */
function toFile<T extends Filed>(
  all: readonly T[],
  ids: readonly string[] | undefined,
  catId: string | null,
  lost: string,
): Map<string, T> {
  const wanted = new Set(ids);
  const meant = all.filter(({ id }) => wanted.has(id));
  if (wanted.size > 0 && meant.length === 0) throw new EarmarkError('bad-option', lost);
  const changed = meant.filter(({ ucs = null }) => ucs !== catId);
  return new Map(changed.map((item) => [item.id, Object.freeze(filed(item, catId))]));
}

function replaced<T extends Filed>(all: readonly T[], changed: ReadonlyMap<string, T>): readonly T[] {
  return changed.size === 0 ? all : Object.freeze(all.map((item) => changed.get(item.id) ?? item));
}

function filed<T extends Filed>(item: T, catId: string | null): T {
  if (catId !== null) return { ...item, ucs: catId };
  const next: T & { ucs?: string } = { ...item };
  delete next.ucs;
  return next;
}
