import type { EmbeddingTrack } from '../engine/embedding-track.js';
import { splitExclusively, splitWithOverlaps, type ClassEvidence } from '../tasks/split.js';
import type { PromptFinding } from './prompt-finding.js';
import {
  splitPromptId,
  type Split,
  type SplitClass,
  type SplitClassState,
  type SplitSegment,
  type SplitState,
} from './split.js';
import type { StateStore } from './store.js';

/** While the analysis runs, segments are made at most this often, in milliseconds: more often is not seen. */
const MIN_INTERVAL = 500;

/** … and take at most one part in this many of the main thread's time. */
const INTERVAL_RATIO = 20;

export interface SplitDerivationContext {
  readonly store: StateStore;
  /** What has been heard of the recording that stands open. */
  readonly track: () => EmbeddingTrack | null;
  /** Called when there is something to derive that no other change tells of. */
  readonly onChange: () => void;
}

type Findings = ReadonlyMap<string, PromptFinding>;

/** A class with what its texts were heard as. */
interface HeardClass {
  readonly state: SplitClassState;
  readonly evidence: ClassEvidence;
  /** Whether it has been searched in the whole recording, or never will be. */
  readonly complete: boolean;
}

/**
 * Makes the state of a split from what was found: at once when all has been heard, now and then while the analysis
 * runs. What did not change keeps its identity.
 */
export class SplitDerivation {
  readonly #context: SplitDerivationContext;
  readonly #unsubscribe: () => void;
  #state: SplitState | null = null;
  /** What the segments were made of; the same objects make the same segments. */
  #madeOf: readonly unknown[] = [];
  #nextAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: SplitDerivationContext) {
    this.#context = context;
    let { analysis } = context.store.state;
    // Silence becomes known without any prompt being scored.
    this.#unsubscribe = context.store.subscribe((state) => {
      if (state.analysis === analysis) return;
      analysis = state.analysis;
      if (state.split && !state.split.complete) context.onChange();
    });
  }

  derive(split: Split | null, findings: Findings): SplitState | null {
    if (split === null) {
      this.#state = null;
      this.#madeOf = [];
      return null;
    }
    const before = this.#state;
    const track = this.#context.track();
    const heard = split.classes.map((one) => hear(one, findings, before));
    const isHeard = track !== null && track.analysed.every((one) => one === 1) && heard.every((one) => one.complete);
    const { mode, switchingCost } = split;
    const madeOf: unknown[] = [mode, switchingCost, track, isHeard || this.#context.store.state.analysis];
    for (const { state, evidence } of heard) madeOf.push(state.id, evidence.silence, ...evidence.detections);
    let segments = before?.segments ?? [];
    let isUpToDate = before !== null && isSame(madeOf, this.#madeOf);
    if (!isUpToDate && (isHeard || this.#isTime())) {
      segments = this.#make(split, heard, track);
      this.#madeOf = madeOf;
      isUpToDate = true;
    } else if (!isUpToDate) {
      segments = keepKnown(segments, split);
    }
    const classes = heard.map(({ state }) => state);
    const next: SplitState = {
      classes: before && isSame(classes, before.classes) ? before.classes : Object.freeze(classes),
      mode,
      switchingCost,
      segments,
      complete: isHeard && isUpToDate,
    };
    if (before && isSame(Object.values(next), Object.values(before))) return before;
    this.#state = Object.freeze(next);
    return this.#state;
  }

  destroy(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  /** Whether segments may be made now; if not, they are a little later. */
  #isTime(): boolean {
    const wait = this.#nextAt - performance.now();
    if (wait <= 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#context.onChange();
    }, wait);
    return false;
  }

  #make(split: Split, heard: readonly HeardClass[], track: EmbeddingTrack | null): readonly SplitSegment[] {
    const asked = heard.filter(({ evidence }) => evidence.silence || evidence.detections.length > 0);
    // A class of which nothing is known yet could be anywhere; one that failed is nowhere.
    const isWaiting = heard.some((one) => one.state.phase !== 'failed' && !asked.includes(one));
    if (track === null || asked.length === 0 || isWaiting) return [];
    const started = performance.now();
    const classes = asked.map(({ evidence }) => evidence);
    const found =
      split.mode === 'exclusive'
        ? splitExclusively(classes, track, split.switchingCost)
        : splitWithOverlaps(classes, track);
    const now = performance.now();
    this.#nextAt = now + Math.max(MIN_INTERVAL, INTERVAL_RATIO * (now - started));
    const duration = this.#context.store.state.source?.duration ?? Infinity;
    const segments = found
      // The last frame reaches past the end of the recording.
      .filter(({ start }) => start < duration)
      .map(({ classIndex, start, end, score }) =>
        Object.freeze({ classId: asked[classIndex].state.id, start, end: Math.min(end, duration), score }),
      );
    return Object.freeze(segments);
  }
}

function hear(one: SplitClass, findings: Findings, before: SplitState | null): HeardClass {
  const found = one.texts.map((text) => findings.get(splitPromptId(text)));
  const failed = found.find((finding) => finding?.phase === 'failed')?.error;
  const isEncoded = found.every((finding) => finding?.phase === 'ready');
  const detections = found.flatMap((finding) => finding?.detection ?? []);
  const known = before?.classes.find(({ id }) => id === one.id);
  const state: SplitClassState = {
    ...one,
    phase: failed ? 'failed' : isEncoded ? 'ready' : 'encoding',
    ...(failed ? { message: failed.message } : {}),
  };
  return {
    state: known && isSame(Object.values(state), Object.values(known)) ? known : Object.freeze(state),
    // A class is judged by all that it is known by, or it would change its meaning while it is being looked for.
    evidence: { detections: failed || detections.length === found.length ? detections : [], silence: one.silence },
    complete: found.every((finding) => finding?.phase === 'failed' || finding?.complete === true),
  };
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** The segments of classes that are still there; all of them unless some are not. */
function keepKnown(segments: readonly SplitSegment[], { classes }: Split): readonly SplitSegment[] {
  const ids = new Set(classes.map(({ id }) => id));
  return segments.every(({ classId }) => ids.has(classId)) ? segments : segments.filter((one) => ids.has(one.classId));
}
