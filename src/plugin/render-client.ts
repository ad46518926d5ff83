import { abortError, EarmarkError } from '../engine/errors.js';
import type { RenderPlan, RenderReport } from '../engine/render-plan.js';
import type { FromRenderWorker, RenderInput, ToRenderWorker } from '../engine/render-protocol.js';
import { removeRender } from '../engine/render-storage.js';
import type { CreateWorker } from './audio/decode-client.js';

/** How long a worker that was told to stop may take to clean up after itself, in milliseconds. */
const CLEANUP_MS = 2000;

export interface RenderTask {
  readonly input: RenderInput;
  readonly plan: RenderPlan;
  /** Where to write; null for the private file system. */
  readonly destination: FileSystemFileHandle | null;
  /** Name in the private file system; see `renderLock`. */
  readonly storageName: string;
  /** Where `render.worker.js` is. */
  readonly assetBase: URL;
  readonly signal: AbortSignal;
  /** 0…1. */
  readonly onProgress: (fraction: number) => void;
  /** Starts the worker; default: a module worker. */
  readonly createWorker?: CreateWorker;
}

/**
 * Has a worker of its own make a file. When it fails or is cancelled nothing is left of the file.
 *
 * @throws EarmarkError what opening the recording throws, `storage-full`, `storage-denied`, `worker-missing`,
 *   `worker-crashed`
 * @throws DOMException `AbortError`, at once: the worker cleans up after that
 */
export async function renderInWorker(task: RenderTask): Promise<{ file: Blob; report: RenderReport }> {
  const { input, plan, destination, storageName, assetBase, signal, onProgress } = task;
  signal.throwIfAborted();
  const url = new URL('render.worker.js', assetBase);
  const worker = startWorker(url, task.createWorker);
  const end = (): void => worker.terminate();
  let isReady = false;
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      reject(abortError());
      worker.postMessage({ type: 'cancel' } satisfies ToRenderWorker);
      const timer = setTimeout(() => {
        end();
        void removeRender(storageName);
      }, CLEANUP_MS);
      worker.addEventListener('message', ({ data }: MessageEvent<FromRenderWorker>) => {
        if (data.type === 'ready' || data.type === 'progress') return;
        clearTimeout(timer);
        end();
        // It may have been done a moment before it heard of it.
        void removeRender(storageName);
      });
    };
    signal.addEventListener('abort', cancel, { once: true });
    const settle = (): void => {
      signal.removeEventListener('abort', cancel);
      end();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<FromRenderWorker>) => {
      if (signal.aborted) return;
      switch (data.type) {
        case 'ready': {
          isReady = true;
          const message: ToRenderWorker = { type: 'render', input, plan, destination, storageName };
          worker.postMessage(message, [input.port]);
          return;
        }
        case 'progress':
          return onProgress(data.fraction);
        case 'done':
          settle();
          return resolve({ file: data.file, report: data.report });
        case 'cancelled':
          settle();
          return reject(abortError());
        case 'failed':
          settle();
          return reject(new EarmarkError(data.code, data.message));
      }
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      settle();
      void removeRender(storageName);
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
  const message = `What writes files could not be loaded from ${url.href}. Reload the page, or set the option assetBase to a copy of the package's dist/.`;
  return new EarmarkError('worker-missing', message, { cause });
}

function crashed(): EarmarkError {
  return new EarmarkError(
    'worker-crashed',
    'Writing the file stopped unexpectedly. Try again; nothing was kept of it.',
  );
}
