import type { SampleRange } from '../dsp/span-position.js';
import { abortError, EarmarkError } from '../engine/errors.js';
import type { RenderInput } from '../engine/render-protocol.js';
import { removeRender } from '../engine/render-storage.js';
import type { OcclusionJudge, SeparationMethod } from '../engine/separate-events.js';
import type { FromSeparationWorker, ToSeparationWorker } from '../engine/separation-protocol.js';
import type { CreateWorker } from './audio/decode-client.js';

/** How long a worker that was told to stop may take to clean up after itself, in milliseconds. */
const CLEANUP_MS = 2000;

export interface SeparationTask {
  /** The recording twice, for two readers. */
  readonly inputs: readonly [RenderInput, RenderInput];
  readonly spans: readonly SampleRange[];
  readonly method: SeparationMethod;
  /** Chooses among the components of `nmf`; null leaves the choice to the surroundings alone. */
  readonly judge: OcclusionJudge | null;
  /** Names in the private file system; see `renderLock`. */
  readonly storageNames: { readonly target: string; readonly residual: string };
  /** Where `separation.worker.js` is. */
  readonly assetBase: URL;
  readonly signal: AbortSignal;
  /** 0…1. */
  readonly onProgress: (fraction: number) => void;
  /** Starts the worker; default: a module worker. */
  readonly createWorker?: CreateWorker;
}

/**
 * Has a worker of its own separate a recording. When it fails or is cancelled nothing is left of the files.
 *
 * @throws EarmarkError what opening the recording and the judge throw, `storage-full`, `worker-missing`,
 *   `worker-crashed`
 * @throws DOMException `AbortError`, at once: the worker cleans up after that
 */
export async function separateInWorker(task: SeparationTask): Promise<{ target: Blob; residual: Blob }> {
  const { inputs, spans, method, judge, storageNames, assetBase, signal, onProgress } = task;
  signal.throwIfAborted();
  const url = new URL('separation.worker.js', assetBase);
  const worker = startWorker(url, task.createWorker);
  const send = (message: ToSeparationWorker, transfer: Transferable[] = []): void =>
    worker.postMessage(message, transfer);
  let isReady = false;
  let isOver = false;
  return new Promise((resolve, reject) => {
    const discard = (): void => {
      worker.terminate();
      void removeRender(storageNames.target);
      void removeRender(storageNames.residual);
    };
    /** Lets the worker clean up after itself, for a while. */
    const stop = (reason: unknown): void => {
      if (isOver) return;
      finish();
      reject(reason as Error);
      send({ type: 'cancel' });
      const timer = setTimeout(discard, CLEANUP_MS);
      worker.addEventListener('message', ({ data }: MessageEvent<FromSeparationWorker>) => {
        if (data.type !== 'done' && data.type !== 'cancelled' && data.type !== 'failed') return;
        clearTimeout(timer);
        // It may have been done a moment before it heard of it.
        discard();
      });
    };
    const cancel = (): void => stop(abortError());
    signal.addEventListener('abort', cancel, { once: true });
    const finish = (): void => {
      isOver = true;
      signal.removeEventListener('abort', cancel);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<FromSeparationWorker>) => {
      if (isOver) return;
      switch (data.type) {
        case 'ready': {
          isReady = true;
          const ports = inputs.map(({ port }) => port);
          return send({ type: 'separate', inputs, spans, method, judged: judge !== null, storageNames }, ports);
        }
        case 'progress':
          return onProgress(data.fraction);
        case 'occlusions':
          return void judge?.(data.occlusions, signal).then((support) => send({ type: 'support', support }), stop);
        case 'done':
          finish();
          worker.terminate();
          return resolve({ target: data.target, residual: data.residual });
        case 'cancelled':
          finish();
          worker.terminate();
          return reject(abortError());
        case 'failed':
          finish();
          worker.terminate();
          return reject(new EarmarkError(data.code, data.message));
      }
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (isOver) return;
      finish();
      discard();
      reject(isReady ? crashed() : missing(url));
    });
  });
}

function startWorker(url: URL, createWorker: CreateWorker = (at) => new Worker(at, { type: 'module' })): Worker {
  try {
    return createWorker(url);
  } catch (error) {
    throw missing(url, error);
  }
}

function missing(url: URL, cause?: unknown): EarmarkError {
  const message = `What separates could not be loaded from ${url.href}. Reload the page, or set the option assetBase to a copy of the package's dist/.`;
  return new EarmarkError('worker-missing', message, { cause });
}

function crashed(): EarmarkError {
  return new EarmarkError('worker-crashed', 'Separating stopped unexpectedly. Try again; nothing was kept of it.');
}
