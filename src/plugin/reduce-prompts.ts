import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import type { Mask } from './mask.js';
import { findPrompt, freeColor, parsePrompt } from './prompts.js';
import type { Prompt, PromptPolarity } from './prompt.js';
import { unknownRequest, type PromptEditRequest } from './reduce-edit.js';

/** What new prompts get. */
export interface PromptInit {
  /** An id that nothing in the document has. */
  readonly id: string;
  /** 0…1. */
  readonly sensitivity: number;
}

/**
 * The document after a request; null when nothing changes.
 *
 * @throws EarmarkError why it is refused
 */
export function reducePrompts(request: PromptEditRequest, document: EditDocument, init: PromptInit): DocumentEdit {
  switch (request.type) {
    case 'prompt-add':
      return addPrompt(document, request.text, request.polarity, init).edit;
    case 'prompt-remove':
      return removePrompt(document, request.id);
    case 'prompt-edit':
      return editPrompt(document, request.id, request.text);
    case 'sensitivity':
      return setSensitivity(document, request.id, request.value, request.transient);
    default:
      throw unknownRequest(request);
  }
}

function promptById(document: EditDocument, id: string): Prompt {
  const prompt = document.prompts.find((candidate) => candidate.id === id);
  if (!prompt) throw new EarmarkError('bad-option', `There is no prompt “${id}”; it may have been removed already.`);
  return prompt;
}

function replacePrompt(document: EditDocument, next: Prompt): EditDocument {
  return { ...document, prompts: document.prompts.map((prompt) => (prompt.id === next.id ? next : prompt)) };
}

/**
 * Adds a prompt. One that is there already is left alone; asked for with the other polarity, it changes sides.
 *
 * @throws EarmarkError `empty-prompt`, `prompt-too-long`
 */
export function addPrompt(
  document: EditDocument,
  typed: string,
  wanted: PromptPolarity | undefined,
  init: PromptInit,
): { edit: DocumentEdit; prompt: Prompt } {
  const { text, polarity } = parsePrompt(typed, wanted);
  const existing = findPrompt(document.prompts, text);
  if (existing?.polarity === polarity) return { edit: null, prompt: existing };
  const verb = polarity === 'target' ? 'Find' : 'Exclude';
  const prompt = existing ? { ...existing, polarity } : { ...init, text, polarity, color: freeColor(document.prompts) };
  const next = existing
    ? replacePrompt(document, prompt)
    : { ...document, prompts: [...document.prompts, Object.freeze(prompt)] };
  return { edit: { document: next, name: `${verb} “${text}”` }, prompt };
}

/**
 * Removes a prompt and what was decided against it; accepted and edited regions stay. A mask of nothing else goes with
 * it: soloing a sound that is gone would silence everything.
 */
export function removePrompt(document: EditDocument, id: string): DocumentEdit {
  const prompt = promptById(document, id);
  return {
    document: {
      ...document,
      prompts: document.prompts.filter((other) => other.id !== id),
      kept: document.kept.filter((region) => region.promptId !== id || region.status !== 'rejected' || region.edited),
      dismissed: document.dismissed.filter((region) => region.promptId !== id),
      mask: maskWithout(document.mask, id),
    },
    name: `Remove “${prompt.text}”`,
  };
}

function maskWithout(mask: Mask | null, promptId: string): Mask | null {
  if (!mask?.promptIds.includes(promptId)) return mask;
  const promptIds = mask.promptIds.filter((id) => id !== promptId);
  return promptIds.length + mask.regionIds.length > 0 ? Object.freeze({ ...mask, promptIds }) : null;
}

/** @throws EarmarkError `empty-prompt`, `prompt-too-long`, `bad-option` when another prompt says the same */
export function editPrompt(document: EditDocument, id: string, typed: string): DocumentEdit {
  const prompt = promptById(document, id);
  const { text } = parsePrompt(typed, prompt.polarity);
  if (text === prompt.text) return null;
  const same = findPrompt(document.prompts, text);
  if (same && same.id !== id) {
    throw new EarmarkError('bad-option', `“${text}” is there already. Remove one of the two, or change the words.`);
  }
  return { document: replacePrompt(document, { ...prompt, text }), name: `Change “${prompt.text}” to “${text}”` };
}

/** @param value 0…1 */
export function setSensitivity(document: EditDocument, id: string, value: number, transient = false): DocumentEdit {
  const prompt = promptById(document, id);
  if (!(value >= 0 && value <= 1)) {
    throw new EarmarkError('bad-option', `A sensitivity lies between 0 and 1, not at ${String(value)}.`);
  }
  return {
    document: value === prompt.sensitivity ? document : replacePrompt(document, { ...prompt, sensitivity: value }),
    name: `Sensitivity of “${prompt.text}”`,
    dragKey: `sensitivity ${id}`,
    transient,
  };
}
