import { expect } from '@open-wc/testing';
import { BROWSER_NETWORK, requestPatiently, type RemoteRequest } from '../../src/engine/remote-request.js';
import { FakeServer, json } from './fake-server.js';

const REQUEST: RemoteRequest = { url: 'https://inference.example/v2', token: 'secret', timeoutMs: 5000 };

const status = (code: number, headers: Record<string, string> = {}) => json({}, { status: code, headers });
const lost = () => new TypeError('Failed to fetch');

async function failure(promise: Promise<unknown>): Promise<{ code?: string; name: string; message: string }> {
  const error: unknown = await promise.then(
    () => new Error('it was fulfilled'),
    (reason: unknown) => reason,
  );
  return error as Error & { code?: string };
}

describe('a request to an inference server', () => {
  for (const [name, first] of [
    ['429', () => status(429)],
    ['502', () => status(502)],
    ['503', () => status(503)],
    ['504', () => status(504)],
    ['a network that fails', lost],
  ] as const) {
    it(`survives ${name}`, async () => {
      const server = new FakeServer((_, index) => (index < 2 ? first() : json({ good: true })));
      const { body } = await requestPatiently(REQUEST, undefined, server);
      expect(new TextDecoder().decode(body)).to.equal('{"good":true}');
      expect(server.seen).to.have.length(3);
    });
  }

  it('waits twice as long each time, and gives up after six tries', async () => {
    const server = new FakeServer(() => status(503));
    const { code, message } = await failure(requestPatiently(REQUEST, undefined, server));
    expect(code).to.equal('server-unreachable');
    expect(message).to.contain('inference.example').and.to.contain('503');
    expect(server.pauses).to.deep.equal([500, 1000, 2000, 4000, 8000]);
  });

  it('waits for a random part of the pause, so that pages do not come back together', async () => {
    const server = new FakeServer((_, index) => (index === 0 ? status(503) : json({})));
    await requestPatiently(REQUEST, undefined, { fetch: server.fetch, pause: server.pause, random: () => 0.25 });
    expect(server.pauses).to.deep.equal([125]);
  });

  it('comes back no sooner than the server allows', async () => {
    const server = new FakeServer((_, index) => (index === 0 ? status(429, { 'Retry-After': '7' }) : json({})));
    await requestPatiently(REQUEST, undefined, server);
    expect(server.pauses).to.deep.equal([7500]);
  });

  it('understands a date in Retry-After', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const server = new FakeServer((_, index) => (index === 0 ? status(503, { 'Retry-After': date }) : json({})));
    await requestPatiently(REQUEST, undefined, server);
    expect(server.pauses[0]).to.be.within(18_500, 20_500);
  });

  it('does not wait for hours', async () => {
    const server = new FakeServer(() => status(503, { 'Retry-After': '3600' }));
    const { code, message } = await failure(requestPatiently(REQUEST, undefined, server));
    expect(code).to.equal('server-unreachable');
    expect(message).to.contain('in 3600 s');
    expect(server.seen).to.have.length(1);
  });

  it('tries again when there is no answer in time', async () => {
    const server = new FakeServer((_, index) => (index === 0 ? 'never' : json({})));
    await requestPatiently({ ...REQUEST, timeoutMs: 30 }, undefined, server);
    expect(server.seen).to.have.length(2);
  });

  it('does not ask again what was refused, and says which token is missing or wrong', async () => {
    for (const [token, hint] of [
      ['secret', 'Check the token'],
      [null, 'It asks for a token'],
    ] as const) {
      const server = new FakeServer(() => status(401));
      const { code, message } = await failure(requestPatiently({ ...REQUEST, token }, undefined, server));
      expect(code).to.equal('server-refused');
      expect(message).to.contain(hint).and.not.to.contain('secret');
      expect(server.seen).to.have.length(1);
    }
  });

  it("passes on the server's own words", async () => {
    const server = new FakeServer(() => json({ error: 'batch-size must be <= 4' }, { status: 400 }));
    const { code, message } = await failure(requestPatiently(REQUEST, undefined, server));
    expect(code).to.equal('server-mismatch');
    expect(message).to.contain('400: batch-size must be <= 4');
    expect(server.seen).to.have.length(1);
  });

  it('sends the token in the header, and nothing of the page', async () => {
    let init: RequestInit = {};
    const fetch = async (_: string, given: RequestInit) => {
      init = given;
      return json({});
    };
    await requestPatiently(REQUEST, undefined, { ...BROWSER_NETWORK, fetch });
    expect(new Headers(init.headers).get('Authorization')).to.equal('Bearer secret');
    expect(init).to.include({ credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });
  });

  it('stops at once when cancelled, in a request and in a pause', async () => {
    const inRequest = new AbortController();
    const silent = new FakeServer(() => 'never');
    const asking = failure(requestPatiently(REQUEST, inRequest.signal, silent));
    inRequest.abort();
    expect((await asking).name).to.equal('AbortError');

    const inPause = new AbortController();
    const busy = new FakeServer(() => status(503, { 'Retry-After': '60' }));
    const waiting = failure(requestPatiently(REQUEST, inPause.signal, { ...BROWSER_NETWORK, fetch: busy.fetch }));
    setTimeout(() => inPause.abort(), 20);
    expect((await waiting).name).to.equal('AbortError');
    expect(busy.seen).to.have.length(1);
  });
});
