import type { Backend } from './embedding-engine.js';
import { EarmarkError } from './errors.js';
import type { AnalyseSpan, WindowResult } from './protocol.js';
import type { WorkerClient } from './worker-client.js';

/** Spans that a worker is given at a time: one to work on, and one so that it never waits. */
const SPANS_A_WORKER = 2;

export interface AudioWorkersOptions {
  readonly backend: Backend;
  /** Most workers at a time on the CPU. One is enough for a GPU. */
  readonly limit: number;
  readonly createClient: (backend: Backend) => WorkerClient;
  /** Told when the GPU failed and the CPU took over. */
  readonly onFellBack: (reason: string) => void;
}

/** The workers that hear. Finished spans free them; a crash or a lost GPU is survived by `recover`. */
export class AudioWorkers {
  #backend: Backend;
  #clients: WorkerClient[] = [];
  #waiting: (() => void)[] = [];
  #recovery: Promise<void> | null = null;

  constructor(private readonly options: AudioWorkersOptions) {
    this.#backend = options.backend;
  }

  /**
   * Makes sure of up to `count` workers; resolves when the first of them can work.
   *
   * @throws EarmarkError if none of them can be started
   */
  async start(count: number): Promise<void> {
    const wanted = this.#backend === 'webgpu' ? 1 : Math.min(count, this.options.limit);
    while (this.#clients.length < wanted) {
      const client = this.options.createClient(this.#backend);
      client.onRoom = () => this.#wake();
      this.#clients.push(client);
    }
    try {
      await Promise.any(this.#clients.map((client) => client.start()));
    } catch (error) {
      const reason = (error as AggregateError).errors[0] as Error;
      if (this.#backend === 'wasm') throw reason;
      this.#fallBack(reason);
      await this.start(count);
    }
  }

  /** Resolves when a worker has room for a span. */
  async room(): Promise<void> {
    while (this.#roomiest() === undefined) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Call it when there is room. The span's buffers are transferred. */
  async run(span: AnalyseSpan, onWindow: (result: WindowResult) => void, signal: AbortSignal): Promise<void> {
    const client = this.#roomiest();
    if (client === undefined) throw new Error('No worker has room.');
    const transfer = span.pieces.flatMap((piece) => piece.map((channel) => channel.buffer));
    await client.request(span, { transfer, onWindow, signal });
  }

  /**
   * Gets the workers going again after a failed span: after a crash with a fresh worker, after any failure on the GPU
   * on the CPU.
   *
   * @throws the error itself if trying again would not help
   */
  recover(error: Error, count: number): Promise<void> {
    this.#recovery ??= this.#recover(error, count).finally(() => {
      this.#recovery = null;
    });
    return this.#recovery;
  }

  async #recover(error: Error, count: number): Promise<void> {
    if (this.#backend === 'webgpu') this.#fallBack(error);
    else if (!(error instanceof EarmarkError && error.code === 'worker-crashed')) throw error;
    await this.start(count);
  }

  #fallBack(reason: Error): void {
    this.end();
    this.#backend = 'wasm';
    this.options.onFellBack(reason.message);
  }

  #roomiest(): WorkerClient | undefined {
    const free = this.#clients.filter((client) => client.ready && client.openJobs < SPANS_A_WORKER);
    return free.sort((a, b) => a.openJobs - b.openJobs)[0];
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Ends all workers; what is pending rejects. */
  end(): void {
    for (const client of this.#clients) client.end();
    this.#clients = [];
  }
}
