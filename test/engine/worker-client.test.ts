import { aTimeout, expect } from '@open-wc/testing';
import { handOver, type FileContents } from '../../src/engine/described-file.js';
import { EarmarkError } from '../../src/engine/errors.js';
import type { WorkerRequest } from '../../src/engine/protocol.js';
import { WorkerClient, type WorkerClientOptions } from '../../src/engine/worker-client.js';
import { FakeWorker } from './fake-worker.js';

const LOAD = { type: 'embed-text', text: 'stands for loading' } satisfies WorkerRequest;
const TEXT = { type: 'embed-text', text: 'dog bark' } satisfies WorkerRequest;

function setUp(idleMs = 60_000, load: WorkerClientOptions['load'] = (post) => post(LOAD)) {
  const workers: FakeWorker[] = [];
  const client = new WorkerClient({
    url: new URL('https://example.org/analysis.worker.js'),
    createWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    load,
    idleMs,
  });
  return { client, workers };
}

async function started(idleMs?: number) {
  const { client, workers } = setUp(idleMs);
  const starting = client.start();
  await aTimeout(0);
  workers[0].close();
  await starting;
  return { client, workers };
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'fulfilled',
    (error: unknown) => (error instanceof EarmarkError ? error.code : (error as Error).name),
  );
}

describe('WorkerClient', () => {
  it('rejects everything pending when the worker crashes, and starts a fresh one on the next use', async () => {
    const { client, workers } = await started();
    const pending = [client.request(TEXT), client.request(TEXT)].map(outcome);
    await aTimeout(0);
    workers[0].dispatchEvent(new ErrorEvent('error', { message: 'memory access out of bounds' }));
    expect(await Promise.all(pending)).to.deep.equal(['worker-crashed', 'worker-crashed']);
    expect(workers[0].terminated).to.equal(true);
    const next = client.request(TEXT);
    await aTimeout(0);
    workers[1].close();
    await aTimeout(0);
    workers[1].close();
    expect(await outcome(next)).to.equal('fulfilled');
  });

  it('rejects everything pending when a message cannot be read', async () => {
    const { client, workers } = await started();
    const pending = outcome(client.request(TEXT));
    await aTimeout(0);
    workers[0].dispatchEvent(new MessageEvent('messageerror'));
    expect(await pending).to.equal('worker-crashed');
  });

  it('tells a script that could not be fetched from a crash', async () => {
    const { client, workers } = setUp();
    const starting = outcome(client.start());
    await aTimeout(0);
    workers[0].dispatchEvent(new Event('error'));
    expect(await starting).to.equal('worker-missing');
  });

  it('does not remember a failed start', async () => {
    const { client, workers } = setUp();
    const starting = outcome(client.start());
    await aTimeout(0);
    workers[0].reply({ job: 1, type: 'failed', code: 'out-of-memory', message: 'no memory', fatal: true });
    expect(await starting).to.equal('out-of-memory');
    const again = outcome(client.start());
    await aTimeout(0);
    workers[1].close();
    expect(await again).to.equal('fulfilled');
  });

  it('gives a worker that refuses a file its next content, and waits for that as long as it takes', async () => {
    const described = { path: 'graph.onnx', bytes: 5, sha256: 'abc' };
    const [stale, fresh] = [new Blob(['stale']), new Blob(['fresh'])];
    let arrives = () => {};
    async function* contents(): FileContents {
      yield stale;
      await new Promise<void>((resolve) => (arrives = resolve));
      yield fresh;
      throw new Error('There is no other.');
    }
    const { client, workers } = setUp(20, (post) =>
      handOver({ ...described, contents }, (graph) => post({ type: 'inspect-graph', graph })),
    );
    const starting = outcome(client.start());
    await aTimeout(0);
    const refusal = { type: 'failed', code: 'model-corrupt', message: 'another file', fatal: false } as const;
    workers[0].reply({ job: 1, ...refusal, isOtherFile: true });
    await aTimeout(60);
    expect(workers[0].terminated, 'it is not idle, it waits').to.equal(false);
    arrives();
    await aTimeout(0);
    workers[0].close();
    expect(await starting).to.equal('fulfilled');
    expect(workers[0].received).to.deep.equal([
      { job: 1, type: 'inspect-graph', graph: { ...described, content: stale } },
      { job: 2, type: 'inspect-graph', graph: { ...described, content: fresh } },
    ]);
    await aTimeout(60);
    expect(workers[0].terminated, 'now it is idle').to.equal(true);
  });

  it('rejects a cancelled request at once, tells the worker and drops what comes late', async () => {
    const { client, workers } = await started();
    const controller = new AbortController();
    const windows: number[] = [];
    const request = client.request(TEXT, { signal: controller.signal, onWindow: ({ index }) => windows.push(index) });
    await aTimeout(0);
    const { job } = workers[0].received[1];
    const window = { job, type: 'window', frames: new Float32Array(), clip: new Float32Array() } as const;
    workers[0].reply({ ...window, index: 0, levels: new Float32Array() });
    controller.abort();
    expect(await outcome(request)).to.equal('AbortError');
    expect(workers[0].received[2]).to.deep.equal({ job, type: 'cancel' });
    workers[0].reply({ ...window, index: 1, levels: new Float32Array() });
    expect(windows).to.deep.equal([0]);
    expect(client.openJobs, 'the worker is still busy').to.equal(1);
    workers[0].reply({ job, type: 'cancelled' });
    expect(client.openJobs).to.equal(0);
  });

  it('ends an idle worker, and starts another when it is needed', async () => {
    const { client, workers } = await started(20);
    await aTimeout(60);
    expect(workers[0].terminated).to.equal(true);
    void client.start();
    await aTimeout(0);
    expect(workers.length).to.equal(2);
  });

  it('does not end a worker that is at work', async () => {
    const { client, workers } = await started(20);
    const request = client.request(TEXT);
    await aTimeout(60);
    expect(workers[0].terminated).to.equal(false);
    workers[0].close();
    expect(await outcome(request)).to.equal('fulfilled');
    client.end();
  });
});
