import type { EarmarkStore } from '../../../plugin/earmark-api.js';
import { EditRun } from '../../edit-run.js';

/** By how much a key nudges. */
export type NudgeStep = '1 ms' | '10 ms' | '100 ms' | 'frame' | 'zero-crossing';

export const NUDGE_STEPS: readonly NudgeStep[] = ['1 ms', '10 ms', '100 ms', 'frame', 'zero-crossing'];

/** How the verbs work, for all elements of an Earmark; neither an edit nor kept. */
export class VerbSettings {
  /** The nudges that are one edit. */
  readonly run = new EditRun();
  #isDrawing = false;
  #nudgeStep: NudgeStep = '10 ms';
  readonly #listeners = new Set<() => void>();

  /** Whether dragging draws regions, without any key. */
  get isDrawing(): boolean {
    return this.#isDrawing;
  }

  get nudgeStep(): NudgeStep {
    return this.#nudgeStep;
  }

  setDrawing(isDrawing: boolean): void {
    this.#isDrawing = isDrawing;
    for (const listener of this.#listeners) listener();
  }

  setNudgeStep(step: NudgeStep): void {
    this.#nudgeStep = step;
    for (const listener of this.#listeners) listener();
  }

  /** @returns the unsubscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

const settings = new WeakMap<EarmarkStore, VerbSettings>();

export function verbSettings(store: EarmarkStore): VerbSettings {
  const known = settings.get(store) ?? new VerbSettings();
  settings.set(store, known);
  return known;
}
