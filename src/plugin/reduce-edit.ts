import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit } from './edit-document.js';
import { addPrompt, editPrompt, removePrompt, setSensitivity } from './reduce-prompts.js';
import {
  addRegion,
  deleteRegions,
  moveRegion,
  renameRegions,
  setStatus,
  type RegionContext,
} from './reduce-regions.js';
import type { EarmarkRequest, FindRequest } from './requests.js';

/** Requests that change the document, and so can be undone. */
export type EditRequest = Extract<
  FindRequest,
  { readonly type: `prompt-${string}` | 'sensitivity' | `region-${string}` }
>;

/** What an edit may draw on beside the document. */
export interface EditContext extends RegionContext {
  /** An id that nothing in the document has. */
  readonly freshId: string;
  /** Sensitivity of new prompts, 0…1. */
  readonly sensitivity: number;
}

/** What a program gets that asks for something else. */
export function unknownRequest(request: never): EarmarkError {
  const { type } = Object(request) as { type?: unknown };
  return new EarmarkError('bad-option', `Earmark knows no request “${String(type)}”.`);
}

export function isEditRequest(request: EarmarkRequest): request is EditRequest {
  return /^(prompt-(add|remove|edit)|sensitivity|region-(status|rename|move|delete|add))$/.test(request.type);
}

/**
 * The document after a request; null when nothing changes.
 *
 * @throws EarmarkError why it is refused
 */
export function reduceEdit(request: EditRequest, context: EditContext): DocumentEdit {
  const { document, freshId: id, sensitivity } = context;
  switch (request.type) {
    case 'prompt-add':
      return addPrompt(document, request.text, request.polarity, { id, sensitivity }).edit;
    case 'prompt-remove':
      return removePrompt(document, request.id);
    case 'prompt-edit':
      return editPrompt(document, request.id, request.text);
    case 'sensitivity':
      return setSensitivity(document, request.id, request.value, request.transient);
    case 'region-status':
      return setStatus(context, request.ids, request.status);
    case 'region-rename':
      return renameRegions(context, request.ids, request.label);
    case 'region-move':
      return moveRegion(context, request.id, request, request.transient);
    case 'region-delete':
      return deleteRegions(context, request.ids);
    case 'region-add':
      return addRegion(context, id, request);
    default:
      throw unknownRequest(request);
  }
}
