import { abortError } from '../../src/engine/errors.js';
import type { Network } from '../../src/engine/remote-request.js';

export interface SeenRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

type Answer = Response | Error | 'never';

/** A network with a server at its end that does what the test says, and a clock that only counts. */
export class FakeServer implements Network {
  readonly seen: SeenRequest[] = [];
  /** Pauses between tries, milliseconds. */
  readonly pauses: number[] = [];

  /** @param answer to a request, by how many came before it */
  constructor(private readonly answer: (request: SeenRequest, index: number) => Answer) {}

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const body = init.body === undefined ? new Uint8Array() : await new Response(init.body).bytes();
    const request = { url, headers: new Headers(init.headers), body };
    this.seen.push(request);
    const answer = this.answer(request, this.seen.length - 1);
    if (answer instanceof Response) return answer;
    if (answer instanceof Error) throw answer;
    return new Promise((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
  };

  readonly pause = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
    this.pauses.push(milliseconds);
    if (signal?.aborted === true) throw abortError();
  };

  readonly random = (): number => 1;
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}
