import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.flac': 'audio/flac',
  '.wav': 'audio/wav',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
};

export interface StaticServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

export interface StaticServerOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number;
  /** Further folders by URL prefix, e.g. `{ '/audio/': '/data/recordings' }`. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Called before a file is looked up; returns true when it has answered. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

async function sendFile(
  root: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const resolved = path.resolve(root, `.${path.posix.normalize(`/${pathname}`)}`);
  if (resolved !== root && !resolved.startsWith(root + path.sep)) {
    response.writeHead(403).end();
    return;
  }
  const found = await stat(resolved).catch(() => null);
  const file = found?.isDirectory() === true ? path.join(resolved, 'index.html') : resolved;
  const info = found?.isDirectory() === true ? await stat(file).catch(() => null) : found;
  if (info === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return;
  }
  // Several workers load the same files: with a validator the browser sends them once.
  const etag = `"${info.size.toString(16)}-${Math.floor(info.mtimeMs).toString(16)}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag, 'cache-control': 'no-cache' }).end();
    return;
  }
  const head: Record<string, string | number> = {
    etag,
    'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range && range[2] !== '' ? Math.min(Number(range[2]), info.size - 1) : info.size - 1;
  if (range) head['content-range'] = `bytes ${start}-${end}/${info.size}`;
  response.writeHead(range ? 206 : 200, { ...head, 'content-length': Math.max(0, end - start + 1) });
  if (request.method === 'HEAD' || info.size === 0) response.end();
  else
    createReadStream(file, { start, end })
      .on('error', () => response.destroy())
      .pipe(response);
}

/** A plain static file server on the loopback interface: no special headers, byte ranges, nothing outside its folders. */
export async function startStaticServer(root: string, options: StaticServerOptions = {}): Promise<StaticServer> {
  const mounts = Object.entries(options.mounts ?? {}).map(
    ([prefix, folder]) => [prefix, path.resolve(folder)] as const,
  );
  const base = path.resolve(root);
  const server: Server = createServer((request, response) => {
    if (options.intercept?.(request, response) === true) return;
    let pathname: string;
    try {
      pathname = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    } catch {
      response.writeHead(400).end();
      return;
    }
    const mount = mounts.find(([prefix]) => pathname.startsWith(prefix));
    const [folder, rest] = mount ? [mount[1], pathname.slice(mount[0].length)] : [base, pathname];
    sendFile(folder, rest, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
