import { FLAG, IDS, NUMBER, oneOf, optional, type RequestRules, TEXT } from './argument-rules.js';
import type { RegionEditRequest } from './reduce-edit.js';

/** What the requests that edit regions are made of. */
export const REGION_REQUESTS: RequestRules<RegionEditRequest> = {
  'region-status': { ids: IDS, status: oneOf('accepted', 'rejected', 'candidate') },
  'region-rename': { ids: IDS, label: TEXT },
  'region-move': { id: TEXT, start: NUMBER, end: NUMBER, transient: optional(FLAG) },
  'region-delete': { ids: IDS },
  'region-add': { start: NUMBER, end: NUMBER, label: TEXT },
};
