import { expect } from '@open-wc/testing';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine } from '../../src/engine/create-engine.js';
import { GraphChoice } from '../../src/engine/graph-choice.js';
import { clapFolder, goldenRecording } from './clap-folder.js';
import { MemorySource } from './memory-source.js';

/** A worker whose GPU device is destroyed when a channel says so, as a driver that crashes does it. */
function withDestroyableGpu(url: URL): Worker {
  const patch = `
    const { prototype } = globalThis.GPUAdapter ?? { prototype: {} };
    const { requestDevice } = prototype;
    const channel = new BroadcastChannel('destroy the GPU');
    prototype.requestDevice = async function (...rest) {
      const device = await requestDevice.apply(this, rest);
      new BroadcastChannel('GPU devices').postMessage(null);
      channel.addEventListener('message', () => device.destroy());
      return device;
    };`;
  const script = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return new Worker(script(`import '${script(patch)}'; import '${url.href}';`), { type: 'module' });
}

describe('CLAP on WebGPU', () => {
  it('runs half precision only where the GPU computes with it, and never the quantised graph', async () => {
    const source = await clapModel(await clapFolder());
    const names = (shaderF16: boolean) => {
      const graphs = new GraphChoice(source, shaderF16);
      return [graphs.current('webgpu')?.dtype, graphs.current('wasm')?.dtype];
    };
    expect(names(true)).to.deep.equal(['fp16', 'q8']);
    expect(names(false)).to.deep.equal(['fp32', 'q8']);
    const quantised = ['onnx/audio_model_quantized.onnx', 'onnx/text_model.onnx'];
    const onlyForCpu = new GraphChoice(await clapModel(await clapFolder({ graphs: quantised })), true);
    expect(onlyForCpu.current('webgpu')).to.equal(undefined);
  });

  it('stays on the CPU where there is no graph for the GPU, and says so', async () => {
    const graphs = ['onnx/audio_model_quantized.onnx', 'onnx/text_model.onnx'];
    const engine = createEmbeddingEngine({
      assetBase: new URL('/dist/', location.href),
      model: async () => clapModel(await clapFolder({ graphs })),
      backend: 'webgpu',
    });
    await engine.load();
    expect(engine.choice).to.include({ backend: 'wasm', fellBack: true });
    expect(engine.choice!.reason).to.contain('no file of the model for WebGPU');
    engine.destroy();
  });

  it('agrees with the CPU of its own runtime on its own graph, without reading the CPU’s', async function test() {
    // Chromium's software GPU compiles the shaders of every operation.
    this.timeout(180_000);
    const folder = await clapFolder({
      graphs: ['onnx/audio_model.onnx', 'onnx/audio_model_quantized.onnx', 'onnx/text_model.onnx'],
    });
    const engine = createEmbeddingEngine({
      assetBase: new URL('/dist/', location.href),
      model: () => clapModel(folder),
      backend: 'webgpu',
    });
    await engine.load();
    expect(engine.choice, engine.choice?.reason).to.include({ backend: 'webgpu', fellBack: false });
    const { track } = await engine.analyse(new MemorySource([goldenRecording(2)], 48_000));
    expect(track.analysed.every((value) => value === 1)).to.equal(true);
    expect(folder.reads).not.to.include('onnx/audio_model_quantized.onnx');
    engine.destroy();
  });

  it('opens a GPU anew that was destroyed in mid-analysis, keeps what was heard, and gives the same', async function test() {
    this.timeout(300_000);
    const destroyer = new BroadcastChannel('destroy the GPU');
    const devices = new BroadcastChannel('GPU devices');
    let opened = 0;
    devices.addEventListener('message', () => (opened += 1));
    const engine = createEmbeddingEngine({
      assetBase: new URL('/dist/', location.href),
      model: async () => clapModel(await clapFolder({ graphs: ['onnx/audio_model.onnx', 'onnx/text_model.onnx'] })),
      backend: 'webgpu',
      createWorker: withDestroyableGpu,
    });
    const source = () => new MemorySource([goldenRecording(2)], 48_000);
    const undisturbed = (await engine.analyse(source())).track;
    expect(engine.choice, engine.choice?.reason).to.include({ backend: 'webgpu', fellBack: false });
    const heard: number[] = [];
    const before = opened;
    const { track } = await engine.analyse(source(), {
      onWindows: (indices) => {
        if (heard.length === 0) destroyer.postMessage(null);
        heard.push(...indices);
      },
    });
    expect(engine.choice, engine.choice?.reason).to.include({ backend: 'webgpu', fellBack: false, regained: true });
    expect(opened - before, 'devices opened anew').to.equal(1);
    expect(heard).to.deep.equal(track.plan.windows.map(({ index }) => index));
    for (const name of ['frames', 'clips', 'levels'] as const) expect(track[name]).to.deep.equal(undisturbed[name]);
    engine.destroy();
    for (const channel of [destroyer, devices]) channel.close();
  });
});
