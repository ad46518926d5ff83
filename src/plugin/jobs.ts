import { abortError, EarmarkError, isAbortError } from '../engine/errors.js';
import type { JobFile, JobKind, JobState } from './job.js';
import { toEarmarkError } from './notices.js';
import type { StateStore } from './store.js';

/** Progress is shown at most this often, in milliseconds. */
const SHOW_EVERY_MS = 100;
/** An estimate of the time left is shown after this long, in milliseconds. */
const ESTIMATE_AFTER_MS = 1500;

export interface JobContext {
  readonly signal: AbortSignal;
  /** 0…1, may be called as often as is handy. */
  readonly onProgress: (fraction: number) => void;
}

/** Runs long work one at a time, and shows in the state how far it is. */
export class Jobs {
  readonly #store: StateStore;
  readonly #life: AbortSignal;
  #running: AbortController | null = null;
  #count = 0;

  /** @param life ends what is running */
  constructor(store: StateStore, life: AbortSignal) {
    this.#store = store;
    this.#life = life;
  }

  /**
   * Runs a task as the job of this Earmark.
   *
   * @throws EarmarkError `busy` while another one runs, or why the task failed
   * @throws DOMException `AbortError`
   */
  async run<T extends JobFile | null>(
    kind: JobKind,
    label: string,
    task: (context: JobContext) => Promise<T>,
    cancelled?: AbortSignal,
  ): Promise<T> {
    if (this.#running) {
      throw new EarmarkError('busy', 'Something is still being computed. Wait for it, or cancel it first.');
    }
    const running = new AbortController();
    this.#running = running;
    const signal = AbortSignal.any([running.signal, this.#life, ...(cancelled ? [cancelled] : [])]);
    this.#count += 1;
    const started = performance.now();
    const job: JobState = {
      id: `job-${this.#count}`,
      kind,
      label,
      phase: 'running',
      fraction: 0,
      etaSeconds: null,
      file: null,
      message: null,
      code: null,
    };
    this.#store.update({ job });
    let shown = started;
    const onProgress = (fraction: number): void => {
      const now = performance.now();
      if (signal.aborted || now - shown < SHOW_EVERY_MS) return;
      shown = now;
      const elapsed = now - started;
      const etaSeconds = fraction > 0 && elapsed > ESTIMATE_AFTER_MS ? (elapsed * (1 / fraction - 1)) / 1000 : null;
      this.#store.update({ job: { ...job, fraction, etaSeconds } });
    };
    try {
      signal.throwIfAborted();
      const file = await task({ signal, onProgress });
      signal.throwIfAborted();
      this.#store.update({ job: { ...job, phase: 'done', fraction: 1, file } });
      return file;
    } catch (error) {
      if (signal.aborted || isAbortError(error)) {
        this.#store.update({ job: null });
        throw signal.aborted ? signal.reason : error;
      }
      const { message, code } = toEarmarkError(error);
      this.#store.update({ job: { ...job, phase: 'failed', message, code } });
      throw error;
    } finally {
      this.#running = null;
    }
  }

  cancel(): void {
    this.#running?.abort(abortError());
  }

  /** Forgets what has ended, and the file that it made. */
  dismiss(): void {
    if (!this.#running) this.#store.update({ job: null });
  }
}
