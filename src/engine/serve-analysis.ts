// The inside of an analysis worker: one model, either the audio or the text side, and a queue of jobs.
import { AudioModel } from './audio-model.js';
import { givesFrameEmbeddings } from './clap-frame-embeddings.js';
import { OtherFileError, readVerified } from './described-file.js';
import type { EarmarkErrorCode } from './errors.js';
import { EarmarkError } from './errors.js';
import { hashFile } from './hash-file.js';
import type { ModelRuntime } from './model-runtime.js';
import type { AnalyseSpan, Failure, FromWorker, ToWorker, WorkerReply, WorkerRequest } from './protocol.js';
import { TextModel } from './text-model.js';

/** The part of a dedicated worker's global scope that is used. */
export interface WorkerScope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}

/**
 * Resolves in a task of its own, so that messages (a cancellation, above all) get their turn: an inference on WASM
 * resolves in microtasks and would starve them.
 */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}

function describeFailure(error: unknown, request: WorkerRequest): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof EarmarkError) {
    const isOtherFile = error instanceof OtherFileError;
    return { type: 'failed', code: error.code, message, fatal: false, ...(isOtherFile && { isOtherFile }) };
  }
  const failure = (code: EarmarkErrorCode, text: string): Failure => ({
    type: 'failed',
    code,
    message: text,
    fatal: true,
  });
  if (/out of memory|bad_alloc|allocation failed|could not allocate/i.test(message)) {
    return failure(
      'out-of-memory',
      `The browser ran out of memory (${message}). Close other tabs, or use a shorter recording.`,
    );
  }
  // Some operations are refused only when they run, 8-bit ones above all.
  if (request.type === 'self-test' || request.type === 'inspect-graph')
    return failure('model-corrupt', `The model cannot run here (${message}).`);
  if (!('wasmUrl' in request))
    return failure('worker-crashed', `The model stopped with an error (${message}). Try again.`);
  // What onnxruntime-web says when it cannot start itself, before it looks at the model.
  if (message.includes('no available backend')) {
    return failure(
      'worker-missing',
      `The model's runtime ${request.wasmUrl} could not be started (${message}). Check that Earmark's files were copied there and that the page's content security policy allows 'wasm-unsafe-eval'.`,
    );
  }
  return failure(
    'model-corrupt',
    `The model could not be started (${message}). Reload the page; if it happens again, copy the model's folder again.`,
  );
}

/** Answers the page's requests, one after another, until the worker is terminated. */
export function serveAnalysis(scope: WorkerScope, runtime: ModelRuntime): void {
  let audioModel: AudioModel | null = null;
  let textModel: TextModel | null = null;
  /** Requests that have not been closed. */
  const open = new Map<number, AbortController>();
  let queue: Promise<void> = Promise.resolve();

  const loaded = <Model>(model: Model | null): Model => {
    if (model === null) throw new Error('The model has not been loaded.');
    return model;
  };

  async function analyse(job: number, span: AnalyseSpan, signal: AbortSignal): Promise<WorkerReply> {
    for await (const result of loaded(audioModel).analyse(span, signal)) {
      scope.postMessage({ job, ...result }, [result.frames.buffer, result.clip.buffer, result.levels.buffer]);
      await nextTask();
      if (signal.aborted) return { type: 'cancelled' };
    }
    return { type: 'done' };
  }

  async function answer(job: number, request: WorkerRequest, signal: AbortSignal): Promise<WorkerReply> {
    switch (request.type) {
      case 'load-audio-model':
        audioModel = await AudioModel.load(runtime, request);
        return { type: 'done' };
      case 'load-text-model':
        textModel = await TextModel.load(runtime, request);
        return { type: 'done' };
      case 'inspect-graph':
        return {
          type: 'inspected',
          givesFrames: givesFrameEmbeddings(new Uint8Array(await readVerified(request.graph))),
        };
      case 'hash-file':
        return { type: 'hashed', value: await hashFile(request.content, request.algorithm, signal) };
      case 'embed-text':
        return loaded(textModel).embed(request.text);
      case 'self-test':
        return loaded(audioModel).selfTest(request);
      default:
        return analyse(job, request, signal);
    }
  }

  async function run(job: number, request: WorkerRequest, signal: AbortSignal): Promise<void> {
    let reply: WorkerReply;
    try {
      reply = signal.aborted ? { type: 'cancelled' } : await Promise.race([answer(job, request, signal), runtime.lost]);
    } catch (error) {
      reply = signal.aborted ? { type: 'cancelled' } : describeFailure(error, request);
    }
    open.delete(job);
    scope.postMessage({ job, ...reply }, []);
  }

  scope.addEventListener('message', ({ data }) => {
    if (data.type === 'cancel') {
      open.get(data.job)?.abort();
      return;
    }
    const controller = new AbortController();
    open.set(data.job, controller);
    queue = queue.then(() => run(data.job, data, controller.signal)).then(nextTask);
  });
}
