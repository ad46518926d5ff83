import { gainEnvelope, type GainEnvelope, type MaskMode } from '../dsp/gain-envelope.js';
import type { Samples, Seconds } from '../dsp/units.js';
import { EarmarkError } from '../engine/errors.js';
import type { RenderOutput } from '../engine/render-plan.js';
import type { NamePlaces } from '../formats/file-names.js';
import { maskEnvelope, maskedRegions } from './mask-envelope.js';
import type { Mask } from './mask.js';
import type { Region } from './region.js';
import type { ParsedRenderSettings } from './render-settings.js';
import { classSpans } from './split.js';
import type { EarmarkState } from './state.js';

/** What an export is made of. */
export type RenderState = Pick<EarmarkState, 'source' | 'prompts' | 'regions' | 'mask' | 'split'>;

/** A file to be, before it has a name. */
export interface RenderDraft {
  readonly output: Omit<RenderOutput, 'name'>;
  readonly places: NamePlaces;
}

/** The files of an export, before they have names. */
export interface DraftedRender {
  /** Sorted by start; at least one. */
  readonly drafts: readonly RenderDraft[];
  /** Regions that have no length, or times that are no numbers, or lie outside. */
  readonly droppedRegions: number;
}

interface Recording {
  readonly duration: Seconds;
  readonly sampleRate: number;
  readonly length: Samples;
}

interface Span {
  readonly start: Seconds;
  readonly end: Seconds;
}

const UNITY: GainEnvelope = [{ time: 0, gain: 1 }];
const PARTICIPLES: Readonly<Record<MaskMode, string>> = { mute: 'muted', duck: 'ducked', solo: 'solo' };
/** Prompts that a file's name lists; more make it long without telling more. */
const MAX_NAMED_PROMPTS = 3;

/**
 * Decides which stretch of the recording goes into each file of an export, and at which gain.
 *
 * @param length of the recording
 * @throws EarmarkError `bad-option` where there is nothing to export, `no-source`
 */
export function draftRender(state: RenderState, settings: ParsedRenderSettings, length: Samples): DraftedRender {
  const { source } = state;
  if (!source) throw new EarmarkError('no-source', 'There is no recording to export. Open one first.');
  const drafts = draftsOf(state, settings, { ...source, length });
  const isSliced = settings.what === 'regions';
  return { drafts, droppedRegions: isSliced ? chosenRegions(state, settings).length - drafts.length : 0 };
}

function draftsOf(state: RenderState, settings: ParsedRenderSettings, recording: Recording): RenderDraft[] {
  switch (settings.what) {
    case 'mix':
      return [mix(state, recording)];
    case 'stems':
      return stems(state, settings, recording);
    case 'target-residual':
      return targetAndResidual(state, settings, recording);
    case 'regions':
      return slices(state, settings, recording);
    default:
      throw new Error(`Unknown export ${settings.what as string}`);
  }
}

function mix({ mask, regions, prompts }: RenderState, recording: Recording): RenderDraft {
  if (!mask) {
    throw new EarmarkError(
      'bad-option',
      'Nothing is muted, ducked or soloed yet. Do that first, or export something else.',
    );
  }
  const taken = new Set(mask.everything ? regions.map(({ promptId }) => promptId) : mask.promptIds);
  const prompt = namesOf(prompts.filter(({ id }) => taken.has(id)).map(({ text }) => text));
  const label = `${prompt} ${mask.inverted ? 'not ' : ''}${PARTICIPLES[mask.mode]}`.trim();
  return whole(recording, maskEnvelope(mask, regions, recording.duration), { label, prompt });
}

function stems(state: RenderState, settings: ParsedRenderSettings, recording: Recording): RenderDraft[] {
  const classes = stemClasses(state, settings);
  if (classes.length === 0) {
    throw new EarmarkError(
      'bad-option',
      'There are no classes to export. Split the recording, or find something first.',
    );
  }
  const isExclusive = state.split?.mode === 'exclusive' && settings.prompts === null;
  const drafts = classes.map(({ label, ucs, spans }) => {
    // Where one class follows another their fades cross, so that both together are what was there.
    const inner = isExclusive ? spans.map((span) => narrowed(span, settings.fade / 2, recording.duration)) : spans;
    const envelope = keeping(inner, settings.fade, recording.duration);
    return whole(recording, envelope, { label, prompt: label, ucs });
  });
  if (!settings.rest) return drafts;
  const every = drafts.map((_, i) => i);
  return [...drafts, whole(recording, UNITY, { label: 'rest', prompt: 'rest' }, every)];
}

interface StemClass {
  readonly label: string;
  readonly ucs: string | undefined;
  readonly spans: readonly Span[];
}

function stemClasses(state: RenderState, settings: ParsedRenderSettings): StemClass[] {
  const { split } = state;
  if (split && settings.prompts === null) {
    if (!split.complete) {
      throw new EarmarkError('bad-option', 'The split is not complete yet. Wait until the recording has been heard.');
    }
    return split.classes
      .filter(({ hidden }) => !hidden)
      .map(({ id, label, ucs }) => ({ label, ucs, spans: classSpans(split, id) }));
  }
  const chosen = chosenRegions(state, { ...settings, regionIds: null });
  const groups = new Map<string, Region[]>();
  for (const region of chosen) {
    const key = region.promptId ?? region.label;
    const group = groups.get(key);
    if (group) group.push(region);
    else groups.set(key, [region]);
  }
  return Array.from(groups.values(), (regions) => {
    const [first] = regions;
    const prompt = state.prompts.find(({ id }) => id === first.promptId);
    return { label: prompt?.text ?? first.label, ucs: prompt?.ucs ?? first.ucs, spans: regions };
  });
}

function targetAndResidual(state: RenderState, settings: ParsedRenderSettings, recording: Recording): RenderDraft[] {
  const { mask, regions } = state;
  const usesMask = mask !== null && settings.prompts === null && settings.regionIds === null;
  const taken = usesMask ? maskedRegions(mask, regions) : chosenRegions(state, settings);
  if (!usesMask && taken.length === 0) throw nothingChosen();
  const texts = new Set(taken.map(({ promptId, label }) => promptText(state, promptId) ?? label));
  const prompt = namesOf([...texts]);
  const envelope = usesMask
    ? maskEnvelope(mask, regions, recording.duration)
    : keeping(taken, settings.fade, recording.duration);
  // A mask that lowers what was found leaves the residual; one that keeps it leaves the target.
  const isResidualFirst = usesMask && lowersFound(mask);
  const labels = isResidualFirst ? ['residual', 'target'] : ['target', 'residual'];
  return [
    whole(recording, envelope, { label: labels[0], prompt }),
    whole(recording, UNITY, { label: labels[1], prompt }, [0]),
  ];
}

function lowersFound({ mode, inverted }: Mask): boolean {
  return (mode === 'solo') === inverted;
}

function slices(state: RenderState, settings: ParsedRenderSettings, recording: Recording): RenderDraft[] {
  const chosen = chosenRegions(state, settings);
  if (chosen.length === 0) throw nothingChosen();
  const { sampleRate, length } = recording;
  const counts = new Map<string, number>();
  const drafts = chosen.flatMap((region): RenderDraft[] => {
    const start = Math.max(0, Math.round((region.start - settings.handles) * sampleRate));
    const end = Math.min(length, Math.round((region.end + settings.handles) * sampleRate));
    // Times that are no numbers compare as false too.
    const isInside = region.start < region.end && region.start < recording.duration && region.end > 0;
    if (!isInside || !(start < end)) return [];
    const n = (counts.get(region.label) ?? 0) + 1;
    counts.set(region.label, n);
    const prompt = state.prompts.find(({ id }) => id === region.promptId);
    const ucs = region.ucs ?? prompt?.ucs;
    const places = { label: region.label, prompt: prompt?.text, ucs, n, start: start / sampleRate };
    const envelope = fadedEnds(start / sampleRate, end / sampleRate, settings.fade);
    return [{ output: { start, end, envelope }, places }];
  });
  if (drafts.length === 0) {
    throw new EarmarkError('bad-option', 'None of these regions has any length inside the recording. Choose others.');
  }
  return drafts.sort((a, b) => a.output.start - b.output.start || a.output.end - b.output.end);
}

/** Silent at both ends, and not in between; of what is shorter than two fades, each takes a half. */
function fadedEnds(start: Seconds, end: Seconds, fade: Seconds): GainEnvelope {
  const length = Math.min(fade, (end - start) / 2);
  if (length === 0) return UNITY;
  return [
    { time: start, gain: 0 },
    { time: start + length, gain: 1 },
    { time: end - length, gain: 1 },
    { time: end, gain: 0 },
  ];
}

/** Lets the spans through, with fades around them. */
function keeping(spans: readonly Span[], fade: Seconds, duration: Seconds): GainEnvelope {
  const shape = { attack: fade, hold: 0, release: fade, padding: 0, floor: -Infinity };
  return gainEnvelope(spans, 'solo', shape, duration);
}

/** A span without `margin` at either end, but for the ends of the recording; never shorter than half of it. */
function narrowed({ start, end }: Span, margin: Seconds, duration: Seconds): Span {
  const most = Math.min(margin, (end - start) / 4);
  return { start: start <= 0 ? start : start + most, end: end >= duration ? end : end - most };
}

function whole(
  { length }: Recording,
  envelope: GainEnvelope,
  places: NamePlaces,
  minus?: readonly number[],
): RenderDraft {
  return { output: { start: 0, end: length, envelope, ...(minus ? { minus } : {}) }, places };
}

/** Rejected regions are never exported. */
function chosenRegions(state: RenderState, { prompts, regionIds }: ParsedRenderSettings): Region[] {
  const regions = state.regions.filter(({ status }) => status !== 'rejected');
  if (prompts === null && regionIds === null) return regions;
  const ids = new Set(regionIds);
  const promptIds = new Set<string | undefined>(prompts?.map((name) => promptId(state, name)));
  return regions.filter((region) => ids.has(region.id) || promptIds.has(region.promptId));
}

/** @throws EarmarkError `bad-option` */
function promptId({ prompts }: RenderState, name: string): string {
  const wanted = name.trim().toLowerCase();
  const prompt = prompts.find(({ id, text }) => id === name || text.toLowerCase() === wanted);
  if (prompt) return prompt.id;
  throw new EarmarkError('bad-option', `There is no prompt “${name}” to export. Find it first.`);
}

function promptText({ prompts }: RenderState, id: string | undefined): string | undefined {
  return prompts.find((prompt) => prompt.id === id)?.text;
}

function namesOf(texts: readonly string[]): string {
  return texts.length > MAX_NAMED_PROMPTS ? '' : texts.join(', ');
}

function nothingChosen(): EarmarkError {
  return new EarmarkError(
    'bad-option',
    'There is nothing to export: no region was found or chosen. Find something first.',
  );
}
