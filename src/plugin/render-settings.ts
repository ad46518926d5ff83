import { EarmarkError } from '../engine/errors.js';
import { NAME_PLACES, unknownPlaces } from '../formats/file-names.js';
import { DEFAULT_FADE, DEFAULT_TEMPLATES, type RenderDepth, type RenderSettings, type RenderWhat } from './render.js';

/** Settings with the defaults filled in, checked. */
export interface ParsedRenderSettings {
  readonly what: RenderWhat;
  /** Null for all. */
  readonly prompts: readonly string[] | null;
  /** Ids; null for all. */
  readonly regionIds: readonly string[] | null;
  readonly isZip: boolean;
  readonly depth: RenderDepth;
  readonly handles: number;
  readonly fade: number;
  readonly template: string;
  readonly rest: boolean;
  readonly markers: boolean;
}

const MAX_HANDLES = 60;
const MAX_FADE = 10;
const MAX_TEMPLATE = 500;

/** @throws EarmarkError `bad-option`, which names the setting and its range */
export function parseRenderSettings(settings: RenderSettings): ParsedRenderSettings {
  const what = oneOf<RenderWhat>('what', settings.what ?? 'mix', ['mix', 'stems', 'target-residual', 'regions']);
  const template = settings.template ?? DEFAULT_TEMPLATES[what];
  if (typeof template !== 'string' || template.length > MAX_TEMPLATE) {
    throw bad('template', `be a text of at most ${MAX_TEMPLATE} characters`, template);
  }
  const unknown = unknownPlaces(template);
  if (unknown.length > 0) {
    const places = NAME_PLACES.map((place) => `{${place}}`).join(', ');
    throw new EarmarkError('bad-option', `File names cannot have ${unknown.join(', ')}. There are ${places}.`);
  }
  return {
    what,
    prompts: settings.prompts === undefined ? null : listOf('prompts', settings.prompts, isText),
    regionIds: settings.regions === undefined ? null : listOf('regions', settings.regions, isRegion).map(idOf),
    isZip: oneOf<string>('format', settings.format ?? 'wav', ['wav', 'zip']) === 'zip',
    depth: oneOf<RenderDepth>('depth', settings.depth ?? 'source', ['source', 16, 24, 32]),
    handles: seconds('handles', settings.handles ?? 0, MAX_HANDLES),
    fade: seconds('fade', settings.fade ?? DEFAULT_FADE, MAX_FADE),
    template,
    rest: settings.rest === true,
    markers: settings.markers === true,
  };
}

function oneOf<T>(name: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw bad(name, `be ${values.slice(0, -1).join(', ')} or ${String(values.at(-1))}`, value);
}

function seconds(name: string, value: number, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw bad(name, `be a number of seconds, 0…${most}`, value);
}

function listOf<T>(name: string, values: readonly T[], fits: (value: unknown) => boolean): readonly T[] {
  if (Array.isArray(values) && values.every(fits)) return values;
  throw bad(name, 'be a list', values);
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isRegion = (value: unknown): boolean => isText(value) || isText((value as { id?: unknown } | null)?.id);
const idOf = (region: string | { readonly id: string }): string => (typeof region === 'string' ? region : region.id);

function bad(name: string, must: string, value: unknown): EarmarkError {
  const given = typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : typeof value;
  return new EarmarkError('bad-option', `For an export “${name}” has to ${must}, not ${given}.`);
}
