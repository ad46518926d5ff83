import type { WorkerLike } from '../../src/engine/worker-client.js';
import type { AnalyseSpan, FromWorker, ToWorker, WindowResult } from '../../src/engine/protocol.js';

const DIMENSION = 256;
const LEVELS_PER_FRAME = 8;

/** Stands in for a worker with Pocket: hears at once, numbers that depend on the place in the recording alone. */
class FakeHearingWorker extends EventTarget implements Pick<Worker, 'postMessage' | 'terminate'> {
  #ended = false;
  readonly #cancelled = new Set<number>();

  constructor(private readonly hearing: FakeHearing) {
    super();
  }

  postMessage(message: ToWorker): void {
    if (message.type === 'cancel') this.#cancelled.add(message.job);
    else if (message.type === 'analyse-span') void this.#hear(message.job, message);
    else setTimeout(() => this.#reply({ job: message.job, type: 'done' }));
  }

  terminate(): void {
    this.#ended = true;
  }

  async #hear(job: number, { windows }: AnalyseSpan): Promise<void> {
    for (const { index, keepStart, keepEnd } of windows) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.hearing.crashes && !this.#ended) {
        this.#ended = true;
        this.dispatchEvent(new ErrorEvent('error', { message: 'killed by the test' }));
      }
      if (this.#ended) return;
      if (this.#cancelled.has(job)) return this.#reply({ job, type: 'cancelled' });
      this.hearing.heard.push(index);
      this.#reply({ job, ...resultOf(index, keepStart, keepEnd) });
    }
    this.#reply({ job, type: 'done' });
  }

  #reply(data: FromWorker): void {
    if (!this.#ended) this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function resultOf(index: number, keepStart: number, keepEnd: number): WindowResult {
  const from = (start: number, count: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin((start + i) * 0.7));
  return {
    type: 'window',
    index,
    frames: from(keepStart * DIMENSION, (keepEnd - keepStart) * DIMENSION),
    clip: from(index, DIMENSION),
    levels: from(keepStart * LEVELS_PER_FRAME, (keepEnd - keepStart) * LEVELS_PER_FRAME),
  };
}

/** Makes workers that only seem to hear, and keeps book of it. */
export class FakeHearing {
  /** Windows that have been heard, by index, over all workers. */
  readonly heard: number[] = [];
  /** Whether workers die of the next window. */
  crashes = false;

  readonly createWorker = (): WorkerLike => new FakeHearingWorker(this) as unknown as WorkerLike;
}
