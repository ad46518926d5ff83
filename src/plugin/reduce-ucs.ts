import { EarmarkError } from '../engine/errors.js';
import { ucsEntry } from '../tasks/ucs-catalog.js';
import type { DocumentEdit } from './edit-document.js';
import type { RegionContext } from './reduce-regions.js';
import type { EarmarkRequest } from './requests.js';

type UcsRequest = Extract<EarmarkRequest, { readonly type: 'ucs-set' }>;

/**
 * Files regions and prompts under a CatID, or takes it back.
 *
 * @throws EarmarkError `bad-option`
 */
export function setUcs({ document, regions }: RegionContext, request: UcsRequest): DocumentEdit {
  const { catId } = request;
  if (catId !== null && !ucsEntry(catId)) {
    throw new EarmarkError('bad-option', `“${catId}” is no CatID of the Universal Category System.`);
  }
  const meantRegions = withIds(regions, request.regions ?? [], 'These regions are not there any more.');
  const meantPrompts = withIds(document.prompts, request.prompts ?? [], 'There is no such prompt any more.');
  const changedRegions = meantRegions.filter(({ ucs = null }) => ucs !== catId);
  const changedPrompts = meantPrompts.filter(({ ucs = null }) => ucs !== catId);
  if (changedRegions.length + changedPrompts.length === 0) return null;
  // It is the user's work by now, so no detection may replace it.
  const nextRegions = changedRegions.map((region) => Object.freeze({ ...filed(region, catId), edited: true }));
  const nextPrompts = new Map(changedPrompts.map((prompt) => [prompt.id, Object.freeze(filed(prompt, catId))]));
  const ids = new Set(nextRegions.map(({ id }) => id));
  return {
    document: {
      ...document,
      prompts: document.prompts.map((prompt) => nextPrompts.get(prompt.id) ?? prompt),
      kept:
        nextRegions.length === 0 ? document.kept : [...document.kept.filter(({ id }) => !ids.has(id)), ...nextRegions],
    },
    name: catId === null ? 'Take the category back' : `File under ${catId}`,
  };
}

/** @throws EarmarkError `bad-option` when ids are given, and none is there */
function withIds<T extends { readonly id: string }>(all: readonly T[], ids: readonly string[], lost: string): T[] {
  const wanted = new Set(ids);
  const found = all.filter(({ id }) => wanted.has(id));
  if (wanted.size > 0 && found.length === 0) throw new EarmarkError('bad-option', lost);
  return found;
}

function filed<T extends { readonly ucs?: string }>(item: T, catId: string | null): T {
  if (catId !== null) return { ...item, ucs: catId };
  const next: T & { ucs?: string } = { ...item };
  delete next.ucs;
  return next;
}
