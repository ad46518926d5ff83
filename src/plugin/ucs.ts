/** The Universal Category System as views see it. */
export { UCS_ENTRIES, ucsEntry, type UcsEntry } from '../tasks/ucs-catalog.js';
export type { SuggestUcsOptions, UcsSuggestion } from '../tasks/ucs-suggestion.js';
