import { abortable } from './abortable.js';
import { EarmarkError, isAbortError } from './errors.js';
import { sha256Hex } from './model-folder.js';
import { offeredBytes, type ModelOffer, type OfferedFile } from './model-offer.js';
import type { KeptModel, ModelStore } from './model-store.js';

export type ModelFetch = (url: URL, init: RequestInit) => Promise<Response>;

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Bytes that are here of those that are needed. */
  readonly onProgress?: (loaded: number, total: number) => void;
  /** Default: `fetch`. */
  readonly fetchFile?: ModelFetch;
}

/** Bytes after which what has arrived is put on the disk: at most so much is lost with the tab. */
const PART_BYTES = 8 * 2 ** 20;

/**
 * Brings the files of an offered model into the store, beginning where an earlier attempt ended. None of them counts
 * before its hash has been compared with the one that its host states. Where something fails, what has arrived is kept.
 *
 * @throws EarmarkError `model-missing`, `model-corrupt`, `storage-full`, `storage-denied`
 * @throws DOMException `AbortError`
 */
export async function downloadModel(
  offer: ModelOffer,
  store: ModelStore,
  { signal, onProgress, fetchFile = (url, init) => fetch(url, init) }: DownloadOptions = {},
): Promise<KeptModel> {
  const lock = `earmark-model/${offer.place.from}/${offer.identity.id}`;
  return navigator.locks.request(lock, signal ? { signal } : {}, async () => {
    const model = await store.keep(offer);
    const total = offeredBytes(offer);
    let done = 0;
    for (const file of offer.files) {
      const report = (loaded: number) => onProgress?.(Math.min(total, done + loaded), total);
      const settled = model.files.find(({ path }) => path === file.path)?.sha256 ?? null;
      if (settled === null || (await model.length(file.path)) === 0) {
        await new FileDownload(file, model, offer.place.from, fetchFile, signal, report).run();
      }
      done += file.bytes;
      report(0);
    }
    return model;
  });
}

/** One file on its way into the store. */
class FileDownload {
  #length = 0;

  constructor(
    private readonly file: OfferedFile,
    private readonly model: KeptModel,
    private readonly from: string,
    private readonly fetchFile: ModelFetch,
    private readonly signal: AbortSignal | undefined,
    private readonly report: (loaded: number) => void,
  ) {}

  async run(): Promise<void> {
    const { path, bytes } = this.file;
    this.#length = await this.model.length(path);
    let continues = this.#length > 0;
    for (;;) {
      const before = this.#length;
      if (this.#length < bytes || !continues) await this.#fetchRest();
      const content = await this.model.bytesOf(path);
      this.signal?.throwIfAborted();
      if (await fits(content, this.file)) {
        await this.model.settle(path, await sha256Hex(content));
        return;
      }
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

  /** Fetches what is missing; resolves when the server has sent all that it wants to send. */
  async #fetchRest(): Promise<void> {
    const { content, etag } = this.file;
    if (content instanceof Blob) {
      await this.#take(content.slice(this.#length).stream());
      return;
    }
    const response = await this.#ask(content, this.#length, etag);
    if (this.#length > 0 && response.status !== 206) await this.#restart();
    if (response.status === 416) return this.#fetchRest();
    if (!response.ok || response.body === null) throw this.#missing(`the server answered ${response.status}`);
    await this.#take(response.body);
  }

  /**
   * Of the headers that continue a download, only `Range` can be sent to another origin without asking it first, which
   * hosts of large files refuse. Files whose hash is known need no more; for the others `If-Range` makes sure that the
   * rest is of the same file.
   */
  async #ask(url: URL, start: number, etag: string | null): Promise<Response> {
    const headers: Record<string, string> = {};
    if (start > 0) {
      headers['Range'] = `bytes=${start}-`;
      if (this.file.stated === null && etag !== null) headers['If-Range'] = etag;
    }
    const init: RequestInit = {
      headers,
      cache: 'no-store',
      credentials: 'omit',
      ...(this.signal && { signal: this.signal }),
    };
    try {
      return await this.fetchFile(url, init);
    } catch (error) {
      if (isAbortError(error)) throw error;
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
        const { done, value } = await abortable(reader.read(), this.signal);
        if (done) break;
        arrived.push(value);
        size += value.length;
        this.report(this.#length + size);
        if (size >= PART_BYTES) await store();
      }
    } catch (error) {
      await store();
      if (isAbortError(error) || error instanceof EarmarkError) throw error;
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

/** Whether bytes are the file that was stated; where nothing was stated they are if there are enough of them. */
async function fits(content: ArrayBuffer, { stated, bytes }: OfferedFile): Promise<boolean> {
  if (stated === null) return content.byteLength >= bytes;
  return (stated.algorithm === 'sha256' ? await sha256Hex(content) : await gitSha1(content)) === stated.value;
}

/** The id that git gives a file: SHA-1 over a header with its length, and its bytes. */
async function gitSha1(bytes: ArrayBuffer): Promise<string> {
  const named = new Blob([`blob ${bytes.byteLength}\0`, bytes]);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', await named.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
