import type { UcsEntry } from '../../../plugin/ucs.js';
import { translatable } from '../../strings.js';

export const ucsStrings = translatable('ucs', {
  intro:
    'Files are named by these categories of the Universal Category System. Hits without their own take that of their sound.',
  placeholder: 'CatID or name',
  several: 'several',
  selection: (count: number) => (count === 1 ? 'The selected hit' : `The ${count} selected hits`),
  categoryOf: (name: string) => `UCS category of ${name}`,
  names: ({ category, subCategory }: UcsEntry) => `${category} · ${subCategory}`,
  suggested: 'Suggested',
  all: 'All categories',
  noMatch: 'No category has these words.',
  perhaps: 'Perhaps',
  use: ({ catId, category, subCategory }: UcsEntry, name: string) =>
    `File ${name} under ${catId}: ${category} · ${subCategory}`,
  remove: (name: string) => `Take the category of ${name} back`,
});
