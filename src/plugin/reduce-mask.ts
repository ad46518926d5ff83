import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import type { Mask, MaskOptions, MaskShape } from './mask.js';
import type { Prompt } from './prompt.js';
import { findPrompt, parsePrompt } from './prompts.js';
import type { EarmarkRequest } from './requests.js';

type MaskRequest = Extract<EarmarkRequest, { readonly type: 'mask-set' }>;

/**
 * Fades long enough for no click to be heard, and short enough to take nothing of the sounds beside; the padding covers
 * the boundaries that are found some hundredths of a second late.
 */
const SHAPE = { attack: 0.01, hold: 0.02, release: 0.05, padding: 0.05 };

/** dB. */
const FLOORS = { mute: -Infinity, duck: -12, solo: -Infinity };

const VERBS = { mute: 'Mute', duck: 'Duck', solo: 'Solo' };

/** Longest fade, hold or padding in seconds. */
const MAX_TIME = 60;

/**
 * Puts a mask on, changes it or takes it off.
 *
 * @throws EarmarkError `bad-option`
 */
export function setMask(document: EditDocument, request: MaskRequest): DocumentEdit {
  const { mode, prompts = [], regions = [] } = request;
  if (mode === null) return document.mask && { document: { ...document, mask: null }, name: 'Take the mask off' };
  if (!Object.hasOwn(VERBS, mode)) {
    throw new EarmarkError('bad-option', `“${mode as string}” is no mask; use mute, duck or solo.`);
  }
  const { floor = FLOORS[mode] } = request;
  if (!(floor <= 0)) throw new EarmarkError('bad-option', `The floor of a mask is at most 0 dB, not ${String(floor)}.`);
  const shape: MaskShape = Object.assign(
    { floor },
    ...Object.entries(SHAPE).map(([name, fallback]) => {
      const value = request[name as keyof typeof SHAPE] ?? fallback;
      if (value >= 0 && value <= MAX_TIME) return { [name]: value };
      throw new EarmarkError('bad-option', `The ${name} of a mask is 0…${MAX_TIME} seconds, not ${String(value)}.`);
    }),
  );
  const mask: Mask = Object.freeze({ mode, promptIds: [...prompts], regionIds: [...regions], ...shape });
  const named = prompts.map((id) => document.prompts.find((prompt) => prompt.id === id));
  if (named.includes(undefined))
    throw new EarmarkError('bad-option', 'There is no such prompt to mask; find it first.');
  if (isSame(mask, document.mask)) return null;
  const what =
    named.map((prompt) => `“${prompt!.text}”`).join(', ') || (regions.length > 0 ? 'regions' : 'what was found');
  return { document: { ...document, mask }, name: `${VERBS[mode]} ${what}` };
}

function isSame(a: Mask, b: Mask | null): boolean {
  return b !== null && (Object.keys(a) as (keyof Mask)[]).every((key) => String(a[key]) === String(b[key]));
}

/**
 * What a script asks for, as a request.
 *
 * @throws EarmarkError `bad-option`
 */
export function maskRequest(options: MaskOptions | null, prompts: readonly Prompt[]): MaskRequest {
  if (options === null) return { type: 'mask-set', mode: null };
  const { prompts: texts = [], regions = [], fade, ...shape } = options;
  return {
    type: 'mask-set',
    ...(fade === undefined ? {} : { attack: fade, release: fade }),
    ...shape,
    prompts: texts.map((text) => findPrompt(prompts, parsePrompt(text).text)?.id ?? text),
    regions: regions.map((region) => (typeof region === 'string' ? region : region.id)),
  };
}
