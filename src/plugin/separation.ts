import type { SeparationMethod } from '../engine/separate-events.js';
import type { JobFile } from './job.js';

export type { SeparationMethod } from '../engine/separate-events.js';

/** How a separation is asked for. */
export interface SeparateOptions {
  /** Text or id of the prompt whose regions hold the target; a text that has not been asked for yet is searched. */
  readonly prompt: string;
  /** Default: see {@link DEFAULT_SEPARATION_METHOD}. */
  readonly method?: SeparationMethod | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 0…1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Two files of the recording's format and length that add up to it. */
export interface SeparatedFiles {
  /** What was asked for. */
  readonly target: File;
  /** All else. */
  readonly residual: File;
}

/** What can be listened to. */
export type SeparationPart = 'target' | 'residual' | 'mix';

export const SEPARATION_PARTS: readonly SeparationPart[] = ['target', 'residual', 'mix'];

/** What measures best on the project's mixes, see docs/separation.md. */
export const DEFAULT_SEPARATION_METHOD: SeparationMethod = 'nmf';

export const SEPARATION_METHODS: readonly SeparationMethod[] = ['gate', 'band', 'nmf'];

/** The last separation of the open recording, until it is dismissed. */
export interface SeparationState {
  /** Text of the prompt. */
  readonly prompt: string;
  readonly method: SeparationMethod;
  readonly target: JobFile;
  readonly residual: JobFile;
  /** What is being played; null when nothing is. */
  readonly listening: SeparationPart | null;
}
