import type { Analysis } from './analysis.js';
import type { EmbeddingCache, RecordingShape } from './embedding-cache.js';
import { isAbortError } from './errors.js';
import { floatsIn, packWindows } from './heard-batch.js';

/** Storing copies on the calling thread; a batch of 1 MiB takes it about a millisecond. */
const BATCH_FLOATS = 2 ** 18;
/** A smaller batch is written after so long: what an interruption may cost. Milliseconds. */
const WRITE_INTERVAL = 2000;

/**
 * Keeps what an analysis hears while it goes on, in the background, so that the next one of the same recording goes on
 * from there. One batch is written at a time; nothing waits for it but {@link finish}.
 */
export class Checkpoint {
  /** What the recording is kept under; null until that is known. */
  #key: string | null = null;
  #analysis: Analysis | null = null;
  /** Windows that have been heard and not been written, by index. */
  #pending: number[] = [];
  #writing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #error: Error | null = null;

  constructor(
    private readonly cache: EmbeddingCache,
    private readonly shape: RecordingShape,
  ) {}

  /** Why nothing more is kept; null while all is well. */
  get error(): Error | null {
    return this.#error;
  }

  /** Whether it is known by now what is kept, and what comes is written. */
  get isOpen(): boolean {
    return this.#key !== null;
  }

  /** Gives up keeping. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#pending = [];
  }

  /**
   * Whether something is kept of a recording that looks like this one, so that it is worth while to wait for
   * {@link restore} before anything is heard.
   */
  async mayRestore(): Promise<boolean> {
    if (this.#key !== null) return false;
    try {
      return await this.cache.hasAny(this.shape);
    } catch (error) {
      this.fail(error as Error);
      return false;
    }
  }

  /** Keeps what this analysis hears from now on, and what has been heard by an interrupted one before it. */
  follow(analysis: Analysis): void {
    this.#analysis = analysis;
  }

  /** Gives the analysis what is kept under the recording's key, and begins to write. Never rejects. */
  async restore(key: Promise<string>): Promise<void> {
    if (this.#error !== null || this.#key !== null) return;
    try {
      const name = await key;
      const analysis = this.#analysis!;
      const kept = new Set<number>();
      await this.cache.read(name, (batch) => {
        for (const index of analysis.adopt(batch)) kept.add(index);
      });
      this.#pending = this.#pending.filter((index) => !kept.has(index));
      this.#key = name;
      analysis.goOn();
      this.#writeSoon();
    } catch (error) {
      // A cancelled run finds out no key; the next one does.
      if (!isAbortError(error)) this.fail(error as Error);
    }
  }

  /** A window has been heard. */
  add(index: number): void {
    if (this.#error !== null) return;
    this.#pending.push(index);
    this.#writeSoon();
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#key !== null && this.#pending.length > 0) await this.#write();
    await this.#writing;
  }

  #writeSoon(): void {
    if (this.#key === null || this.#pending.length === 0) return;
    if (this.#nextBatch().isFull) void this.#write();
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#write();
      }, WRITE_INTERVAL);
  }

  /** How many of the windows that wait make up the next batch. */
  #nextBatch(): { count: number; isFull: boolean } {
    const { track } = this.#analysis!.heard;
    let floats = 0;
    let count = 0;
    while (count < this.#pending.length && floats < BATCH_FLOATS) {
      floats += floatsIn(track, track.plan.windows[this.#pending[count]]);
      count += 1;
    }
    return { count, isFull: floats >= BATCH_FLOATS };
  }

  /** Writes one batch, unless one is being written; then the next follows if it is full. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = null;
      this.#writeSoon();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = packWindows(this.#analysis!.heard, this.#pending.splice(0, this.#nextBatch().count));
    try {
      await this.cache.add(this.#key!, this.shape, batch);
    } catch (error) {
      this.fail(error as Error);
    }
  }
}
