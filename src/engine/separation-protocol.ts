import type { SampleRange } from '../dsp/span-position.js';
import type { SampleFormat } from '../formats/sample-format.js';
import type { EarmarkErrorCode } from './errors.js';
import type { RenderInput } from './render-protocol.js';
import type { Occlusions, SeparationMethod } from './separate-events.js';

/** One worker separates one recording once. */
export type ToSeparationWorker =
  | {
      readonly type: 'separate';
      /** The recording twice: to be copied from, and to be heard around the events, which is further ahead. */
      readonly inputs: readonly [RenderInput, RenderInput];
      readonly spans: readonly SampleRange[];
      readonly method: SeparationMethod;
      /** Whether the page judges components; it is asked by `occlusions` and answers by `support`. */
      readonly judged: boolean;
      /** Names of the files in the private file system. */
      readonly storageNames: { readonly target: string; readonly residual: string };
    }
  | { readonly type: 'support'; readonly support: readonly number[] }
  /** The judge failed: the worker stops, as if it were cancelled. */
  | { readonly type: 'cancel' };

/** `ready` comes once, unasked, when the worker has been loaded. */
export type FromSeparationWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'occlusions'; readonly occlusions: Occlusions }
  | { readonly type: 'done'; readonly target: Blob; readonly residual: Blob; readonly sampleFormat: SampleFormat }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly code: EarmarkErrorCode; readonly message: string };
