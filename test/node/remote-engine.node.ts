import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as ort from 'onnxruntime-web/wasm';
import { AudioModel } from '../../src/engine/audio-model.js';
import { handOver } from '../../src/engine/described-file.js';
import { ModelFolder } from '../../src/engine/model-folder.js';
import { createModelRuntime, type OnnxRuntime } from '../../src/engine/model-runtime.js';
import type { LoadAudioModel, WindowResult } from '../../src/engine/protocol.js';
import { connect, type RemoteServer } from '../../src/engine/remote-model.js';
import { modelFrameCount, planWindows } from '../../src/engine/window-plan.js';

const PYTHON = process.env['EARMARK_PYTHON'] ?? 'python3';
const RATE = 16_000;
const SECONDS = 21;

function reasonToSkip(): string | false {
  const { status } = spawnSync(PYTHON, ['-c', 'import mlserver, onnx, onnxruntime'], { stdio: 'ignore' });
  return status === 0
    ? false
    : `needs MLServer: pip install mlserver onnx onnxruntime, and EARMARK_PYTHON if that is not the Python of ${PYTHON}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Pocket's folder, read from the disk. */
function openPocket(): Promise<ModelFolder> {
  const folder = path.resolve('models/pocket');
  return ModelFolder.open(new URL('https://models.example/pocket/'), undefined, async (url) => {
    return new Response(await readFile(path.join(folder, url.pathname.replace('/pocket/', ''))));
  });
}

/** Clicks over a glide, so that every frame is different. */
function recording(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
    const time = i / RATE;
    return 0.3 * Math.sin(2 * Math.PI * (200 + 40 * time) * time) + (i % 9000 < 40 ? 0.5 : 0);
  });
}

describe('the remote engine, on MLServer', { skip: reasonToSkip() }, () => {
  let process_: ChildProcess;
  let server: RemoteServer;
  let pocket: ModelFolder;
  let log = '';

  before(async () => {
    const [http, grpc] = [await freePort(), await freePort()];
    process_ = spawn(PYTHON, ['-m', 'mlserver.cli.main', 'start', '.'], {
      cwd: path.resolve('test/node/remote'),
      env: {
        ...process.env,
        MLSERVER_HTTP_PORT: String(http),
        MLSERVER_GRPC_PORT: String(grpc),
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [process_.stdout!, process_.stderr!]) stream.on('data', (text) => (log += String(text)));
    const url = new URL(`http://127.0.0.1:${http}/`);
    server = { url, model: 'pocket_audio', version: null, token: null, batch: 8, timeoutMs: 60_000 };
    pocket = await openPocket();
    const ready = new URL('v2/models/pocket_audio/ready', url);
    for (let tries = 0; ; tries += 1) {
      if ((await fetch(ready).catch(() => null))?.ok === true) return;
      assert.ok(tries < 120 && process_.exitCode === null, `MLServer does not become ready:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  after(async () => {
    const ended = new Promise((resolve) => process_.once('exit', resolve));
    if (process_.kill('SIGTERM')) await ended;
  });

  async function analysed(graph: LoadAudioModel['graph']): Promise<WindowResult[]> {
    const { frontEnd, descriptor } = pocket;
    // Node's fetch reads no files.
    ort.env.wasm.wasmBinary = await readFile('node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
    const runtime = createModelRuntime(ort as unknown as OnnxRuntime, 'wasm');
    const message: LoadAudioModel = { type: 'load-audio-model', wasmUrl: '', graph, frontEnd, model: descriptor };
    const model = await AudioModel.load(runtime, message);
    const samples = recording();
    const { windows } = planWindows(modelFrameCount(samples.length, RATE, descriptor), descriptor);
    const results: WindowResult[] = [];
    for await (const result of model.analyse({
      type: 'analyse-span',
      windows,
      sourceRate: RATE,
      sourceLength: samples.length,
      start: 0,
      samples,
    }))
      results.push(result);
    return results;
  }

  it('gives the embeddings that this machine would', async () => {
    const { graph } = await connect(server, pocket);
    assert.equal(graph.binary, false, 'MLServer offers no binary tensors over HTTP');
    const local = await handOver(pocket.audioGraphs('wasm')[0]!, analysed);
    const remote = await analysed(graph);
    assert.deepEqual(
      remote.map(({ index }) => index),
      local.map(({ index }) => index),
    );
    let worst = 0;
    for (const [i, { frames, clip, levels }] of local.entries()) {
      assert.deepEqual(remote[i]!.levels, levels);
      assert.equal(remote[i]!.frames.length, frames.length);
      for (const [j, value] of frames.entries()) worst = Math.max(worst, Math.abs(value - remote[i]!.frames[j]!));
      for (const [j, value] of clip.entries()) worst = Math.max(worst, Math.abs(value - remote[i]!.clip[j]!));
    }
    assert.ok(worst < 1e-4, `embeddings differ by ${worst}`);
  });

  it('sends several windows in one request', async () => {
    const before_ = log.split('POST').length;
    const { graph } = await connect(server, pocket);
    const { length } = await analysed(graph);
    const posts = log.split('POST').length - before_;
    assert.ok(length === 4 && posts === 2, `${length} windows took ${posts} requests`);
  });

  it('says so when the model is not there', async () => {
    await assert.rejects(connect({ ...server, model: 'another' }, pocket), { code: 'server-mismatch' });
  });
});
