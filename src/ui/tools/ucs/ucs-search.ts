import { UCS_ENTRIES, type UcsEntry } from '../../../plugin/ucs.js';

/** How well an entry matches: by the beginning of its CatID, of its words, or by anything inside them. */
const BY_CAT_ID = 2;
const BY_WORDS = 1;
const INSIDE = 0;

/** The entries that have every word of the query in their CatID, Category or SubCategory, the closest matches first. */
export function searchUcs(query: string): readonly UcsEntry[] {
  const wanted = query.trim().toLowerCase();
  const parts = wanted.split(/\s+/);
  return UCS_ENTRIES.map((entry) => ({ entry, match: matchOf(entry, wanted, parts) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => b.match! - a.match!)
    .map(({ entry }) => entry);
}

/** Null for an entry that lacks a part of the query. */
function matchOf({ catId, category, subCategory }: UcsEntry, wanted: string, parts: readonly string[]): number | null {
  const id = catId.toLowerCase();
  if (id.startsWith(wanted)) return BY_CAT_ID;
  const names = `${category} ${subCategory}`.toLowerCase();
  if (!parts.every((part) => names.includes(part) || id.includes(part))) return null;
  return parts.every((part) => ` ${names}`.includes(` ${part}`)) ? BY_WORDS : INSIDE;
}
