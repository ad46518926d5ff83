import type { EarmarkStore } from '../../../plugin/earmark-api.js';
import type { RegionPart } from '../../../plugin/region.js';
import type { EarmarkRequest } from '../../../plugin/requests.js';
import type { EarmarkState } from '../../../plugin/state.js';
import { regionsToEdit } from '../../region-keys.js';
import { regionVerbsStrings } from './region-verbs-strings.js';
import { verbSettings, type NudgeStep } from './verb-settings.js';

/** What can be done with the selection at once. */
export type RegionVerb = 'silence' | 'split' | 'merge' | 'snap' | 'remove';

/** The letter of each verb; Delete removes. */
export const VERB_KEYS: Readonly<Record<RegionVerb, string>> = {
  silence: 'Q',
  split: 'S',
  merge: 'M',
  snap: 'V',
  remove: 'Delete',
};

export function doVerb(verb: RegionVerb, store: EarmarkStore): void {
  const meant = regionsToEdit(store.getState());
  const ids = meant.map(({ id }) => id);
  if (verb === 'split') {
    const time = store.host?.getTime() ?? NaN;
    const under = meant.filter(({ start, end }) => time > start && time < end).map(({ id }) => id);
    // Of the selection what lies under the playhead, else whatever lies there.
    store.dispatch(under.length > 0 ? { type: 'region-split', ids: under } : { type: 'region-split' });
  } else if (ids.length > 0) {
    store.dispatch({ type: REQUESTS[verb], ids });
  }
}

const REQUESTS = {
  silence: 'region-silence',
  merge: 'region-merge',
  snap: 'region-snap',
  remove: 'region-delete',
} as const;

const STEPS: Readonly<Record<NudgeStep, { by: number; unit: 'ms' | 'frame' | 'zero-crossing' }>> = {
  '1 ms': { by: 1, unit: 'ms' },
  '10 ms': { by: 10, unit: 'ms' },
  '100 ms': { by: 100, unit: 'ms' },
  frame: { by: 1, unit: 'frame' },
  'zero-crossing': { by: 1, unit: 'zero-crossing' },
};

/**
 * Nudges the selection by the step that is set; nudges in a row are one edit.
 *
 * @param ended called when the edit is closed
 */
export function nudge(store: EarmarkStore, part: RegionPart, direction: 1 | -1, ended?: () => void): void {
  const ids = regionsToEdit(store.getState()).map(({ id }) => id);
  if (ids.length === 0) return;
  const { nudgeStep, run } = verbSettings(store);
  const { by, unit } = STEPS[nudgeStep];
  const request = { type: 'region-nudge', ids, part, unit } as const;
  run.press(`${part} ${unit} ${ids.join(' ')}`, () => {
    const known = new Set(store.getState().regions.map(({ id }) => id));
    // A nudge by nothing closes the edit, if there is still something that was edited.
    if (ids.some((id) => known.has(id))) store.dispatch({ ...request, by: 0 });
    ended?.();
  });
  store.dispatch({ ...request, by: direction * by, transient: true });
}

/** Marks a side of a region at the playhead. */
export function mark(store: EarmarkStore, side: 'in' | 'out'): void {
  const request: EarmarkRequest = { type: 'region-mark', side, label: drawnLabel(store.getState()) };
  store.dispatch(request);
}

/** What a region is called that is drawn: as the one in hand, else as what is searched for. */
export function drawnLabel({ regions, activeRegionId, prompts }: EarmarkState): string {
  const active = regions.find(({ id }) => id === activeRegionId);
  return active?.label ?? prompts.find(({ polarity }) => polarity === 'target')?.text ?? regionVerbsStrings.newRegion;
}
