import type { MaskMode, MaskShape } from '../dsp/gain-envelope.js';

export type { GainEnvelope, GainPoint, MaskMode, MaskShape } from '../dsp/gain-envelope.js';

/** What of the recording is muted, ducked or soloed. Follows the regions: moved ones move it, rejected ones leave it. */
export interface Mask extends MaskShape {
  readonly mode: MaskMode;
  /** Prompts whose regions it takes. Neither prompts nor regions: all regions. */
  readonly promptIds: readonly string[];
  /** Regions that it takes beside those of the prompts. */
  readonly regionIds: readonly string[];
}

/** A mask as scripts ask for it; times in seconds. */
export interface MaskOptions extends Partial<MaskShape> {
  readonly mode: MaskMode;
  /** Texts of the prompts whose regions are masked. Default, without `regions`: all that was found. */
  readonly prompts?: readonly string[];
  /** Regions, or their ids. */
  readonly regions?: readonly (string | { readonly id: string })[];
  /** Attack and release in one. */
  readonly fade?: number;
}
