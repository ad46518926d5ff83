import type { ModelFetch } from '../../src/engine/model-download.js';

/** How a fake hub behaves; all may be changed while it is used. */
interface Manners {
  /** Whether it has the hub's API. Default true; mirrors are often without. */
  api: boolean;
  /** Whether large files are sent by another host, which does not know the hub's headers. Default true. */
  redirects: boolean;
  /** Whether it can send a part of a file. Default true. */
  ranges: boolean;
  /** Bytes of a large file after which the connection fails; null (default) never. */
  failsAfter: number | null;
  /** Bytes of a large file after which an answer ends as if that were all; null (default) never. */
  endsAfter: number | null;
  /** Bytes of a large file after which nothing more comes although the connection stays; null (default) never. */
  silentAfter: number | null;
  /** How many of the next large files are refused because there is too much to do. Default 0. */
  busy: number;
  /** Whether nothing can be reached. Default false. */
  offline: boolean;
  /** Milliseconds between chunks. Default 0. */
  delay: number;
  /** Paths whose bytes are not those that the hub states. */
  wrong: Set<string>;
}

const COMMIT = '8e0e4d1f3b7a5c29d6f8a1b2c3d4e5f601234567';
const CHUNK = 50_000;

/** A repository on a hub, with the hub's API and headers, without a network. */
export class FakeHub {
  readonly manners: Manners = {
    api: true,
    redirects: true,
    ranges: true,
    failsAfter: null,
    endsAfter: null,
    silentAfter: null,
    busy: 0,
    offline: false,
    delay: 0,
    wrong: new Set(),
  };
  commit = COMMIT;
  /** All requests: method, URL without the host, and the range where one was asked for. */
  readonly requests: string[] = [];

  constructor(
    readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
    readonly id = 'Xenova/clap-htsat-unfused',
  ) {}

  readonly fetch: ModelFetch = async (url, init) => {
    const method = init.method ?? 'GET';
    const range = new Headers(init.headers).get('Range');
    this.requests.push([method, url.pathname, range].filter((part) => part !== null).join(' '));
    init.signal?.throwIfAborted();
    if (this.manners.offline) throw new TypeError('Failed to fetch');
    const [, asked] = new RegExp(`^/api/models/${this.id}/revision/(.+)$`).exec(url.pathname) ?? [];
    if (asked === 'main' || asked === this.commit) return this.#info();
    const [, revision, path = ''] = /\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const bytes = url.pathname.startsWith(`/${this.id}/`) ? this.files.get(path) : undefined;
    if (bytes === undefined || (revision !== 'main' && revision !== this.commit)) {
      return new Response('Entry not found', { status: 404, headers: { 'X-Error-Code': 'EntryNotFound' } });
    }
    const headers = await this.#headers(path, bytes);
    if (method === 'HEAD') return new Response(null, { headers });
    const start = range !== null && this.manners.ranges ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
    if (isLarge(path) && this.manners.busy > 0) {
      this.manners.busy -= 1;
      return new Response(null, { status: 503 });
    }
    if (start > 0 && start >= bytes.length) return new Response(null, { status: 416 });
    const body = this.#stream(path, bytes, start, init.signal ?? null);
    return new Response(body, { status: range !== null && this.manners.ranges ? 206 : 200, headers });
  };

  /** The paths that were fetched, in order. */
  get fetched(): string[] {
    return this.requests.filter((line) => line.startsWith('GET') && line.includes('/resolve/')).map(pathOf);
  }

  async #info(): Promise<Response> {
    if (!this.manners.api) return new Response('<!doctype html>', { status: 404 });
    const siblings = await Promise.all(
      [...this.files].map(async ([rfilename, bytes]) => ({
        rfilename,
        size: bytes.length,
        blobId: isLarge(rfilename) ? await gitSha1(new TextEncoder().encode(rfilename)) : await gitSha1(bytes),
        ...(isLarge(rfilename) && { lfs: { sha256: await sha256(bytes), size: bytes.length, pointerSize: 134 } }),
      })),
    );
    return Response.json({ id: this.id, sha: this.commit, siblings, cardData: { license: 'apache-2.0' } });
  }

  async #headers(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
    if (isLarge(path)) {
      // After the redirect a page sees the headers of the other host alone.
      if (this.manners.redirects) return { ETag: '"0123456789abcdef"', 'Content-Length': String(bytes.length) };
      const linked = { 'X-Linked-Etag': `"${await sha256(bytes)}"`, 'X-Linked-Size': String(bytes.length) };
      return { 'X-Repo-Commit': this.commit, ETag: linked['X-Linked-Etag'], ...linked };
    }
    const length = { 'Content-Length': String(bytes.length) };
    return { 'X-Repo-Commit': this.commit, ETag: `"${await gitSha1(bytes)}"`, ...length };
  }

  #stream(path: string, bytes: Uint8Array<ArrayBuffer>, start: number, signal: AbortSignal | null): ReadableStream {
    const { manners } = this;
    let position = start;
    return new ReadableStream({
      async pull(controller) {
        if (manners.delay > 0) await new Promise((resolve) => setTimeout(resolve, manners.delay));
        if (signal?.aborted) return controller.error(signal.reason);
        const sent = isLarge(path) ? position - start : 0;
        if (manners.silentAfter !== null && isLarge(path) && sent >= manners.silentAfter) await new Promise(() => {});
        if (manners.offline || (manners.failsAfter !== null && sent >= manners.failsAfter)) {
          return controller.error(new TypeError('network error'));
        }
        if (position >= bytes.length || (manners.endsAfter !== null && sent >= manners.endsAfter)) {
          return controller.close();
        }
        const chunk = bytes.slice(position, position + CHUNK);
        if (manners.wrong.has(path)) chunk[0]! ^= 1;
        position += chunk.length;
        controller.enqueue(chunk);
      },
    });
  }
}

function isLarge(path: string): boolean {
  return path.endsWith('.onnx');
}

function pathOf(request: string): string {
  return /\/resolve\/[^/]+\/(\S+)/.exec(request)?.[1] ?? '';
}

async function hex(algorithm: string, bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function sha256(bytes: BufferSource): Promise<string> {
  return hex('SHA-256', bytes);
}

async function gitSha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex('SHA-1', await new Blob([`blob ${bytes.length}\0`, bytes]).arrayBuffer());
}

/** Files in the hub's layout: small texts, and graphs that are no graphs. */
export function clapLikeFiles(graphBytes = 1_000_000): Map<string, Uint8Array<ArrayBuffer>> {
  const text = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const graph = (seed: number) => Uint8Array.from({ length: graphBytes }, (_, i) => (i * seed * 7 + (i >> 9)) & 255);
  return new Map([
    ['README.md', new TextEncoder().encode('# CLAP')],
    ['config.json', text({ model_type: 'clap', projection_dim: 512 })],
    ['preprocessor_config.json', text({ sampling_rate: 48000 })],
    ['tokenizer.json', text({ version: '1.0' })],
    ['tokenizer_config.json', text({ model_max_length: 512 })],
    ...['audio', 'text'].flatMap((side, row) =>
      ['', '_fp16', '_quantized'].map(
        (dtype, column) => [`onnx/${side}_model${dtype}.onnx`, graph(1 + 3 * row + column)] as const,
      ),
    ),
  ]);
}
