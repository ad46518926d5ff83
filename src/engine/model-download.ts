import { abortable } from './abortable.js';
import { withoutStall } from './download-stall.js';
import { EarmarkError, isAbortError } from './errors.js';
import { hashFile, type HashFile } from './hash-file.js';
import { offeredBytes, type ModelOffer, type OfferedFile } from './model-offer.js';
import type { KeptModel, ModelStore } from './model-store.js';

export type ModelFetch = (url: URL, init: RequestInit) => Promise<Response>;

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes that are here of those that are needed. */
  readonly onProgress?: (loaded: number, total: number) => void;
  /** Default: `fetch`. */
  readonly fetchFile?: ModelFetch;
  /** Default: on this thread. */
  readonly hash?: HashFile;
  /** Told when a host has stopped sending and is asked again, and when it sends again. */
  readonly onWaiting?: (isWaiting: boolean) => void;
  /**
   * Milliseconds without a byte after which a host is taken to have stopped sending. Default {@link STALL_MS}; a byte now
   * and then is enough, however slow that is.
   */
  readonly stallMs?: number;
  /** Milliseconds before each further attempt in a row. Default {@link RETRY_DELAYS_MS}. */
  readonly retryDelaysMs?: readonly number[];
}

/**
 * Half a minute: a connection that has lost packets sends them again after 1, 2, 4, 8 and 16 s, so what is silent for
 * longer does not come back by itself.
 */
export const STALL_MS = 30_000;
/** A host that is short of breath, or a network that changes, is back within seconds; then waiting helps no more. */
export const RETRY_DELAYS_MS: readonly number[] = [1000, 4000, 15_000];
/** What hosts answer that are overloaded or being restarted. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** Bytes after which what has arrived is put on the disk: at most so much is lost with the tab. */
const PART_BYTES = 8 * 2 ** 20;

/**
 * Brings the files of an offered model into the store, beginning where an earlier attempt ended. None of them counts
 * before its hash has been compared with the one that its host states. Where something fails, what has arrived is kept.
 *
 * @throws EarmarkError `model-missing`, `model-corrupt`, `storage-full`, `storage-denied`, and what `hash` throws
 * @throws DOMException `AbortError`
 */
export async function downloadModel(
  offer: ModelOffer,
  store: ModelStore,
  options: DownloadOptions = {},
): Promise<KeptModel> {
  const { signal, onProgress } = options;
  const lock = `earmark-model/${offer.place.from}/${offer.identity.id}`;
  return navigator.locks.request(lock, signal ? { signal } : {}, async () => {
    const model = await store.keep(offer);
    const total = offeredBytes(offer);
    let done = 0;
    for (const file of offer.files) {
      const report = (loaded: number) => onProgress?.(Math.min(total, done + loaded), total);
      const settled = model.files.find(({ path }) => path === file.path)?.sha256 ?? null;
      if (settled === null || (await model.length(file.path)) === 0) {
        await new FileDownload(file, model, offer.place.from, options, report).run();
      }
      done += file.bytes;
      report(0);
    }
    return model;
  });
}

/** What may be over in a moment: the host is silent, or says that it is overloaded. */
class PassingFailure extends Error {}

/** One file on its way into the store. */
class FileDownload {
  #length = 0;
  /** Attempts in a row that brought nothing, because the host was silent or overloaded. */
  #vain = 0;
  readonly #fetchFile: ModelFetch;
  readonly #signal: AbortSignal | undefined;

  constructor(
    private readonly file: OfferedFile,
    private readonly model: KeptModel,
    private readonly from: string,
    private readonly options: DownloadOptions,
    private readonly report: (loaded: number) => void,
  ) {
    this.#fetchFile = options.fetchFile ?? ((url, init) => fetch(url, init));
    this.#signal = options.signal;
  }

  async run(): Promise<void> {
    const { path, bytes } = this.file;
    this.#length = await this.model.length(path);
    let continues = this.#length > 0;
    for (;;) {
      const before = this.#length;
      if (this.#length < bytes || !continues) await this.#fetchRest();
      const sha256 = await this.#sha256IfWhole(await this.model.contentOf(path));
      this.#signal?.throwIfAborted();
      if (sha256 !== null) return this.model.settle(path, sha256);
      if (this.#length < bytes) {
        // A connection that ended early, without saying so, is taken up again as long as that helps.
        if (this.#length === before) throw this.#cutOff();
        continue;
      }
      await this.#restart();
      if (!continues) throw this.#otherFile();
      // What an earlier attempt left may be to blame.
      continues = false;
    }
  }

  /** Null if this is not the file that was stated; where nothing was stated it is if there is enough of it. */
  async #sha256IfWhole(content: Blob): Promise<string | null> {
    const { stated, bytes } = this.file;
    const { hash = hashFile } = this.options;
    if (stated === null && content.size < bytes) return null;
    if (stated?.algorithm === 'git-sha1' && (await hash(content, 'git-sha1', this.#signal)) !== stated.value)
      return null;
    const sha256 = await hash(content, 'sha256', this.#signal);
    return stated?.algorithm === 'sha256' && sha256 !== stated.value ? null : sha256;
  }

  /** Fetches what is missing; resolves when the server has sent all that it wants to send. */
  async #fetchRest(): Promise<void> {
    const { content, etag } = this.file;
    for (;;) {
      try {
        if (content instanceof Blob) await this.#take(content.slice(this.#length).stream());
        else await this.#fetchPart(content, etag);
        return;
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        await this.#waitAfter(error);
      }
    }
  }

  async #fetchPart(url: URL, etag: string | null): Promise<void> {
    // Ends a request that is given up; else its connection would stay open.
    const attempt = new AbortController();
    const stop = () => attempt.abort(this.#signal?.reason);
    this.#signal?.addEventListener('abort', stop);
    try {
      const response = await this.#ask(url, this.#length, etag, attempt.signal);
      if (PASSING_STATUSES.has(response.status)) throw new PassingFailure(`the server answered ${response.status}`);
      if (this.#length > 0 && response.status !== 206) await this.#restart();
      if (response.status === 416) return await this.#fetchPart(url, etag);
      if (!response.ok || response.body === null) throw this.#missing(`the server answered ${response.status}`);
      await this.#take(response.body);
    } finally {
      this.#signal?.removeEventListener('abort', stop);
      attempt.abort();
    }
  }

  /** @throws EarmarkError `model-missing` when waiting has not helped before */
  async #waitAfter({ message }: PassingFailure): Promise<void> {
    const { onWaiting, retryDelaysMs = RETRY_DELAYS_MS } = this.options;
    if (this.#vain >= retryDelaysMs.length) throw this.#missing(`${message}, after ${this.#vain + 1} attempts too`);
    onWaiting?.(true);
    const delay = new Promise((resolve) => setTimeout(resolve, retryDelaysMs[this.#vain]));
    this.#vain += 1;
    await abortable(delay, this.#signal);
  }

  /** What the host does, or a {@link PassingFailure} where it does nothing for too long. */
  #unlessStalled<T>(work: Promise<T>): Promise<T> {
    const { stallMs = STALL_MS } = this.options;
    const stalled = () => new PassingFailure(`nothing has arrived for ${Math.round(stallMs / 1000)} s`);
    return withoutStall(abortable(work, this.#signal), stallMs, stalled);
  }

  /**
   * Of the headers that continue a download, only `Range` can be sent to another origin without asking it first, which
   * hosts of large files refuse. Files whose hash is known need no more; for the others `If-Range` makes sure that the
   * rest is of the same file.
   */
  async #ask(url: URL, start: number, etag: string | null, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = {};
    if (start > 0) {
      headers['Range'] = `bytes=${start}-`;
      if (this.file.stated === null && etag !== null) headers['If-Range'] = etag;
    }
    const init: RequestInit = { headers, cache: 'no-store', credentials: 'omit', signal };
    try {
      return await this.#unlessStalled(this.#fetchFile(url, init));
    } catch (error) {
      if (isAbortError(error) || error instanceof PassingFailure) throw error;
      throw this.#missing(error instanceof Error ? error.message : String(error));
    }
  }

  async #take(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const reader = stream.getReader();
    let arrived: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    const store = async () => {
      const part = new Blob(arrived);
      arrived = [];
      size = 0;
      if (part.size > 0) await this.model.append(this.file.path, part);
      this.#length += part.size;
    };
    try {
      for (;;) {
        const { done, value } = await this.#unlessStalled(reader.read());
        if (done) break;
        if (this.#vain > 0) this.options.onWaiting?.(false);
        this.#vain = 0;
        arrived.push(value);
        size += value.length;
        this.report(this.#length + size);
        if (size >= PART_BYTES) await store();
      }
    } catch (error) {
      await store();
      if (isAbortError(error) || error instanceof EarmarkError || error instanceof PassingFailure) throw error;
      throw this.#missing(error instanceof Error ? error.message : String(error));
    } finally {
      reader.cancel().catch(() => {});
    }
    await store();
  }

  async #restart(): Promise<void> {
    await this.model.discard(this.file.path);
    this.#length = 0;
  }

  #missing(why: string): EarmarkError {
    const share = Math.floor((100 * this.#length) / Math.max(1, this.file.bytes));
    return new EarmarkError(
      'model-missing',
      `${this.file.path} could not be fetched from ${this.from}: ${why}. What has arrived is kept (${share} % of this file); try again to go on from there.`,
    );
  }

  #cutOff(): EarmarkError {
    return new EarmarkError(
      'model-missing',
      `${this.from} sends only a part of ${this.file.path}. What has arrived is kept; try again, or use another host.`,
    );
  }

  #otherFile(): EarmarkError {
    return new EarmarkError(
      'model-corrupt',
      `${this.file.path} from ${this.from} is not the file that it says it is (its hash is another), so it was thrown away. Try again; if this goes on, use another host.`,
    );
  }
}
