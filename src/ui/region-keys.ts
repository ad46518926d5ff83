import type { EarmarkStore } from '../plugin/earmark-api.js';
import type { Region, RegionStatus } from '../plugin/region.js';
import type { EarmarkState } from '../plugin/state.js';
import type { regionVerbKey } from './tools/region-verbs/region-verb-keys.js';

/** The regions that an edit is meant for: the selection if the active region is part of it, else the active region. */
export function regionsToEdit(state: EarmarkState): readonly Region[] {
  const { activeRegionId, selectedRegionIds } = state;
  const isMeant =
    activeRegionId === null || selectedRegionIds.has(activeRegionId)
      ? ({ id }: Region) => selectedRegionIds.has(id)
      : ({ id }: Region) => id === activeRegionId;
  return state.regions.filter(isMeant);
}

/** Gives all of them the status; where all have it already it is taken back. */
export function toggleStatus(store: EarmarkStore, regions: readonly Region[], status: RegionStatus): void {
  if (regions.length === 0) return;
  const isSet = regions.every((region) => region.status === status);
  store.dispatch({
    type: 'region-status',
    ids: regions.map(({ id }) => id),
    status: isSet ? 'candidate' : status,
  });
}

/** Whether a key is part of a command; AltGr, which types characters, counts as Ctrl+Alt on Windows and is none. */
export function hasCommandModifier(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
}

/** Keys of what is done to regions by hand; its code is loaded with the first of them. */
const VERB_KEYS = /^[iosmvq,.]$/i;

/** What the letter keys do to the hits, wherever in the panel the focus is. Returns whether the key meant something. */
export function regionKey(event: KeyboardEvent, store: EarmarkStore): boolean {
  if (hasCommandModifier(event)) return false;
  const { key } = event;
  return (store.host !== null && playbackKey(key, store)) || editKey(key, store) || verbKey(key, store);
}

let loading: Promise<{ regionVerbKey: typeof regionVerbKey }> | null = null;

function verbKey(key: string, store: EarmarkStore): boolean {
  const { source, mark, selectedRegionIds } = store.getState();
  const isMeant = key === 'Escape' ? mark !== null || selectedRegionIds.size > 0 : VERB_KEYS.test(key);
  if (source === null || !isMeant) return false;
  // One promise for all: those of several imports are settled in any order.
  loading ??= import('./tools/region-verbs/region-verb-keys.js');
  loading.then(
    (verbs) => verbs.regionVerbKey(key, store),
    () => (loading = null),
  );
  return true;
}

function playbackKey(key: string, store: EarmarkStore): boolean {
  const { activeRegionId, looping } = store.getState();
  switch (key) {
    case '[':
    case ']':
      store.dispatch({ type: 'step-region', direction: key === '[' ? -1 : 1 });
      return true;
    case ' ':
      store.dispatch({ type: 'play-pause' });
      return true;
    case 'Enter':
      if (activeRegionId !== null) store.dispatch({ type: 'play-region', id: activeRegionId });
      return activeRegionId !== null;
    case 'l':
    case 'L':
      if (activeRegionId !== null) store.dispatch({ type: 'loop-region', id: looping ? null : activeRegionId });
      return activeRegionId !== null;
    default:
      return false;
  }
}

function editKey(key: string, store: EarmarkStore): boolean {
  const meant = regionsToEdit(store.getState());
  if (meant.length === 0) return false;
  switch (key) {
    case 'a':
    case 'A':
      toggleStatus(store, meant, 'accepted');
      return true;
    case 'x':
    case 'X':
      toggleStatus(store, meant, 'rejected');
      return true;
    case 'Delete':
    // What Mac keyboards call delete.
    case 'Backspace':
      store.dispatch({ type: 'region-delete', ids: meant.map(({ id }) => id) });
      return true;
    default:
      return false;
  }
}

/** Undo and redo on all platforms: Ctrl or ⌘ with Z, Shift+Z or Y. Returns whether it was one of them. */
export function historyKey(event: KeyboardEvent, store: EarmarkStore): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key === 'z') store.dispatch({ type: event.shiftKey ? 'redo' : 'undo' });
  else if (key === 'y' && !event.shiftKey) store.dispatch({ type: 'redo' });
  else return false;
  return true;
}
