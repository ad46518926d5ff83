import { OtherFileError } from './described-file.js';
import { abortError, EarmarkError } from './errors.js';
import type { FromWorker, ToWorker, WorkerReply, WorkerRequest, WindowResult } from './protocol.js';

/** The part of `Worker` that is used. */
export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

export interface WorkerClientOptions {
  /** The worker's script, for messages. */
  readonly url: URL;
  readonly createWorker: (url: URL) => WorkerLike;
  /** Has a fresh worker load what it needs before it can work. */
  readonly load: (post: PostToWorker) => Promise<unknown>;
  /** An idle worker is ended after this, because its memory comes back only then. Milliseconds, default one minute. */
  readonly idleMs?: number;
}

/**
 * @throws OtherFileError if a file of the request was refused
 * @throws EarmarkError `worker-missing`, `worker-crashed`, or what the worker reports
 */
export type PostToWorker = (request: WorkerRequest) => Promise<WorkerReply>;

export interface RequestOptions {
  readonly transfer?: Transferable[];
  readonly signal?: AbortSignal | undefined;
  /** Called for what comes before the closing message. */
  readonly onWindow?: (result: WindowResult) => void;
}

interface Job {
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
  readonly onWindow: ((result: WindowResult) => void) | undefined;
}

/**
 * One analysis worker, started on first use. If it crashes, everything pending rejects and the next use starts a fresh
 * one; a failed start is not remembered.
 */
export class WorkerClient {
  #worker: WorkerLike | null = null;
  #started: Promise<void> | null = null;
  #ready = false;
  #nextJob = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #jobs = new Map<number, Job>();

  constructor(private readonly options: WorkerClientOptions) {}

  /** Called when the worker has become ready, has closed a request, or has ended. */
  onRoom: (() => void) | null = null;

  /** Whether the model has been loaded. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether the worker is ready or on the way to it. */
  get started(): boolean {
    return this.#started !== null;
  }

  /** Requests that the worker has not closed yet; cancelled ones count until it has stopped working on them. */
  get openJobs(): number {
    return this.#jobs.size;
  }

  /** Starts the worker and loads its model, if that has not been done. */
  start(): Promise<void> {
    if (this.#started === null) {
      const started: Promise<void> = Promise.resolve().then(() => this.#start(() => this.#started === started));
      this.#started = started;
      started.catch((error: unknown) => {
        if (this.#started === started) this.#end(error as Error);
      });
    }
    return this.#started;
  }

  async #start(isWanted: () => boolean): Promise<void> {
    const open = () => {
      if (!isWanted()) throw ended();
      this.#worker ??= this.#create();
    };
    // The worker starts with its first message, because what it is going to load may take long to come, or fail.
    await this.options.load(async (request) => {
      open();
      return this.#post(request, {});
    });
    open();
    this.#ready = true;
    this.#endWhenIdle();
    this.onRoom?.();
  }

  #create(): WorkerLike {
    const { url, createWorker } = this.options;
    const worker = createOrExplain(createWorker, url);
    let spoken = false;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
      spoken = true;
      if (this.#worker === worker) this.#receive(event.data);
    });
    worker.addEventListener('messageerror', () => {
      if (this.#worker === worker) this.#end(crashed('a message could not be read'));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // A script that could not be fetched is reported without a message.
      if (this.#worker === worker) this.#end(spoken || event.message ? crashed(event.message) : missing(url));
    });
    return worker;
  }

  /**
   * @throws DOMException `AbortError` at once when cancelled; the worker stops after its current window
   * @throws EarmarkError `worker-missing`, `worker-crashed`, or what the worker reports
   */
  async request(request: WorkerRequest, options: RequestOptions = {}): Promise<WorkerReply> {
    await this.start();
    if (options.signal?.aborted === true) throw abortError();
    return this.#post(request, options);
  }

  #post(request: WorkerRequest, { transfer = [], signal, onWindow }: RequestOptions): Promise<WorkerReply> {
    const worker = this.#worker;
    if (worker === null) return Promise.reject(crashed('its worker has ended'));
    clearTimeout(this.#idle);
    this.#nextJob += 1;
    const job = this.#nextJob;
    return new Promise((resolve, reject) => {
      const cancel = () => {
        worker.postMessage({ job, type: 'cancel' } satisfies ToWorker);
        reject(abortError());
      };
      const settle = () => signal?.removeEventListener('abort', cancel);
      this.#jobs.set(job, {
        resolve: (reply) => {
          settle();
          resolve(reply);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onWindow: (result) => {
          if (signal?.aborted !== true) onWindow?.(result);
        },
      });
      signal?.addEventListener('abort', cancel);
      worker.postMessage({ job, ...request } satisfies ToWorker, transfer);
    });
  }

  #receive(message: FromWorker): void {
    const job = this.#jobs.get(message.job);
    if (job === undefined) return;
    if (message.type === 'window') {
      job.onWindow?.(message);
      return;
    }
    this.#jobs.delete(message.job);
    if (this.#ready) this.#endWhenIdle();
    this.onRoom?.();
    if (message.type === 'cancelled') job.reject(abortError());
    else if (message.type === 'failed') {
      const error = message.isOtherFile
        ? new OtherFileError(message.message)
        : new EarmarkError(message.code, message.message);
      job.reject(error);
      if (message.fatal) this.#end(error);
    } else job.resolve(message);
  }

  #endWhenIdle(): void {
    if (this.#jobs.size === 0) this.#idle = setTimeout(() => this.end(), this.options.idleMs ?? 60_000);
  }

  /** Ends the worker; what is pending rejects. Further use starts a fresh one. */
  end(): void {
    this.#end(ended());
  }

  #end(reason: Error): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = null;
    this.#started = null;
    this.#ready = false;
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    for (const job of jobs) job.reject(reason);
    this.onRoom?.();
  }
}

function ended(): DOMException {
  return abortError('The worker was ended.');
}

function crashed(detail: string): EarmarkError {
  return new EarmarkError('worker-crashed', `The analysis stopped unexpectedly (${detail}). Try again.`);
}

/** Browsers refuse scripts of another origin with an exception. */
function createOrExplain(createWorker: (url: URL) => WorkerLike, url: URL): WorkerLike {
  try {
    return createWorker(url);
  } catch (error) {
    throw missing(url, error);
  }
}

function missing(url: URL, cause?: unknown): EarmarkError {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return new EarmarkError(
    'worker-missing',
    `The worker script ${url.href} could not be loaded${reason}. Check that Earmark's files were copied there and that assetBase points to them.`,
  );
}
