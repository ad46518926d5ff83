import type { EarmarkRequest } from '../plugin/requests.js';
import type { EarmarkState } from '../plugin/state.js';

/** What a click on a region selects: it alone; with Ctrl or ⌘ it goes in or out, with Shift it is added. */
export function clickSelection(
  { selectedRegionIds }: EarmarkState,
  id: string,
  { ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): EarmarkRequest {
  const toggles = ctrlKey || metaKey;
  const ids = new Set(toggles || shiftKey ? selectedRegionIds : []);
  if (!toggles || !ids.delete(id)) ids.add(id);
  return { type: 'select', ids: [...ids], active: id };
}
