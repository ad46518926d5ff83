import type { AudioProbe, DecodeReply, DecodeRequest } from '../../engine/decode-protocol.js';
import { abortError, EarmarkError } from '../../engine/errors.js';

export type CreateWorker = (url: URL) => Worker;

type RequestBody = DecodeRequest extends infer R ? (R extends { readonly id: number } ? Omit<R, 'id'> : never) : never;

interface Pending {
  readonly resolve: (reply: DecodeReply) => void;
  readonly reject: (error: unknown) => void;
}

/** One file in a decode worker of its own. Everything pending rejects with `AbortError` when it is closed. */
export class DecodeClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #ready: Promise<void>;
  #nextId = 1;
  #failure: unknown = null;

  constructor(url: URL, createWorker: CreateWorker) {
    try {
      this.#worker = createWorker(url);
    } catch (error) {
      throw new EarmarkError('worker-missing', missingMessage(url), { cause: error });
    }
    let isReady = false;
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener('message', (event: MessageEvent<DecodeReply>) => {
        const reply = event.data;
        if (reply.type === 'ready') {
          isReady = true;
          resolve();
        } else {
          this.#settle(reply);
        }
      });
      this.#worker.addEventListener('error', (event) => {
        event.preventDefault();
        const error = isReady
          ? new EarmarkError('worker-crashed', 'The audio decoder stopped working. Open the file again.')
          : new EarmarkError('worker-missing', missingMessage(url));
        reject(error);
        this.#end(error);
      });
    });
    this.#ready.catch(() => {});
  }

  async open(file: Blob, signal?: AbortSignal): Promise<AudioProbe> {
    const reply = await this.#request({ type: 'open', file }, 'opened', signal);
    return reply.probe;
  }

  async read(start: number, count: number, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    const reply = await this.#request({ type: 'read', start, count }, 'pcm', signal);
    return reply.channels;
  }

  /** @param channel counted from 0; null for the mean of all */
  async readMono(
    start: number,
    count: number,
    channel: number | null,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const reply = await this.#request({ type: 'read-mono', start, count, channel }, 'pcm', signal);
    return reply.channels[0];
  }

  async digest(signal?: AbortSignal): Promise<string> {
    const reply = await this.#request({ type: 'digest' }, 'digest', signal);
    return reply.digest;
  }

  close(): void {
    this.#end(abortError('The recording was closed.'));
  }

  #end(error: unknown): void {
    this.#failure ??= error;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #settle(reply: Exclude<DecodeReply, { type: 'ready' }>): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.type === 'failed') pending?.reject(new EarmarkError(reply.code, reply.message));
    else pending?.resolve(reply);
  }

  async #request<T extends DecodeReply['type']>(
    body: RequestBody,
    type: T,
    signal?: AbortSignal,
  ): Promise<Extract<DecodeReply, { type: T }>> {
    signal?.throwIfAborted();
    const id = this.#nextId;
    this.#nextId += 1;
    const cancel = () => {
      const pending = this.#pending.get(id);
      if (pending === undefined) return;
      this.#pending.delete(id);
      this.#worker.postMessage({ id, type: 'cancel' } satisfies DecodeRequest);
      pending.reject(abortError());
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const reply = await new Promise<DecodeReply>((resolve, reject) => {
        if (this.#failure !== null) {
          reject(this.#failure);
          return;
        }
        this.#pending.set(id, { resolve, reject });
        this.#ready.then(() => {
          if (this.#pending.has(id)) this.#worker.postMessage({ id, ...body } as DecodeRequest);
        }, reject);
      });
      if (reply.type !== type) throw new Error(`The decode worker replied ${reply.type} instead of ${type}.`);
      return reply as Extract<DecodeReply, { type: T }>;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }
}

function missingMessage(url: URL): string {
  if (!navigator.onLine)
    return 'You are offline, and the audio decoder has to be loaded for every recording. Open it again when you are online.';
  return (
    `The decoder could not be loaded from ${url.href}. ` +
    "Check that a copy of the package's dist/ lies there, or set the option assetBase to where it lies."
  );
}
