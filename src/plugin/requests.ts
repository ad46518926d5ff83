import type { GainPoint, MaskMode, MaskShape } from './mask.js';
import type { ModelOrigin } from './models-state.js';
import type { PromptPolarity } from './prompt.js';
import type { RegionPart, RegionStatus } from './region.js';
import type { RenderSettings } from './render.js';
import type { SeparationMethod, SeparationPart } from './separation.js';
import type { SplitClassInit, SplitMode } from './split.js';

/** What a view or a script can ask for. Bad values are refused with an `EarmarkError`, and nothing changes. */
export type EarmarkRequest = FindRequest | ActionRequest;

/** What is needed to find, and to look through what was found. */
export type FindRequest =
  | { readonly type: 'prompt-add'; readonly text: string; readonly polarity?: PromptPolarity }
  | { readonly type: 'prompt-remove'; readonly id: string }
  | { readonly type: 'prompt-edit'; readonly id: string; readonly text: string }
  /** `transient`: in the middle of a drag; only the last value becomes an undo step. */
  | { readonly type: 'sensitivity'; readonly id: string; readonly value: number; readonly transient?: boolean }
  | { readonly type: 'region-status'; readonly ids: readonly string[]; readonly status: RegionStatus }
  | { readonly type: 'region-rename'; readonly ids: readonly string[]; readonly label: string }
  | {
      readonly type: 'region-move';
      readonly id: string;
      readonly start: number;
      readonly end: number;
      readonly transient?: boolean;
    }
  | { readonly type: 'region-delete'; readonly ids: readonly string[] }
  | { readonly type: 'region-add'; readonly start: number; readonly end: number; readonly label: string }
  | { readonly type: 'select'; readonly ids: readonly string[]; readonly active?: string | null }
  /** Plays a region once, from `preRoll` seconds before it (default .25). */
  | { readonly type: 'play-region'; readonly id: string; readonly preRoll?: number }
  | { readonly type: 'loop-region'; readonly id: string | null }
  | { readonly type: 'step-region'; readonly direction: 1 | -1 }
  | { readonly type: 'play-pause' }
  | { readonly type: 'seek'; readonly time: number }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  | { readonly type: 'cancel-analysis' }
  | { readonly type: 'restart-analysis' }
  /** Hears one channel by itself, from 0, or, with null, the mean of all. What was decided about regions stays. */
  | { readonly type: 'channel'; readonly channel: number | null }
  | { readonly type: 'backend'; readonly backend: 'auto' | 'wasm' | 'webgpu' }
  | { readonly type: 'dismiss-notice'; readonly id: string };

/** What can be done with what was found; the code for it is loaded with the first of these. */
export type ActionRequest =
  /** Splits regions in two at `time`, seconds of the source (default: the playhead); without `ids`, all that lie there. */
  | { readonly type: 'region-split'; readonly ids?: readonly string[]; readonly time?: number }
  | { readonly type: 'region-merge'; readonly ids: readonly string[] }
  /**
   * Moves regions, or one side of each, by `by` milliseconds or frames of the score curve, or to the next zero crossing
   * on the side that the sign of `by` says. Transient ones are part of a run; one by 0 ends it.
   */
  | {
      readonly type: 'region-nudge';
      readonly ids: readonly string[];
      readonly part: RegionPart;
      readonly by: number;
      readonly unit: 'ms' | 'frame' | 'zero-crossing';
      readonly transient?: boolean;
    }
  /** Moves both edges into the valleys of the prompt's score curve. */
  | { readonly type: 'region-snap'; readonly ids: readonly string[] }
  /** Copies regions to the prompt that asks for `label`, or under that name alone. */
  | { readonly type: 'region-copy'; readonly ids: readonly string[]; readonly label: string }
  /** Adds regions to what is muted, or takes them out where all of them are. */
  | { readonly type: 'region-silence'; readonly ids: readonly string[] }
  /**
   * Marks where a region begins or ends, at `time`, seconds of the source (default: the playhead). With both sides
   * marked the region is made, under the name `label`; null forgets the mark.
   */
  | {
      readonly type: 'region-mark';
      readonly side: 'in' | 'out' | null;
      readonly label: string;
      readonly time?: number;
    }
  /**
   * Puts a mask on, or changes it: what is not given stays as it is, and a new mask takes everything. `mode: null` takes
   * it off.
   */
  | ({
      readonly type: 'mask-set';
      readonly mode: MaskMode | null;
      /** Takes all regions; `prompts` and `regions` are of no account then. */
      readonly everything?: boolean;
      /** Ids; with `regions` the whole of what is masked. */
      readonly prompts?: readonly string[];
      /** Ids; with `prompts` the whole of what is masked. */
      readonly regions?: readonly string[];
      /** Acts on all but those. */
      readonly inverted?: boolean;
    } & Partial<MaskShape>)
  /**
   * Draws the envelope of the mask by hand, from the first point to the last one; null leaves all of it to the mask
   * again. `transient`: in the middle of a drag.
   */
  | { readonly type: 'mask-draw'; readonly points: readonly GainPoint[] | null; readonly transient?: boolean }
  /** A/B: the recording as it is, while `bypassed`. */
  | { readonly type: 'mask-bypass'; readonly bypassed: boolean }
  /** Files regions, prompts with all their regions, or classes of the split under a CatID of UCS; null takes it back. */
  | {
      readonly type: 'ucs-set';
      readonly catId: string | null;
      /** Ids. */
      readonly classes?: readonly string[];
      /** Ids. */
      readonly prompts?: readonly string[];
      /** Ids. */
      readonly regions?: readonly string[];
    }
  | SplitRequest
  /** Opens a project file; where another recording is open, it waits for its own. */
  | { readonly type: 'project-open'; readonly file: Blob }
  /** Opens a project that is kept on this device, with its recording where that is kept too. */
  | { readonly type: 'project-reopen'; readonly id: string }
  /** Opens the recording of the project that waits for it: a chosen file, or without one what is kept. */
  | { readonly type: 'project-recording'; readonly file?: File }
  /** Puts the project that waits for its recording on the one that is open. */
  | { readonly type: 'project-apply' }
  /** Forgets the project that waits for its recording. */
  | { readonly type: 'project-dismiss' }
  /** Begins anew on the same recording; what is kept stays kept. */
  | { readonly type: 'project-fresh' }
  /** Deletes kept projects, and the recordings that no other project is about. There is no undo. */
  | { readonly type: 'project-delete'; readonly ids: readonly string[] }
  /** Shows in the state which models there are. */
  | { readonly type: 'model-list' }
  /**
   * Asks what a model would take; nothing of it is downloaded. Without `from` what the model in use lacks: all of it,
   * the rest, or the graph that this browser can compute.
   */
  | { readonly type: 'model-offer'; readonly from?: ModelOrigin }
  /** Downloads the model that is offered, from where an earlier attempt ended, and puts it to use. */
  | { readonly type: 'model-download' }
  /** Ends the asking or the download, and forgets the offer; what has been downloaded is kept. */
  | { readonly type: 'model-cancel' }
  /** Puts another model to use: `pocket`, the key of a kept one, or that of the page's own. Prompts and kept regions stay. */
  | { readonly type: 'model-use'; readonly model: string }
  /** Switches fine mode; where that takes a file that is not here, it is offered first. */
  | { readonly type: 'model-fine'; readonly fine: boolean }
  /** Deletes a kept model, by its key. */
  | { readonly type: 'model-delete'; readonly model: string }
  /** Makes a file, as the job; see `Earmark.render`. */
  | ({ readonly type: 'render' } & RenderSettings)
  /** Separates the target of a prompt from the rest, as the job; see `Earmark.separate`. */
  | { readonly type: 'separate'; readonly prompt: string; readonly method?: SeparationMethod }
  /** Plays what was separated, around an event and over and over, or ends that. */
  | { readonly type: 'separation-listen'; readonly part: SeparationPart | null }
  /** Forgets what was separated, and its files. */
  | { readonly type: 'separation-dismiss' }
  | { readonly type: 'job-cancel' }
  /** Forgets the job that has ended, and its file. */
  | { readonly type: 'job-dismiss' };

/** Dividing the recording by class. */
export type SplitRequest =
  /** Splits the recording by class; without `classes` changes how the one is made that there is. */
  | {
      readonly type: 'split-set';
      readonly classes?: readonly SplitClassInit[];
      readonly mode?: SplitMode;
      /** Seconds, 0…60. */
      readonly switchingCost?: number;
    }
  | { readonly type: 'split-clear' }
  | { readonly type: 'split-class-rename'; readonly id: string; readonly label: string }
  /** The others become part of the first. */
  | { readonly type: 'split-class-merge'; readonly ids: readonly string[] }
  | { readonly type: 'split-class-hide'; readonly id: string; readonly hidden: boolean }
  /** Turns the segments of the classes that are not hidden into regions. */
  | { readonly type: 'split-to-regions' }
  /** Saves the classes of the split under a name, over those that had it. */
  | { readonly type: 'split-preset-save'; readonly name: string }
  | { readonly type: 'split-preset-delete'; readonly name: string }
  /** Shows the saved classes in the state. */
  | { readonly type: 'split-preset-list' };
