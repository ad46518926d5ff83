import type { DrawnStretch } from '../dsp/drawn-envelope.js';
import type { MaskMode, MaskShape } from '../dsp/gain-envelope.js';

export type { DrawnStretch } from '../dsp/drawn-envelope.js';
export type { GainEnvelope, GainPoint, MaskMode, MaskShape } from '../dsp/gain-envelope.js';

/** What of the recording is muted, ducked or soloed. Follows the regions: moved ones move it, rejected ones leave it. */
export interface Mask extends MaskShape {
  readonly mode: MaskMode;
  /** Whether it takes all regions, those that are found later too; then the two lists are empty. */
  readonly everything: boolean;
  /** Prompts whose regions it takes. */
  readonly promptIds: readonly string[];
  /** Regions that it takes beside those of the prompts. */
  readonly regionIds: readonly string[];
  /** Whether it acts on all but those. */
  readonly inverted: boolean;
  /** Where the envelope was drawn by hand; there no region moves it. Sorted, apart from each other. */
  readonly drawn: readonly DrawnStretch[];
}

/** A mask as scripts ask for it; times in seconds. */
export interface MaskOptions extends Partial<MaskShape> {
  readonly mode: MaskMode;
  /** Texts of the prompts whose regions are masked. Default, without `regions`: all that was found. */
  readonly prompts?: readonly string[];
  /** Regions, or their ids. */
  readonly regions?: readonly (string | { readonly id: string })[];
  /** Whether all but those are masked. Default false. */
  readonly inverted?: boolean;
  /** Attack and release in one. */
  readonly fade?: number;
}

/**
 * The fades of a new mask: long enough for no click to be heard, and short enough to take nothing of the sounds beside.
 * Padding and hold cover what boxes leave out: onsets are found some hundredths of a second late, and the ends of
 * sounds that die away a tenth of a second early (measured in docs/masking.md).
 */
export const DEFAULT_SHAPE: Readonly<Omit<MaskShape, 'floor'>> = {
  attack: 0.01,
  hold: 0.1,
  release: 0.05,
  padding: 0.05,
};

/** Longest fade, hold or padding in seconds. */
export const MAX_MASK_TIME = 60;

/** How deep a new mask goes, in dB. */
export const DEFAULT_FLOORS: Readonly<Record<MaskMode, number>> = { mute: -Infinity, duck: -12, solo: -Infinity };
