import type { Hertz, Samples } from '../dsp/units.js';
import type { EarmarkErrorCode } from './errors.js';
import type { RenderPlan, RenderReport } from './render-plan.js';

/** What is rendered. */
export interface RenderInput {
  /** Decoded by the worker where it can; null for recordings that were never encoded. */
  readonly file: Blob | null;
  /** The recording as the page reads it, for what the worker cannot decode; see `servePort`. */
  readonly port: MessagePort;
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  readonly length: Samples;
}

/** One worker makes one file. */
export type ToRenderWorker =
  | {
      readonly type: 'render';
      readonly input: RenderInput;
      readonly plan: RenderPlan;
      /** Where to write; without it into the private file system as `storageName`. */
      readonly destination: FileSystemFileHandle | null;
      readonly storageName: string;
    }
  /** Answered by `cancelled` when nothing is left of the file. */
  | { readonly type: 'cancel' };

/** `ready` comes once, unasked, when the worker has been loaded. */
export type FromRenderWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done'; readonly file: Blob; readonly report: RenderReport }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly code: EarmarkErrorCode; readonly message: string };

/** What the worker asks for through the port, one stretch after the other. */
export interface PortRead {
  readonly start: Samples;
  readonly count: Samples;
}

export type PortReply =
  { readonly channels: Float32Array<ArrayBuffer>[] } | { readonly code: EarmarkErrorCode; readonly message: string };
