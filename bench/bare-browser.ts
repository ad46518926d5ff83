import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { ensureBrowser, QUIET_FLAGS } from '../scripts/browser.js';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Params = Readonly<Record<string, unknown>>;

/** A page in a {@link BareBrowser}. */
export interface BarePage {
  /** The value of an expression, or what its promise comes to. */
  evaluate<T>(expression: string): Promise<T>;
  /** Chooses files for an `<input type=file>`. */
  chooseFiles(selector: string, files: readonly string[]): Promise<void>;
}

/**
 * A browser that is told what to do over the DevTools protocol, and not listened to. A test driver listens to the network,
 * for which the page's process keeps the bodies of all responses: tens of megabytes that no user has.
 */
export class BareBrowser {
  #nextId = 1;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #received = '';

  private constructor(
    private readonly input: Writable,
    private readonly ended: Promise<unknown>,
    output: Readable,
  ) {
    output.setEncoding('utf8');
    output.on('data', (text: string) => this.#receive(text));
  }

  /** @param profile a folder that the browser keeps its data in */
  static launch(profile: string): BareBrowser {
    const flags = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, ...QUIET_FLAGS];
    const browser = spawn(ensureBrowser(), flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    return new BareBrowser(browser.stdio[3] as Writable, once(browser, 'exit'), browser.stdio[4] as Readable);
  }

  async open(url: string): Promise<BarePage> {
    const { targetId } = await this.#send<{ targetId: string }>('Target.createTarget', { url });
    const { sessionId } = await this.#send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const send = <T>(method: string, params: Params) => this.#send<T>(method, params, sessionId);
    return {
      async evaluate<T>(expression: string) {
        const params = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await send<Evaluated>('Runtime.evaluate', params);
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value as T;
      },
      async chooseFiles(selector, files) {
        const expression = `document.querySelector(${JSON.stringify(selector)})`;
        const { result } = await send<Evaluated>('Runtime.evaluate', { expression });
        await send('DOM.setFileInputFiles', { files, objectId: result.objectId });
      },
    };
  }

  /** The processes that run pages, with their ids. */
  async rendererIds(): Promise<number[]> {
    const { processInfo } = await this.#send<{ processInfo: { id: number; type: string }[] }>(
      'SystemInfo.getProcessInfo',
    );
    return processInfo.flatMap(({ id, type }) => (type === 'renderer' ? [id] : []));
  }

  async close(): Promise<void> {
    await this.#send('Browser.close');
    await this.ended;
  }

  async #send<T>(method: string, params: Params = {}, sessionId?: string): Promise<T> {
    const id = this.#nextId;
    this.#nextId += 1;
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await reply;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Messages end with a NUL. */
  #receive(text: string): void {
    const messages = (this.#received + text).split('\0');
    this.#received = messages.pop()!;
    for (const message of messages) {
      const reply = JSON.parse(message) as Reply;
      if (reply.id === undefined) continue;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    }
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown; readonly objectId?: string };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}
