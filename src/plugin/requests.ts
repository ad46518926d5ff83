import type { PromptPolarity } from './prompt.js';
import type { RegionStatus } from './region.js';

/** What a view or a script can ask for. Bad values are refused with an `EarmarkError`, and nothing changes. */
export type EarmarkRequest =
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
  | { readonly type: 'backend'; readonly backend: 'auto' | 'wasm' | 'webgpu' }
  | { readonly type: 'dismiss-notice'; readonly id: string };
