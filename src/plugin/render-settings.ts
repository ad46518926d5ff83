import { EarmarkError } from '../engine/errors.js';
import { NAME_PLACES, unknownPlaces } from '../formats/file-names.js';
import { badArgument } from './argument-rules.js';
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
  const { what = 'mix', prompts = null, regions, format, depth = 'source' } = settings;
  const { template = DEFAULT_TEMPLATES[what], rest = false, markers = false } = settings;
  if (template.length > MAX_TEMPLATE) {
    throw bad('template', `have at most ${MAX_TEMPLATE} characters`, template.length);
  }
  const unknown = unknownPlaces(template);
  if (unknown.length > 0) {
    const places = NAME_PLACES.map((place) => `{${place}}`).join(', ');
    throw new EarmarkError('bad-option', `File names cannot have ${unknown.join(', ')}. There are ${places}.`);
  }
  return {
    what,
    prompts,
    regionIds: regions?.map((region) => (typeof region === 'string' ? region : region.id)) ?? null,
    isZip: format === 'zip',
    depth,
    handles: seconds('handles', settings.handles ?? 0, MAX_HANDLES),
    fade: seconds('fade', settings.fade ?? DEFAULT_FADE, MAX_FADE),
    template,
    rest,
    markers,
  };
}

function seconds(name: string, value: number, most: number): number {
  if (value >= 0 && value <= most) return value;
  throw bad(name, `be a number of seconds, 0…${most}`, value);
}

function bad(name: string, must: string, value: number): EarmarkError {
  return badArgument(`For an export “${name}”`, must, value);
}
