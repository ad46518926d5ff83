import type { GainEnvelope } from '../dsp/gain-envelope.js';
import type { Samples } from '../dsp/units.js';
import type { SampleFormat } from '../formats/sample-format.js';
import type { WavMarker } from '../formats/wav-cues.js';

/** A WAV file to be made of a recording. */
export interface RenderOutput {
  readonly name: string;
  /** First sample of the recording that it takes. */
  readonly start: Samples;
  /** End of what it takes, exclusive; greater than `start`. */
  readonly end: Samples;
  /** Gain in the recording's time: sample *i* has that of `i / sampleRate` seconds. Where it is 1, samples stay as they are. */
  readonly envelope: GainEnvelope;
  /**
   * Indices of outputs over the same stretch, earlier in the plan, that are taken off what this one would be: files of
   * integers then add up to the recording exactly, files of floats within the rounding of an addition each.
   */
  readonly minus?: readonly number[];
  /** Cue points to write, positions in the recording. */
  readonly markers?: readonly WavMarker[];
}

/** Files to be made in one pass over a recording. */
export interface RenderPlan {
  /** At least one, sorted by `start`. Names are different. */
  readonly outputs: readonly RenderOutput[];
  /** "source": the depth of the recording itself, see {@link RenderReport.sampleFormat}. */
  readonly sampleFormat: SampleFormat | 'source';
  /** Packs the files into one archive; otherwise there has to be exactly one. */
  readonly zip: boolean;
}

/** What is to be known of a rendered file. */
export interface RenderReport {
  readonly sampleFormat: SampleFormat;
  /** Samples of all files that were beyond full scale and are held at it; 0 for floats, which have no full scale. */
  readonly clippedSamples: number;
  /** Where the recording ended before its length said so: what is missing is silence. Null where all was there. */
  readonly sourceEndedAt: Samples | null;
  /** Ids of chunks of the source that were too large to be carried along. */
  readonly chunksLeftOut: readonly string[];
}
