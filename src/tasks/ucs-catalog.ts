import list from './ucs-list.json' with { type: 'json' };

/**
 * The Universal Category System as `ucs-list.json` holds it (made by scripts/ucs/make-list.ts). UCS is a public domain
 * initiative of Tim Nielsen, Justin Drury and Kai Paquin; data by the ucs-community project, CC0-1.0.
 */
export interface UcsList {
  readonly version: string;
  /** SubCategory by CatID by Category. */
  readonly categories: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One place in the Universal Category System. */
export interface UcsEntry {
  /** The name that files begin with, e.g. `ANMLDog`. Upper and lower case as UCS has it. */
  readonly catId: string;
  /** In capitals, e.g. `ANIMALS`. */
  readonly category: string;
  /** In capitals, e.g. `DOG`; `MISC` or `GENERAL` for what has no place of its own. */
  readonly subCategory: string;
}

/** The release that the entries are from, e.g. `8.2.1`. */
export const UCS_VERSION: string = list.version;

/** All entries: categories in alphabetical order, and in each its subcategories. */
export const UCS_ENTRIES: readonly UcsEntry[] = Object.entries((list as UcsList).categories).flatMap(
  ([category, subCategories]) =>
    Object.entries(subCategories).map(([catId, subCategory]) => Object.freeze({ catId, category, subCategory })),
);

const byCatId = new Map(UCS_ENTRIES.map((entry) => [entry.catId, entry]));

/** The entry with this CatID, upper and lower case as UCS has it; undefined if there is none. */
export function ucsEntry(catId: string): UcsEntry | undefined {
  return byCatId.get(catId);
}
