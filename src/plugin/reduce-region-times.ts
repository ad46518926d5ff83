import type { Seconds } from '../dsp/units.js';
import { EarmarkError } from '../engine/errors.js';
import type { DocumentEdit } from './edit-document.js';
import { keep, named, regionsById, wholeSample, type RegionContext } from './reduce-regions.js';
import { SHORTEST_REGION, type Region, type RegionPart } from './region.js';

/** One step of a run of nudges, which is one step of the history. */
export interface NudgeRun {
  readonly part: RegionPart;
  /** Whether more may follow; a nudge by nothing that is not transient ends the run. */
  readonly transient: boolean;
}

/**
 * Moves regions, or one side of each, by their own distances; none leaves the recording or is turned inside out.
 *
 * @param distance seconds, negative for earlier
 * @throws EarmarkError `bad-option`, `no-source`
 */
export function nudgeRegions(
  context: RegionContext,
  ids: readonly string[],
  distance: (region: Region) => Seconds,
  { part, transient }: NudgeRun,
): DocumentEdit {
  const regions = regionsById(context, ids);
  const placed = regions.flatMap((region) => {
    const by = distance(region);
    if (!Number.isFinite(by))
      throw new EarmarkError('bad-option', `A region cannot be moved by ${String(by)} seconds.`);
    return by === 0 ? [] : place(context, region, nudged(region, part, by, context.source?.duration ?? 0));
  });
  return {
    document: placed.length === 0 ? context.document : keep(context.document, placed),
    name: named('Nudge', regions),
    dragKey: `nudge ${part} ${regions.map(({ id }) => id).join(' ')}`,
    transient,
  };
}

function nudged({ start, end }: Region, part: RegionPart, by: Seconds, duration: Seconds) {
  if (part === 'start') {
    return { start: Math.max(0, Math.min(start + by, Math.max(start, end - SHORTEST_REGION))), end };
  }
  if (part === 'end') {
    return { start, end: Math.min(duration, Math.max(end + by, Math.min(end, start + SHORTEST_REGION))) };
  }
  const shift = Math.max(-start, Math.min(by, Math.max(0, duration - end)));
  return { start: start + shift, end: end + shift };
}

/**
 * Moves both edges of regions to where `snap` says; an edge for which it knows no place, or that would turn its region
 * inside out, stays. Null where nothing moves.
 *
 * @throws EarmarkError `bad-option`, `no-source`
 */
export function snapRegions(
  context: RegionContext,
  ids: readonly string[],
  snap: (region: Region, edge: Seconds) => Seconds | null,
): DocumentEdit {
  const regions = regionsById(context, ids);
  const placed = regions.flatMap((region) => {
    const start = snap(region, region.start) ?? region.start;
    const end = snap(region, region.end) ?? region.end;
    const from = start <= region.end - SHORTEST_REGION ? start : region.start;
    const to = end >= from + SHORTEST_REGION ? end : region.end;
    return place(context, region, { start: from, end: to });
  });
  return placed.length === 0 ? null : { document: keep(context.document, placed), name: named('Snap', placed) };
}

/** The region at other times, on whole samples inside the recording; none where that is where it is. */
function place({ source }: RegionContext, region: Region, times: { start: Seconds; end: Seconds }): Region[] {
  const start = times.start === region.start ? region.start : wholeSample(source, times.start);
  const end = times.end === region.end ? region.end : wholeSample(source, times.end);
  return start === region.start && end === region.end ? [] : [{ ...region, start, end, edited: true }];
}
