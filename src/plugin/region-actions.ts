import { frameSeconds } from '../detection/frame-grid.js';
import type { ScoreCurve } from '../detection/score-curve.js';
import { scoreMinimumFrom } from '../detection/score-minima.js';
import type { Seconds } from '../dsp/units.js';
import { EarmarkError } from '../engine/errors.js';
import type { ActionContext } from './actions.js';
import type { DocumentEdit } from './edit-document.js';
import { timelineToSource } from './host/timeline-map.js';
import { copyRegions } from './reduce-region-copy.js';
import { mergeIntoOne } from './reduce-region-merge.js';
import { silenceRegions } from './reduce-region-silence.js';
import { splitRegions } from './reduce-region-split.js';
import { nudgeRegions, snapRegions } from './reduce-region-times.js';
import { addRegion, regionsById, wholeSample, type RegionContext } from './reduce-regions.js';
import type { Region } from './region.js';
import type { ActionRequest } from './requests.js';
import { findZeroCrossing } from './zero-crossing-search.js';

/** Requests that edit regions as an editor does. */
export type RegionRequest = Extract<ActionRequest, { readonly type: `region-${string}` }>;

type NudgeRequest = Extract<RegionRequest, { readonly type: 'region-nudge' }>;
type MarkRequest = Extract<RegionRequest, { readonly type: 'region-mark' }>;

/** How far snapping moves an edge at most: six frames of the built-in model. */
const SNAP_REACH: Seconds = 1;

/** A run of nudges to zero crossings. */
interface CrossingRun {
  readonly key: string;
  readonly abort: AbortController;
  /** Resolves when all nudges that were asked for so far are made. */
  latest: Promise<void>;
}

/** Edits of regions that need more than the document: the playhead, the curves, the samples. */
export class RegionActions {
  readonly #context: ActionContext;
  readonly #warn: (error: unknown) => void;
  #crossings: CrossingRun | null = null;

  /** @param warn hears why an edit could not be made after all */
  constructor(context: ActionContext, warn: (error: unknown) => void) {
    this.#context = context;
    this.#warn = warn;
  }

  /** @throws EarmarkError why it is refused */
  handle(request: RegionRequest): void {
    const toCrossing = request.type === 'region-nudge' && request.unit === 'zero-crossing' ? request : null;
    if (toCrossing && keyOf(toCrossing) === this.#crossings?.key) return this.#queueCrossing(toCrossing);
    // Whoever edits on does not wait for it any more.
    this.#crossings?.abort.abort();
    this.#crossings = null;
    if (toCrossing) return this.#queueCrossing(toCrossing);
    const { selectedRegionIds } = this.#context.store.state;
    switch (request.type) {
      case 'region-split': {
        const time = request.time ?? this.#playhead();
        const added = this.#apply(splitRegions(this.#regions, time, request.ids, this.#freshId));
        // What was selected stays so in both parts.
        return this.#select([...selectedRegionIds, ...added], added[0]);
      }
      case 'region-merge': {
        this.#apply(mergeIntoOne(this.#regions, request.ids));
        return this.#select([...selectedRegionIds]);
      }
      case 'region-copy': {
        const added = this.#apply(copyRegions(this.#regions, request.ids, request.label, this.#freshId));
        return added.length > 0 ? this.#select(added, added[0]) : undefined;
      }
      case 'region-nudge':
        return void this.#apply(this.#nudge(request));
      case 'region-snap':
        return void this.#apply(this.#snap(request.ids));
      case 'region-silence':
        return void this.#apply(silenceRegions(this.#regions, request.ids));
      case 'region-mark':
        return this.#mark(request);
    }
  }

  destroy(): void {
    this.#crossings?.abort.abort();
  }

  get #regions(): RegionContext {
    const { regions, source } = this.#context.store.state;
    return { document: this.#context.document(), regions, source };
  }

  readonly #freshId = (): string => this.#context.freshId('region');

  /** @returns the ids of the regions that the edit has added */
  #apply(edit: DocumentEdit): string[] {
    const { store } = this.#context;
    const before = new Set(store.state.regions.map(({ id }) => id));
    this.#context.apply(edit);
    return store.state.regions.filter(({ id }) => !before.has(id)).map(({ id }) => id);
  }

  #select(ids: readonly string[], active?: string): void {
    const { store } = this.#context;
    const { regions, activeRegionId } = store.state;
    const wanted = new Set(ids);
    const there = regions.filter(({ id }) => wanted.has(id)).map(({ id }) => id);
    store.update({ selectedRegionIds: new Set(there), activeRegionId: active ?? activeRegionId ?? there[0] ?? null });
  }

  /** The playhead in the recording. */
  #playhead(): Seconds {
    const { host, map } = this.#context;
    if (!host) throw new EarmarkError('no-source', 'There is no playhead: no timeline is attached. Give a time.');
    const here = timelineToSource(map(), host.getTime());
    if (here) return here.time;
    // At its very end the recording is not under the playhead any more.
    if (host.getTime() > 0) return this.#context.store.state.source?.duration ?? NaN;
    throw new EarmarkError('no-source', 'There is no recording under the playhead.');
  }

  #nudge({ ids, part, by, unit, transient = false }: NudgeRequest): DocumentEdit {
    const distance = (region: Region): Seconds => {
      if (by === 0) return 0;
      return unit === 'frame' ? by * this.#frameOf(region) : by / 1000;
    };
    return nudgeRegions(this.#regions, ids, distance, { part, transient });
  }

  #curveOf({ promptId, label }: Region): ScoreCurve | null {
    const { prompts } = this.#context.store.state;
    const prompt = prompts.find(({ id, text }) => (promptId === undefined ? text === label : id === promptId));
    return prompt?.curve ?? null;
  }

  #frameOf(region: Region): Seconds {
    const curve = this.#curveOf(region) ?? this.#context.store.state.prompts.find((prompt) => prompt.curve)?.curve;
    if (!curve) throw new EarmarkError('bad-option', 'There are no frames yet: no sound has been searched for.');
    return frameSeconds(curve.grid);
  }

  #snap(ids: readonly string[]): DocumentEdit {
    const context = this.#regions;
    if (!regionsById(context, ids).some((region) => this.#curveOf(region))) {
      throw new EarmarkError(
        'bad-option',
        'There is no curve to snap to: no sound is searched for by the name of this region.',
      );
    }
    return snapRegions(context, ids, (region, edge) => {
      const curve = this.#curveOf(region);
      return curve && scoreMinimumFrom(curve, edge, SNAP_REACH);
    });
  }

  #mark({ side, label, time }: MarkRequest): void {
    const { store } = this.#context;
    if (side === null) return store.update({ mark: null });
    const at = wholeSample(store.state.source, time ?? this.#playhead());
    const { mark } = store.state;
    if (mark !== null && mark.side !== side && mark.time === at) {
      throw new EarmarkError(
        'bad-option',
        'A region cannot begin and end at one place. Move the playhead, then mark its other side.',
      );
    }
    const [start, end] = side === 'in' ? [at, mark?.time ?? NaN] : [mark?.time ?? NaN, at];
    if (!mark || mark.side === side || start >= end) return store.update({ mark: { side, time: at } });
    const added = this.#apply(addRegion(this.#regions, this.#freshId(), { start, end, label }));
    store.update({ mark: null });
    this.#select(added, added[0]);
  }

  #queueCrossing(request: NudgeRequest): void {
    const key = keyOf(request);
    const run = (this.#crossings ??= { key, abort: new AbortController(), latest: Promise.resolve() });
    const signal = AbortSignal.any([run.abort.signal, this.#context.life]);
    run.latest = run.latest
      .then(() => this.#nudgeToCrossing(request, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#warn(error);
      });
  }

  async #nudgeToCrossing({ ids, part, by, transient = false }: NudgeRequest, signal: AbortSignal): Promise<void> {
    if (!Number.isFinite(by)) throw new EarmarkError('bad-option', `There is no zero crossing ${String(by)} further.`);
    const recording = this.#context.recording();
    const distances = new Map<Region, Seconds>();
    if (by !== 0 && recording) {
      for (const region of regionsById(this.#regions, ids)) {
        signal.throwIfAborted();
        const edge = part === 'end' ? region.end : region.start;
        const crossing = await findZeroCrossing(recording.source, edge, by > 0 ? 1 : -1, signal);
        if (crossing !== null) distances.set(region, crossing - edge);
      }
    }
    signal.throwIfAborted();
    if (recording !== this.#context.recording()) return;
    // Regions that were edited meanwhile are other objects by now, and stay where they are.
    const distance = (region: Region): Seconds => distances.get(region) ?? 0;
    this.#apply(nudgeRegions(this.#regions, ids, distance, { part, transient }));
  }
}

function keyOf({ part, ids }: NudgeRequest): string {
  return `${part} ${String(ids)}`;
}
