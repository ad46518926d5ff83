import type { BackendChoice, EmbeddingEngine } from '../engine/embedding-engine.js';
import { EarmarkError } from '../engine/errors.js';
import type { RemoteServer } from '../engine/remote-model.js';
import { checkNames } from './argument-rules.js';
import type { EngineSettings } from './options.js';

/** A server of the Open Inference Protocol, version 2 (KServe, NVIDIA Triton, MLServer), and the model on it. */
export interface RemoteOptions {
  /** Base address of the server, what stands before `v2/`. */
  readonly url: string | URL;
  /** Name that the server has given to the audio graph. */
  readonly model: string;
  /** Default: the one that the server takes for the current one. */
  readonly version?: string | undefined;
  /** Sent as bearer token with every request; kept in memory only. Needs https, or a server on this machine. */
  readonly token?: string | undefined;
  /** Most windows in one request, 1…64; not above the server's `max_batch_size`. Default 8. */
  readonly batch?: number | undefined;
  /** Seconds that the server has for an answer before it is asked again, 1…600. Default 60. */
  readonly timeout?: number | undefined;
}

/** Makes engines; for the option `createEngine`. */
export interface RemoteEngineFactory {
  (settings: EngineSettings): Promise<EmbeddingEngine>;
  /** Where the engines send to; shown before there is one. */
  readonly choice: BackendChoice;
}

/** Workers compute the log-mel, and as many requests are under way at a time. */
const MOST_WORKERS = 4;

/**
 * Has the audio side of the model run by a server. Spectrograms (log-mel) of the recording are sent to it, the audio
 * itself is not; prompts are encoded in the page, and leave it in no form.
 * Its kind of model has to be that of the option `model`: the page does the front end and the prompts with that.
 *
 * ```ts
 * const createEngine = remoteEngine({ url: 'https://inference.example/', model: 'pocket_audio', token });
 * const earmark = createEarmark({ createEngine });
 * ```
 *
 * @throws EarmarkError `bad-option`, which names the option and its range
 */
export function remoteEngine(options: RemoteOptions): RemoteEngineFactory {
  checkNames('remoteEngine()', ['url', 'model', 'version', 'token', 'batch', 'timeout'], options);
  const server = checkedServer(options);
  const choice: BackendChoice = Object.freeze({
    backend: 'remote',
    reason: `The model “${options.model}” on ${server.url.host} was asked for`,
    fellBack: false,
    workers: Math.min(navigator.hardwareConcurrency, MOST_WORKERS),
    sentTo: server.url.host,
  });
  const create = async (settings: EngineSettings): Promise<EmbeddingEngine> => {
    const [{ createDefaultEngine }, { connect }] = await Promise.all([
      import('./default-engine.js'),
      import('../engine/remote-model.js'),
    ]);
    // Fine mode is an output that the page appends to a graph; a served graph is as it is.
    return createDefaultEngine(
      { ...settings, fine: false },
      {
        choice: { ...choice, workers: settings.workers ?? choice.workers },
        connect: (model, signal) => connect(server, model, signal),
      },
    );
  };
  return Object.assign(create, { choice });
}

function badOption(name: string, must: string): EarmarkError {
  return new EarmarkError('bad-option', `The option “${name}” of remoteEngine has to ${must}.`);
}

function checkedServer({ url, model, version, token, batch = 8, timeout = 60 }: RemoteOptions): RemoteServer {
  const base = URL.canParse(String(url)) ? new URL(url) : null;
  if (base === null || !/^https?:$/.test(base.protocol) || base.username !== '' || base.password !== '')
    throw badOption('url', 'be the absolute http(s) address of a server, without user and password');
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  base.search = base.hash = '';
  if (typeof model !== 'string' || model === '') throw badOption('model', "be the model's name on the server");
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(base.hostname);
  if (token !== undefined && base.protocol === 'http:' && !isLocal)
    throw badOption('url', 'begin with https: where a token is sent');
  if (token !== undefined && !/^[\w\-.~+/]+=*$/.test(token))
    throw badOption('token', 'be a bearer token (RFC 6750), without the word “Bearer”');
  if (!Number.isInteger(batch) || batch < 1 || batch > 64) throw badOption('batch', 'be a whole number, 1…64');
  if (!(timeout >= 1 && timeout <= 600)) throw badOption('timeout', 'be a number of seconds, 1…600');
  return { url: base, model, version: version ?? null, token: token ?? null, batch, timeoutMs: timeout * 1000 };
}
