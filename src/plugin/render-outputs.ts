import type { Samples } from '../dsp/units.js';
import type { RenderOutput, RenderPlan } from '../engine/render-plan.js';
import { fileNames, type NamePlaces, safeName } from '../formats/file-names.js';
import { SAMPLE_BYTES, type SampleFormat } from '../formats/sample-format.js';
import type { WavMarker } from '../formats/wav-cues.js';
import type { Region } from './region.js';
import { draftRender, type RenderState } from './render-drafts.js';
import type { ParsedRenderSettings } from './render-settings.js';
import type { RenderDepth } from './render.js';
import type { SourceState } from './state.js';

/** Files to be made, and what comes out of it. */
export interface PlannedRender {
  readonly plan: RenderPlan;
  /** Name of the file that comes out: the archive's, or that of the one file in it. */
  readonly fileName: string;
  /** Regions that have no length, or times that are no numbers, or lie outside. */
  readonly droppedRegions: number;
}

/** What an export is going to be. */
export interface RenderPreview {
  readonly fileCount: number;
  /** Name of the first file. */
  readonly example: string;
  /** Name of what comes out: that file, or the archive around it. */
  readonly fileName: string;
  /** Of the samples alone. */
  readonly bytes: number;
}

const FORMATS: Readonly<Record<RenderDepth, SampleFormat | 'source'>> = {
  source: 'source',
  16: 'pcm16',
  24: 'pcm24',
  32: 'float32',
};

/**
 * Plans the files of an export.
 *
 * @param length of the recording
 * @throws EarmarkError `bad-option` where there is nothing to export, `no-source`
 */
export function planRender(state: RenderState, settings: ParsedRenderSettings, length: Samples): PlannedRender {
  const { drafts, droppedRegions } = draftRender(state, settings, length);
  const source = state.source!;
  const markers = settings.markers ? markersOf(state.regions, source, length) : [];
  const names = namesOf(
    settings,
    drafts.map(({ places }) => places),
    source,
  );
  const outputs = drafts.map(({ output }, i): RenderOutput => {
    const isWhole = output.start === 0 && output.end === length;
    return { ...output, name: names[i], ...(isWhole && markers.length > 0 ? { markers } : {}) };
  });
  const zip = settings.isZip || outputs.length > 1;
  const fileName = zip ? archiveName(settings, source) : names[0];
  return { plan: { outputs, sampleFormat: FORMATS[settings.depth], zip }, fileName, droppedRegions };
}

/**
 * What {@link planRender} would plan, in a moment also where it is thousands of files.
 *
 * @throws EarmarkError as `planRender`
 */
export function previewRender(state: RenderState, settings: ParsedRenderSettings): RenderPreview {
  const { sampleRate = 0, channelCount = 0, duration = 0, sampleFormat = 'float32' } = state.source ?? {};
  const { drafts } = draftRender(state, settings, Math.round(duration * sampleRate));
  const source = state.source!;
  const places = drafts.map((draft) => draft.places);
  // The largest number decides how many digits all have.
  const largest = places.reduce((most, each) => ((each.n ?? 0) > (most.n ?? 0) ? each : most));
  const [example] = namesOf(settings, [places[0], largest], source);
  const isZip = settings.isZip || drafts.length > 1;
  const samples = drafts.reduce((sum, { output }) => sum + output.end - output.start, 0);
  const chosen = FORMATS[settings.depth];
  const bytes = samples * channelCount * SAMPLE_BYTES[chosen === 'source' ? sampleFormat : chosen];
  return { fileCount: drafts.length, example, fileName: isZip ? archiveName(settings, source) : example, bytes };
}

function namesOf({ template }: ParsedRenderSettings, files: readonly NamePlaces[], source: SourceState): string[] {
  const stem = stemOf(source);
  return fileNames(
    template,
    files.map((places) => ({ ...places, source: stem })),
    '.wav',
  );
}

function archiveName({ what }: ParsedRenderSettings, source: SourceState): string {
  return `${safeName(`${stemOf(source)} ${what.replace('-', ' and ')}`)}.zip`;
}

/** The recording's name without its extension. */
function stemOf({ name }: SourceState): string {
  return name.replace(/\.[^.]{1,5}$/, '');
}

function markersOf(regions: readonly Region[], { sampleRate }: SourceState, length: Samples): WavMarker[] {
  return regions.flatMap(({ start, end, label, status }) => {
    const from = Math.max(0, Math.round(start * sampleRate));
    const to = Math.min(length, Math.round(end * sampleRate));
    return status !== 'rejected' && from < to ? [{ start: from, length: to - from, label }] : [];
  });
}
