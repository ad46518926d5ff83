import { drawStretch, type DrawnStretch } from '../dsp/drawn-envelope.js';
import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit, EditDocument } from './edit-document.js';
import { DEFAULT_FLOORS, DEFAULT_SHAPE, MAX_MASK_TIME, type Mask, type MaskOptions, type MaskShape } from './mask.js';
import type { Prompt } from './prompt.js';
import { findPrompt, parsePrompt } from './prompts.js';
import type { Region } from './region.js';
import type { ActionRequest } from './requests.js';

type MaskRequest = Extract<ActionRequest, { readonly type: 'mask-set' }>;
type DrawRequest = Extract<ActionRequest, { readonly type: 'mask-draw' }>;

const VERBS = { mute: 'Mute', duck: 'Duck', solo: 'Solo' };

/**
 * Puts a mask on, changes it or takes it off.
 *
 * @throws EarmarkError `bad-option`
 */
export function setMask(document: EditDocument, request: MaskRequest): DocumentEdit {
  const { mode } = request;
  const before = document.mask;
  if (mode === null) return before && { document: { ...document, mask: null }, name: 'Take the mask off' };
  const mask: Mask = Object.freeze({
    mode,
    ...scopeOf(document, request),
    inverted: request.inverted ?? before?.inverted ?? false,
    ...shapeOf(request, before),
    drawn: before?.drawn ?? [],
  });
  if (JSON.stringify(mask) === JSON.stringify(before)) return null;
  return { document: { ...document, mask }, name: editName(document, mask) };
}

/**
 * Draws the envelope by hand, or leaves all of it to the mask again.
 *
 * @param duration seconds of the recording
 * @throws EarmarkError `bad-option`
 */
export function drawMask(document: EditDocument, request: DrawRequest, duration: number): DocumentEdit {
  const { points, transient = false } = request;
  const { mask } = document;
  if (mask === null) throw new EarmarkError('bad-option', 'There is no mask to draw on. Mute, duck or solo first.');
  const drag = { dragKey: 'draw mask', transient };
  if (points === null) {
    if (mask.drawn.length === 0) return null;
    return { document: withDrawn(document, mask, []), name: 'Take the drawn envelope back' };
  }
  const isEnvelope = points.every(
    ({ time, gain }, i) => time >= (points[i - 1]?.time ?? 0) && time <= duration && gain >= 0 && gain <= 1,
  );
  if (points.length === 0 || !isEnvelope) {
    throw new EarmarkError(
      'bad-option',
      'The points of an envelope are sorted by time, inside the recording, with gains between 0 and 1.',
    );
  }
  const stretch = points.map(({ time, gain }) => Object.freeze({ time, gain })) as unknown as DrawnStretch;
  return { document: withDrawn(document, mask, drawStretch(mask.drawn, stretch)), name: 'Draw the envelope', ...drag };
}

function withDrawn(document: EditDocument, mask: Mask, drawn: readonly DrawnStretch[]): EditDocument {
  return { ...document, mask: Object.freeze({ ...mask, drawn }) };
}

/** What is asked for; else what was masked before; else everything. */
function scopeOf(document: EditDocument, request: MaskRequest): Pick<Mask, 'everything' | 'promptIds' | 'regionIds'> {
  const { everything, prompts, regions } = request;
  if (everything === true) return { everything, promptIds: [], regionIds: [] };
  if (prompts === undefined && regions === undefined) {
    const {
      everything: all,
      promptIds,
      regionIds,
    } = document.mask ?? { everything: true, promptIds: [], regionIds: [] };
    return { everything: all, promptIds, regionIds };
  }
  const known = new Set(document.prompts.map(({ id }) => id));
  if (prompts?.some((id) => !known.has(id))) {
    throw new EarmarkError('bad-option', 'There is no such prompt to mask; find it first.');
  }
  return { everything: false, promptIds: [...(prompts ?? [])], regionIds: [...(regions ?? [])] };
}

/** What is asked for; else how it was, or the default where there was none. How deep a mask goes is the mode's own. */
function shapeOf(request: Pick<MaskRequest, keyof MaskShape | 'mode'>, before: Mask | null): MaskShape {
  const { mode } = request;
  const floor = request.floor ?? (before?.mode === mode ? before!.floor : DEFAULT_FLOORS[mode!]);
  if (!(floor <= 0)) throw new EarmarkError('bad-option', `The floor of a mask is at most 0 dB, not ${String(floor)}.`);
  const timeOf = (name: keyof typeof DEFAULT_SHAPE): number => {
    const time = request[name] ?? (before ?? DEFAULT_SHAPE)[name];
    if (time >= 0 && time <= MAX_MASK_TIME) return time;
    throw new EarmarkError('bad-option', `The ${name} of a mask is 0…${MAX_MASK_TIME} seconds, not ${String(time)}.`);
  };
  return {
    attack: timeOf('attack'),
    hold: timeOf('hold'),
    release: timeOf('release'),
    padding: timeOf('padding'),
    floor,
  };
}

function editName(document: EditDocument, mask: Mask): string {
  const { mask: before } = document;
  const isEffect = before === null || effectOf(mask) !== effectOf(before);
  if (!isEffect) return 'Change the fades of the mask';
  return `${VERBS[mask.mode]} ${mask.inverted ? 'all but ' : ''}${scopeName(document, mask)}`;
}

/** What a mask does to what, as a key. */
function effectOf({ mode, inverted, everything, promptIds, regionIds }: Mask): string {
  return JSON.stringify([mode, inverted, everything, promptIds, regionIds]);
}

function scopeName(document: EditDocument, { everything, promptIds, regionIds }: Mask): string {
  if (everything) return 'what was found';
  const texts = promptIds.flatMap((id) => document.prompts.filter((prompt) => prompt.id === id));
  const names = texts.map(({ text }) => `“${text}”`);
  if (regionIds.length > 0) names.push(regionIds.length === 1 ? 'a region' : `${regionIds.length} regions`);
  return names.join(', ') || 'nothing';
}

/**
 * What a script asks for, as a request: all of the mask, whatever was masked before.
 *
 * @param regions those that there are
 * @throws EarmarkError `bad-option`
 */
export function maskRequest(
  options: MaskOptions | null,
  prompts: readonly Prompt[],
  regions: readonly Region[],
): MaskRequest {
  if (options === null) return { type: 'mask-set', mode: null };
  const { mode, prompts: texts, regions: wanted, inverted = false, fade, ...shape } = options;
  const regionIds = wanted?.map((region) => (typeof region === 'string' ? region : region.id));
  const known = new Set(regions.map(({ id }) => id));
  if (regionIds?.some((id) => !known.has(id))) {
    throw new EarmarkError('bad-option', 'These regions are not there any more.');
  }
  return {
    type: 'mask-set',
    floor: DEFAULT_FLOORS[mode],
    ...DEFAULT_SHAPE,
    ...(fade === undefined ? {} : { attack: fade, release: fade }),
    ...shape,
    mode,
    inverted,
    everything: texts === undefined && regionIds === undefined,
    prompts: (texts ?? []).map((text) => findPrompt(prompts, parsePrompt(text).text)?.id ?? text),
    regions: regionIds ?? [],
  };
}
