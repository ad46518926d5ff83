import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { globSync } from 'glob';

const ID = 'Xenova/clap-htsat-unfused';
const COMMIT = '8e0e4d1f3b7a5c29d6f8a1b2c3d4e5f601234567';
/** What huggingface.co lets pages of other origins see. */
const EXPOSED = 'X-Repo-Commit,X-Error-Code,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag';

/** A hub with one small CLAP on it, which sends large files by a second host, as the real one does. */
export interface HubServer {
  readonly origin: string;
  /** What both hosts were asked for: method, host, path, range. */
  readonly requests: string[];
  /** Large files are cut off after so many bytes; null (default) sends them whole. */
  cutAfter: number | null;
  /** Whether connections are refused. Default false. */
  isDown: boolean;
  close(): Promise<void>;
}

export async function startHub(folder = 'test/golden/clap/model'): Promise<HubServer> {
  const files = new Map(
    globSync('**/*.{json,onnx}', { cwd: folder }).map((name) => [
      name.replaceAll(path.sep, '/'),
      readFileSync(path.join(folder, name)),
    ]),
  );
  const requests: string[] = [];
  const note = (host: string, { method, url, headers }: IncomingMessage) =>
    requests.push([method, host, url, headers.range].filter(Boolean).join(' '));

  const cdn = createServer((request, response) => {
    note('cdn', request);
    // Like the real one it answers no preflight.
    if (request.method === 'OPTIONS') {
      response.writeHead(403).end();
      return;
    }
    const bytes = files.get(decodeURIComponent(request.url!.slice(1)))!;
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'Access-Control-Allow-Origin': '*',
      'Content-Length': rest.length,
      'Content-Type': 'application/octet-stream',
    });
    if (hub.cutAfter === null || rest.length <= hub.cutAfter) response.end(rest);
    else response.write(rest.subarray(0, hub.cutAfter), () => setTimeout(() => response.destroy(), 200));
  });

  const main = createServer((request, response) => {
    note('hub', request);
    if (hub.isDown) {
      response.destroy();
      return;
    }
    const url = new URL(request.url!, 'http://hub');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    if ([`/api/models/${ID}/revision/main`, `/api/models/${ID}/revision/${COMMIT}`].includes(url.pathname)) {
      sendInfo(response);
      return;
    }
    const name = new RegExp(`^/${ID}/resolve/${COMMIT}/(.+)$`).exec(url.pathname)?.[1];
    const bytes = files.get(name ?? '');
    if (!bytes) {
      response.writeHead(404).end('Entry not found');
      return;
    }
    response.setHeader('X-Repo-Commit', COMMIT);
    if (!name!.endsWith('.onnx')) {
      response.setHeader('ETag', `"${gitSha1(bytes)}"`).end(bytes);
      return;
    }
    response.setHeader('X-Linked-Etag', `"${sha256(bytes)}"`);
    response.setHeader('X-Linked-Size', bytes.length);
    response.writeHead(302, { Location: `${originOf(cdn, '127.0.0.1')}/${encodeURIComponent(name!)}` }).end();
  });

  function sendInfo(response: ServerResponse): void {
    const siblings = [...files].map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      blobId: gitSha1(bytes),
      ...(rfilename.endsWith('.onnx') && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
    }));
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ id: ID, sha: COMMIT, siblings }));
  }

  await Promise.all([listen(cdn), listen(main)]);
  const hub: HubServer = {
    origin: originOf(main, 'localhost'),
    requests,
    cutAfter: null,
    isDown: false,
    close: async () => {
      await Promise.all([cdn, main].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
  return hub;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, resolve));
}

function originOf(server: Server, host: string): string {
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function gitSha1(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
