import type { Presence } from '../detection/detection.js';
import type { ScoreCurve } from '../detection/score-curve.js';
import type { SoundEventBox } from '../detection/sound-event-box.js';
import type { AnalysisProgress, BackendChoice, UnderstoodClass } from '../engine/embedding-engine.js';
import type { EarmarkErrorCode } from '../engine/errors.js';
import type { ModelDescriptor } from '../engine/model-descriptor.js';
import type { SampleFormat } from '../formats/sample-format.js';
import type { JobState } from './job.js';
import type { GainEnvelope, Mask } from './mask.js';
import type { ModelReference, ModelsState } from './models-state.js';
import type { ProjectState } from './project-state.js';
import type { Prompt } from './prompt.js';
import type { Region } from './region.js';
import type { SeparationState } from './separation.js';
import type { SplitPreset, SplitState } from './split.js';

/** What happened and what to do, ready to show. */
export interface Notice {
  readonly id: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly code?: EarmarkErrorCode;
}

export interface SourceState {
  /** Identifies the recording among those opened in this session. */
  readonly id: string;
  /** File name, or what the host calls it. */
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  /** Hz, as recorded. */
  readonly sampleRate: number;
  readonly channelCount: number;
  /** What of the formats of WAV files holds its samples as they are. Default `float32`. */
  readonly sampleFormat?: SampleFormat;
}

/** How far the analysis of the current source has come. */
export type AnalysisState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'opening' }
  | { readonly phase: 'running'; readonly progress: AnalysisProgress }
  | {
      readonly phase: 'done';
      /** Wall-clock seconds the analysis took. */
      readonly elapsedSeconds: number;
      readonly fromCache: boolean;
      /** Share of it, 0…1, that an earlier, interrupted analysis had come to. Absent where none had. */
      readonly continuedAt?: number;
      /** Whether the next visit will find it on the device. */
      readonly kept: boolean;
    }
  | { readonly phase: 'cancelled'; readonly fraction: number }
  | { readonly phase: 'failed'; readonly code: EarmarkErrorCode; readonly message: string };

export interface ModelState {
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  /** What is loaded, or failed to be; null before the first. */
  readonly asked: ModelReference | null;
  readonly descriptor: ModelDescriptor | null;
  readonly choice: BackendChoice | null;
}

/** One prompt with all that is known about it. */
export interface PromptState extends Prompt {
  readonly phase: 'encoding' | 'ready' | 'failed';
  /** Why it failed, ready to show. */
  readonly message?: string;
  /** What the model took the prompt for, best first. */
  readonly understood: readonly UnderstoodClass[];
  /** Grows while the analysis runs: a new object at every change, NaN where nothing is known yet; null before the first. */
  readonly curve: ScoreCurve | null;
  /** All boxes, hits or not; sorted by start. */
  readonly boxes: readonly SoundEventBox[];
  /** Null until the whole recording has been analysed. */
  readonly presence: Presence | null;
  /** Boxes that the sensitivity lets through. 0 and `presence.present === false`: "not found". */
  readonly hitCount: number;
}

export interface RegionMark {
  readonly side: 'in' | 'out';
  /** Seconds of the source. */
  readonly time: number;
}

export interface HistoryState {
  /** Name of the edit that undo would take back, e.g. "Reject 3 hits"; null when there is none. */
  readonly undo: string | null;
  readonly redo: string | null;
}

/** Everything a view needs, frozen. Parts that did not change keep their identity from one state to the next. */
export interface EarmarkState {
  readonly source: SourceState | null;
  /** The channel of the recording that is heard by itself, from 0; null: the mean of all. */
  readonly channel: number | null;
  readonly analysis: AnalysisState;
  readonly model: ModelState;
  readonly prompts: readonly PromptState[];
  /** Sorted by start. Candidates are those of the current sensitivities; "weak candidates" (prompt not found) are not among them. */
  readonly regions: readonly Region[];
  readonly selectedRegionIds: ReadonlySet<string>;
  /** The region that Enter, A, X, … act on; also the one that is looping when `looping`. */
  readonly activeRegionId: string | null;
  readonly looping: boolean;
  /** The side of a region to be that has been marked, until the other one is; null when none is. */
  readonly mark: RegionMark | null;
  /** What is muted, ducked or soloed; null when nothing is. */
  readonly mask: Mask | null;
  /** Whether the mask is passed by, to hear the recording as it is. */
  readonly maskBypassed: boolean;
  /** Gain of the mask in seconds of the source; null without a mask, and until its code is loaded. */
  readonly gainEnvelope: GainEnvelope | null;
  /** The division by class, and what has come of it so far; null without one. */
  readonly split: SplitState | null;
  /** Classes that the user has saved under a name; null until they are asked for. */
  readonly splitPresets: readonly SplitPreset[] | null;
  /** What was separated last; null when nothing was, or it was dismissed. */
  readonly separation: SeparationState | null;
  /** Long work in progress, or its result until that is dismissed; null when there is none. */
  readonly job: JobState | null;
  /** Where the work is kept; null until something is kept or opened. */
  readonly project: ProjectState | null;
  /** The models that can be chosen; null until they are asked for. */
  readonly models: ModelsState | null;
  readonly history: HistoryState;
  readonly notices: readonly Notice[];
}
