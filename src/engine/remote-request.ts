import { EarmarkError, isAbortError } from './errors.js';

/** Statuses of servers and proxies that are busy, starting or gone for a moment. */
const PASSING = new Set([429, 502, 503, 504]);
/** Tries of one request, the first included: with the pauses some half minute at most. */
const MOST_TRIES = 6;
/** The pause before the second try, doubled before each further one, milliseconds. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 16_000;
/** A server that asks to be left alone for longer than this, milliseconds, is not waited for. */
const LONGEST_RETRY_AFTER = 120_000;
/** Characters of a server's own words that are shown. */
const LONGEST_QUOTE = 200;

/** What requests are made with; the browser's own, or what a test puts in its place. */
export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Resolves after that many milliseconds, rejects with `AbortError` when cancelled before. */
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  /** 0…1, uniform. */
  readonly random: () => number;
}

export const BROWSER_NETWORK: Network = {
  fetch: (url, init) => fetch(url, init),
  random: () => Math.random(),
  pause: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

export interface RemoteRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Posted; without one it is a GET. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly token: string | null;
  readonly timeoutMs: number;
}

export interface RemoteResponse {
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/** Why a try failed, and when another may help. */
interface Setback {
  readonly reason: string;
  /** What the server said in `Retry-After`, milliseconds; 0 if nothing. */
  readonly retryAfter: number;
}

/**
 * Makes a request that may be repeated without harm. Where the network, or the server for the moment, fails, it is tried
 * again after growing pauses of random length, so that many pages do not come back all at once.
 *
 * @throws DOMException `AbortError` at once when cancelled
 * @throws EarmarkError `server-unreachable` when all tries failed; `server-refused` for a wrong token; `server-mismatch`
 *   for any other answer than success
 */
export async function requestPatiently(
  request: RemoteRequest,
  signal?: AbortSignal,
  network: Network = BROWSER_NETWORK,
): Promise<RemoteResponse> {
  const { host } = new URL(request.url);
  for (let tries = 1; ; tries += 1) {
    const result = await tryOnce(request, host, signal, network);
    if ('body' in result) return result;
    const { reason, retryAfter } = result;
    if (tries === MOST_TRIES || retryAfter > LONGEST_RETRY_AFTER) {
      const when = retryAfter > 0 ? ` in ${Math.ceil(retryAfter / 1000)} s` : '';
      throw new EarmarkError(
        'server-unreachable',
        `The inference server ${host} could not be reached: ${reason}. Check the connection, and that the server runs and allows requests from this page (CORS), then try again${when}.`,
      );
    }
    const pause = network.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1));
    await network.pause(retryAfter + pause, signal);
  }
}

async function tryOnce(
  request: RemoteRequest,
  host: string,
  signal: AbortSignal | undefined,
  network: Network,
): Promise<RemoteResponse | Setback> {
  const { url, headers, body, token, timeoutMs } = request;
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let content: ArrayBuffer;
  try {
    response = await network.fetch(url, {
      headers: { ...headers, ...(token !== null && { Authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { method: 'POST', body }),
      cache: 'no-store',
      credentials: 'omit',
      // The token and the features are for this server only.
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    content = await response.arrayBuffer();
  } catch (error) {
    signal?.throwIfAborted();
    if (isAbortError(error)) throw error;
    const reason = late.aborted
      ? `it did not answer within ${timeoutMs / 1000} s`
      : error instanceof Error
        ? error.message
        : String(error);
    return { reason, retryAfter: 0 };
  }
  if (response.ok) return { headers: response.headers, body: content };
  const { status } = response;
  if (PASSING.has(status))
    return { reason: `it answered ${status}`, retryAfter: parseRetryAfter(response.headers.get('Retry-After')) };
  if (status === 401 || status === 403) {
    throw new EarmarkError(
      'server-refused',
      `The inference server ${host} refused the request (${status}). ${token === null ? 'It asks for a token' : 'Check the token'}.`,
    );
  }
  throw mismatch(host, `it answered ${status}${quoteError(content)}`);
}

/** Seconds, or a date (RFC 9110 §10.2.3), as milliseconds from now; 0 for anything else. */
function parseRetryAfter(value: string | null): number {
  if (value === null || value.trim() === '') return 0;
  const milliseconds = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return milliseconds > 0 ? milliseconds : 0;
}

/** What the server says in its `error`, shortened. */
function quoteError(content: ArrayBuffer): string {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(content)) as { error?: unknown };
    return typeof error === 'string' ? `: ${error.slice(0, LONGEST_QUOTE)}` : '';
  } catch {
    return '';
  }
}

/** The error for a server that does not have the model that is looked for. */
export function mismatch(host: string, what: string): EarmarkError {
  return new EarmarkError(
    'server-mismatch',
    `The inference server ${host} cannot be used: ${what}. Check its model repository.`,
  );
}
