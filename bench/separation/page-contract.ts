import type { CoincidentPlan, MixPlan } from './mixes.js';

/** How far separation went, and where it was told to look. */
export const STEPS = ['gate', 'band', 'nmf', 'nmf-occlusion'] as const;
export type Step = (typeof STEPS)[number];

/** What was measured on one mix. dB of SI-SDR; improvements are over the mix as it is. */
export interface MixResult {
  readonly name: string;
  /** Share of the mix in which the target sounds. */
  readonly activeFraction: number;
  /** Of the mix as it is. */
  readonly mixSiSdr: number;
  /** Events that the product finds by itself, at the default sensitivity. */
  readonly foundEvents: number;
  /** The share of the target's time that they cover, and the share of their time in which the target sounds. */
  readonly foundRecall: number;
  readonly foundPrecision: number;
  /** Improvement with the true events. */
  readonly oracle: Readonly<Record<Step, number>>;
  /** Improvement with the events that were found; null where none was. */
  readonly found: Readonly<Record<Step, number>> | null;
}

/** How components were chosen: not at all, by the prompt, by the prompt against the other's. */
export const CHOICES = ['nmf', 'nmf-occlusion', 'nmf-contrast'] as const;
export type Choice = (typeof CHOICES)[number];

/** Improvement on a mix of sounds that coincide, with the true event, in dB of SI-SDR. */
export interface CoincidentResult {
  readonly name: string;
  readonly gained: Readonly<Record<Choice, number>>;
}

/** What the page offers, as `window.separation`. */
export interface SeparationPage {
  /** @param clips names of the clips in the folder `/clips/` */
  load(clips: readonly string[]): Promise<void>;
  measure(plan: MixPlan): Promise<MixResult>;
  measureCoincident(plan: CoincidentPlan): Promise<CoincidentResult>;
}

declare global {
  interface Window {
    separation: SeparationPage;
  }
}
