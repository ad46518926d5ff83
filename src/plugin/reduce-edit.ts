import { EarmarkError } from '../engine/errors.js';
import type { EarmarkRequest, FindRequest } from './requests.js';

/** Requests that change the document, and so can be undone. */
export type EditRequest = PromptEditRequest | RegionEditRequest;

/** Edits of what is asked. */
export type PromptEditRequest = Extract<FindRequest, { readonly type: `prompt-${string}` | 'sensitivity' }>;

/** Edits of the regions of a recording. */
export type RegionEditRequest = Extract<FindRequest, { readonly type: `region-${string}` }>;

/** What a program gets that asks for something else. */
export function unknownRequest(request: never): EarmarkError {
  const { type } = Object(request) as { type?: unknown };
  return new EarmarkError('bad-option', `Earmark knows no request “${String(type)}”.`);
}

export function isPromptEdit(request: EarmarkRequest): request is PromptEditRequest {
  return /^(prompt-(add|remove|edit)|sensitivity)$/.test(request.type);
}

export function isRegionEdit(request: EarmarkRequest): request is RegionEditRequest {
  return /^region-(status|rename|move|delete|add)$/.test(request.type);
}
