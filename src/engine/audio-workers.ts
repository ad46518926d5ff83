import type { DescribedFile } from './described-file.js';
import type { Backend } from './embedding-engine.js';
import { abortError, EarmarkError, isAbortError, type EarmarkErrorCode } from './errors.js';
import type { AnalyseSpan, SelfTestResult, WindowResult } from './protocol.js';
import type { WorkerClient } from './worker-client.js';

/** Workers that die one after another without finishing a window mean that trying again is no use. */
const MOST_CRASHES = 2;
/** A GPU that is lost more often than this in one visit is lost again: the CPU is the better choice. */
const MOST_GPU_LOSSES = 2;
/** Spans that a worker is given at a time: one to work on, and one so that it never waits. */
const SPANS_A_WORKER = 2;

export interface AudioWorkersOptions {
  readonly backend: Backend;
  /** Most workers at a time on the CPU. One is enough for a GPU. */
  readonly limit: number;
  readonly createClient: (backend: Backend) => WorkerClient;
  /** Puts the next graph in the place of one that the CPU cannot use; false if there is none. */
  readonly giveUpGraph: () => boolean;
  /** Told when the GPU failed and the CPU took over. */
  readonly onFellBack: (reason: string) => void;
  /** Told when the GPU was lost, and goes on after it was opened anew. */
  readonly onRegained: (reason: string) => void;
}

/** The workers that hear. Finished spans free them; a crash or a lost GPU is survived by `recover`. */
export class AudioWorkers {
  #backend: Backend;
  #clients: WorkerClient[] = [];
  #waiting: (() => void)[] = [];
  #recovery: Promise<void> | null = null;
  #crashes = 0;
  #gpuLosses = 0;
  #wanted = 1;
  #ended = false;

  constructor(private readonly options: AudioWorkersOptions) {
    this.#backend = options.backend;
  }

  /** Workers at present, ready or not. */
  get count(): number {
    return this.#clients.length;
  }

  /**
   * Makes sure of up to `count` workers; resolves when the first of them can work.
   *
   * @throws EarmarkError if none of them can be started
   */
  async start(count: number): Promise<void> {
    if (this.#ended) throw abortError();
    this.#wanted = count;
    this.#createClients(this.#backend === 'webgpu' ? 1 : Math.min(count, this.options.limit));
    try {
      await Promise.any(this.#clients.map((client) => client.start()));
    } catch (error) {
      const reason = (error as AggregateError).errors[0] as Error;
      // Ended for others to take their place while this was waiting for them.
      if (isAbortError(reason)) return this.start(count);
      if (this.#backend === 'webgpu') this.#fallBack(reason);
      else if (isCode(reason, 'model-corrupt') && this.options.giveUpGraph()) this.#endClients();
      else throw reason;
      await this.start(count);
    }
  }

  /** Resolves when a worker has room for a span. */
  async room(): Promise<void> {
    await this.#freeClient();
  }

  /** Has a span analysed as soon as a worker has room. The span's samples are transferred. */
  async run(span: AnalyseSpan, onWindow: (result: WindowResult) => void, signal: AbortSignal): Promise<void> {
    const client = await this.#freeClient();
    signal.throwIfAborted();
    await client.request(span, {
      transfer: [span.samples.buffer],
      signal,
      onWindow: (result) => {
        this.#crashes = 0;
        onWindow(result);
      },
    });
  }

  /**
   * Has the first worker encode the fixed window of the self-test; a failure is the result, nothing takes over.
   *
   * @param onCpu a graph to encode it with on the CPU of the worker's runtime
   */
  async selfTest(timedRuns: number, onCpu?: DescribedFile): Promise<SelfTestResult> {
    if (this.#ended) throw abortError();
    this.#createClients(1);
    const request = { type: 'self-test', timedRuns, ...(onCpu && { onCpu }) } as const;
    return (await this.#clients[0].request(request)) as SelfTestResult;
  }

  /**
   * Has the first worker hear a window of nothing while nobody waits, so that what the GPU has to compile is there when
   * somebody does. Whoever wants to hear meanwhile aborts it, and does not wait longer than without. A failure is left to
   * those who need the worker.
   */
  async warm(signal: AbortSignal): Promise<void> {
    if (this.#ended || signal.aborted || this.#clients.some((client) => client.started)) return;
    this.#createClients(1);
    await this.#clients[0].request({ type: 'self-test', timedRuns: 0 }, { signal }).catch(() => {});
  }

  /**
   * Starts a worker and gives up graphs that do not load, do not run or give no numbers, as long as there are others.
   *
   * @throws EarmarkError `model-corrupt` if none is left that works
   */
  async checkGraph(): Promise<void> {
    await this.start(1);
    const failure = await this.#graphFailure();
    if (failure === null) return;
    if (!this.options.giveUpGraph()) throw failure;
    this.#endClients();
    await this.checkGraph();
  }

  async #graphFailure(): Promise<Error | null> {
    try {
      const { frames, dimension } = await this.selfTest(0);
      const works = frames.length >= dimension && frames.every(Number.isFinite) && frames.some((value) => value !== 0);
      return works ? null : new EarmarkError('model-corrupt', 'The model gives no numbers here. Use another one.');
    } catch (error) {
      if (isCode(error as Error, 'model-corrupt')) return error as Error;
      throw error;
    }
  }

  /**
   * Gets the workers going again after a failed span, with a fresh worker. A GPU that was lost is opened anew; if it
   * fails again before it has heard a window, or fails otherwise, the CPU takes over.
   *
   * @throws the error itself if trying again would not help
   */
  recover(error: Error): Promise<void> {
    this.#recovery ??= this.#recover(error).finally(() => {
      this.#recovery = null;
    });
    return this.#recovery;
  }

  async #recover(error: Error): Promise<void> {
    const onGpu = this.#backend === 'webgpu';
    if (onGpu && !this.#mayReopenGpu(error)) this.#fallBack(error);
    else if (!isCode(error, 'worker-crashed')) throw error;
    this.#crashes += 1;
    if (this.#crashes > MOST_CRASHES) throw error;
    await this.start(this.#wanted);
    if (onGpu && this.#backend === 'webgpu') this.options.onRegained(error.message);
  }

  #mayReopenGpu(error: Error): boolean {
    this.#gpuLosses += 1;
    return isCode(error, 'worker-crashed') && this.#crashes === 0 && this.#gpuLosses <= MOST_GPU_LOSSES;
  }

  #fallBack(reason: Error): void {
    this.#endClients();
    this.#backend = 'wasm';
    this.options.onFellBack(reason.message);
  }

  async #freeClient(): Promise<WorkerClient> {
    for (;;) {
      const free = this.#clients.filter((client) => client.ready && client.openJobs < SPANS_A_WORKER);
      if (free.length > 0) return free.sort((a, b) => a.openJobs - b.openJobs)[0];
      // A worker that had nothing to do may have crashed, or been ended because it was idle.
      if (!this.#clients.some((client) => client.started)) await this.start(this.#wanted);
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #createClients(count: number): void {
    while (this.#clients.length < count) {
      const client = this.options.createClient(this.#backend);
      client.onRoom = () => this.#wake();
      this.#clients.push(client);
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Ends all workers for good; what is pending rejects with `AbortError`. */
  end(): void {
    this.#ended = true;
    this.#endClients();
    this.#wake();
  }

  #endClients(): void {
    for (const client of this.#clients) client.end();
    this.#clients = [];
  }
}

function isCode(error: Error, code: EarmarkErrorCode): boolean {
  return error instanceof EarmarkError && error.code === code;
}
