import type { EarmarkErrorCode } from '../engine/errors.js';

/** Long work on a recording that ends in a file, or in something to listen to. */
export type JobKind = 'render' | 'separate';

/** What a job made. */
export interface JobFile {
  /** May lie on disk: a `File` that was streamed there. */
  readonly blob: Blob;
  /** What to call it when it is saved. */
  readonly name: string;
}

/** The one job that is running, or has ended and not been dismissed. */
export interface JobState {
  readonly id: string;
  readonly kind: JobKind;
  readonly phase: 'running' | 'done' | 'failed';
  /** What is being made, ready to show, e.g. "street, dog bark muted.wav". */
  readonly label: string;
  /** 0…1. */
  readonly fraction: number;
  /** Seconds still needed; null until there is something to judge by, and at the end. */
  readonly etaSeconds: number | null;
  /** Set when `phase` is `done` and a file came of it. */
  readonly file: JobFile | null;
  /** Why it failed, ready to show. */
  readonly message: string | null;
  readonly code: EarmarkErrorCode | null;
}
