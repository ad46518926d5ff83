import type { Seconds } from '../dsp/units.js';

/**
 * What is made into files:
 *
 * - `mix`: the recording as the mask leaves it;
 * - `stems`: a file for each class of the split, or without one for each prompt, in which all else is silent;
 * - `target-residual`: what was found, and the recording without it, which add up to the recording;
 * - `regions`: a file for each region.
 */
export type RenderWhat = 'mix' | 'stems' | 'target-residual' | 'regions';

/** Bits a sample: integers of 16 or 24, floats of 32, or what the recording has. */
export type RenderDepth = 'source' | 16 | 24 | 32;

/** A file as it is asked for. */
export interface RenderSettings {
  /** Default `mix`. */
  readonly what?: RenderWhat | undefined;
  /** Texts or ids of the prompts whose regions are taken. Default, without `regions`: all. Not for `mix`. */
  readonly prompts?: readonly string[] | undefined;
  /** Regions that are taken, or their ids. Not for `mix` and `stems`. */
  readonly regions?: readonly (string | { readonly id: string })[] | undefined;
  /** `wav` for what is one file; `zip` for an archive, which several files are always packed into. */
  readonly format?: 'wav' | 'zip' | undefined;
  /** Default `source`, which for lossy and for decoded recordings is 32. Fewer bits than that are dithered. */
  readonly depth?: RenderDepth | undefined;
  /** What files of regions have in front and behind, 0…60; as much of it as the recording has. Default 0. */
  readonly handles?: Seconds | undefined;
  /** Fades at both ends of what is cut out, 0…10; inside of files of regions, around sounds in others. Default .005. */
  readonly fade?: Seconds | undefined;
  /**
   * File names: `{ucs}`, `{prompt}`, `{n}`, `{start}`, `{label}` and `{source}` stand for what they say; without a value
   * they are left out. Default: see {@link DEFAULT_TEMPLATES}.
   */
  readonly template?: string | undefined;
  /** Adds to stems what no class took, so that all together are the recording. Default false. */
  readonly rest?: boolean | undefined;
  /** Writes the regions into files of the whole recording, as cue points. Default false. */
  readonly markers?: boolean | undefined;
  /** Where to write, as `showSaveFilePicker()` gives it. Default: to be saved later. */
  readonly to?: FileSystemFileHandle | undefined;
}

export interface RenderOptions extends RenderSettings {
  readonly signal?: AbortSignal;
}

export const DEFAULT_TEMPLATES: Readonly<Record<RenderWhat, string>> = {
  mix: '{source}_{label}',
  stems: '{ucs}_{label}_{source}',
  'target-residual': '{source}_{prompt} {label}',
  regions: '{ucs}_{label} {n}_{source}',
};

/** Seconds. */
export const DEFAULT_FADE = 0.005;
