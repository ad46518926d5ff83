import { expect } from '@open-wc/testing';
import { chooseBackend, type BackendTrial, type ChooseBackendOptions } from '../../src/engine/backend-choice.js';
import type { Backend } from '../../src/engine/embedding-engine.js';
import type { SelfTestResult } from '../../src/engine/protocol.js';

const never = new Promise<never>(() => {});

function result(milliseconds: number | null, vectors: number[] = [0.6, 0.8, 1, 0]): SelfTestResult {
  return { type: 'self-tested', frames: Float32Array.from(vectors), dimension: 2, milliseconds };
}

/** A machine with the given adapter and backends; keeps book of what was tried. */
function machine(
  adapter: 'hardware' | 'software' | null,
  backends: Partial<Record<Backend, () => Promise<SelfTestResult>>>,
): BackendTrial & { tried: Backend[] } {
  const tried: Backend[] = [];
  return {
    tried,
    adapter: async () => adapter,
    test: async (backend) => {
      tried.push(backend);
      return backends[backend]!();
    },
  };
}

function choose(trial: BackendTrial, options: Partial<ChooseBackendOptions> = {}) {
  return chooseBackend({
    wanted: 'auto',
    wasmWorkers: 2,
    trial,
    graph: { dtype: 'fp32', bytes: 1_883_893 },
    isIos: false,
    preferences: null,
    key: 'earmark.backend.test',
    browser: 'Browser 1',
    delay: () => never,
    ...options,
  });
}

const fastGpu = () => machine('hardware', { wasm: async () => result(40), webgpu: async () => result(4) });

describe('chooseBackend', () => {
  afterEach(() => localStorage.clear());

  it('takes a GPU that agrees and is faster than all CPU workers together', async () => {
    const choice = await choose(fastGpu());
    expect(choice).to.deep.equal({
      backend: 'webgpu',
      reason: 'WebGPU agreed with WASM and was 5.0 × faster',
      fellBack: false,
      workers: 1,
    });
  });

  it('stays on the CPU when its workers together are faster', async () => {
    const trial = machine('hardware', { wasm: async () => result(40), webgpu: async () => result(30) });
    const choice = await choose(trial);
    expect(choice).to.include({ backend: 'wasm', fellBack: false, workers: 2 });
    expect(choice.reason).to.equal('The CPU (WASM) was 1.5 × faster than WebGPU');
  });

  it('does not take a GPU whose results differ, be it in one frame', async () => {
    const trial = machine('hardware', {
      wasm: async () => result(40),
      webgpu: async () => result(4, [0.6, 0.8, 1, 0.02]),
    });
    expect(await choose(trial)).to.include({ backend: 'wasm', fellBack: true });
  });

  it('does not take a GPU that gives no numbers', async () => {
    const trial = machine('hardware', { wasm: async () => result(40), webgpu: async () => result(4, [0, 0, NaN, 0]) });
    expect(await choose(trial)).to.include({ backend: 'wasm', fellBack: true });
  });

  it('says why when the GPU fails', async () => {
    const webgpu = () => Promise.reject(new Error('no shader-f32'));
    const choice = await choose(machine('hardware', { wasm: async () => result(40), webgpu }));
    expect(choice).to.include({ backend: 'wasm', fellBack: true });
    expect(choice.reason).to.contain('no shader-f32');
  });

  it('never loads the WebGPU runtime without a GPU, or with one that the CPU imitates', async () => {
    for (const adapter of [null, 'software'] as const) {
      const trial = machine(adapter, {});
      expect(await choose(trial)).to.include({ backend: 'wasm', fellBack: false });
      expect(trial.tried).to.deep.equal([]);
    }
  });

  it('gives up the trial when the time is over', async () => {
    let ring = () => {};
    const clock = new Promise<void>((resolve) => {
      ring = resolve;
    });
    const asked: number[] = [];
    const delay = (milliseconds: number) => {
      asked.push(milliseconds);
      return clock;
    };
    const stuck = machine('hardware', { wasm: async () => result(40), webgpu: () => never });
    const choosing = choose(stuck, { delay, preferences: localStorage });
    await Promise.resolve();
    ring();
    expect(await choosing).to.include({ backend: 'wasm', fellBack: true });
    expect(asked).to.deep.equal([4000]);
    const next = await choose(fastGpu(), { preferences: localStorage });
    expect(next, 'one slow network decides nothing for good').to.include({ backend: 'webgpu' });
  });

  it('tries once a browser, not once a visit', async () => {
    const first = await choose(fastGpu(), { preferences: localStorage });
    const second = fastGpu();
    expect(await choose(second, { preferences: localStorage })).to.deep.equal(first);
    expect(second.tried).to.deep.equal([]);
    const updated = fastGpu();
    await choose(updated, { preferences: localStorage, browser: 'Browser 2' });
    expect(updated.tried).to.deep.equal(['wasm', 'webgpu']);
  });

  it('does not rely on a remembered GPU that has gone', async () => {
    await choose(fastGpu(), { preferences: localStorage });
    expect(await choose(machine(null, {}), { preferences: localStorage })).to.include({ backend: 'wasm' });
  });

  it('tries anew when what was remembered cannot be read', async () => {
    localStorage.setItem('earmark.backend.test', '{"browser": 1');
    expect(await choose(fastGpu(), { preferences: localStorage })).to.include({ backend: 'webgpu' });
  });

  it('works where nothing can be remembered', async () => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const preferences = { getItem: denied, setItem: denied, removeItem: denied };
    expect(await choose(fastGpu(), { preferences })).to.include({ backend: 'webgpu' });
  });

  it('obeys the user', async () => {
    expect(await choose(fastGpu(), { wanted: 'wasm' })).to.include({ backend: 'wasm', fellBack: false });
    const slow = machine('software', { wasm: async () => result(null), webgpu: async () => result(null) });
    expect(await choose(slow, { wanted: 'webgpu' })).to.include({ backend: 'webgpu', workers: 1 });
  });

  it('falls back from a GPU that was asked for but is not there, or wrong', async () => {
    expect(await choose(machine(null, {}), { wanted: 'webgpu' })).to.include({ backend: 'wasm', fellBack: true });
    const wrong = machine('hardware', {
      wasm: async () => result(null),
      webgpu: async () => result(null, [0, 1, 0, 1]),
    });
    expect(await choose(wrong, { wanted: 'webgpu' })).to.include({ backend: 'wasm', fellBack: true });
  });
});
