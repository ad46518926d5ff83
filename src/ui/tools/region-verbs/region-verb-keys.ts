import type { EarmarkStore } from '../../../plugin/earmark-api.js';
import { doVerb, mark, nudge, VERB_KEYS, type RegionVerb } from './region-verb.js';

/** What the letter keys of the verbs do. */
export function regionVerbKey(key: string, store: EarmarkStore): void {
  const letter = key.toUpperCase();
  const verb = (Object.keys(VERB_KEYS) as RegionVerb[]).find((name) => VERB_KEYS[name] === letter);
  if (verb !== undefined) doVerb(verb, store);
  else if (letter === 'I') mark(store, 'in');
  else if (letter === 'O') mark(store, 'out');
  else if (letter === ',' || letter === '.') nudge(store, 'whole', letter === '.' ? 1 : -1);
  else if (letter === 'ESCAPE') escape(store);
}

/** Forgets the mark, else the selection. */
function escape(store: EarmarkStore): void {
  if (store.getState().mark !== null) store.dispatch({ type: 'region-mark', side: null, label: '' });
  else store.dispatch({ type: 'select', ids: [] });
}
