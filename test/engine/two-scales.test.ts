import { expect, waitUntil } from '@open-wc/testing';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import { IndexedDbEmbeddingCache } from '../../src/engine/embedding-cache.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import { clipCount, type EmbeddingTrack } from '../../src/engine/embedding-track.js';
import type { EarmarkError } from '../../src/engine/errors.js';
import type { FromWorker } from '../../src/engine/protocol.js';
import { modelFrameCount, nextWindows, planWindows } from '../../src/engine/window-plan.js';
import { PromptScorer } from '../../src/tasks/prompt-scorer.js';
import { clapFolder, goldenRecording } from './clap-folder.js';
import { MemorySource } from './memory-source.js';

const CLAP = {
  kind: 'windows',
  sampleRate: 48_000,
  melHop: 480,
  melFramesPerFrame: 50,
  windowFrames: 20,
  clipSamples: 480_000,
} as const;

describe('windows at two scales', () => {
  for (const seconds of [0.1, 0.6, 1.9, 2, 9.9, 10, 25.3, 180]) {
    it(`cover ${seconds} s once with long ones and once with short ones`, () => {
      const frameCount = modelFrameCount(Math.round(seconds * 44_100), 44_100, CLAP);
      expect(frameCount).to.equal(Math.ceil(seconds * 2));
      const { windows } = planWindows(frameCount, CLAP);
      for (const scale of ['long', 'short'] as const) {
        let end = 0;
        for (const window of windows.filter((candidate) => candidate.scale === scale)) {
          expect(window.keepStart).to.equal(end);
          expect(window.start).to.be.at.most(window.keepStart);
          expect(window.start + window.length).to.be.within(window.keepEnd, frameCount);
          expect(window.length).to.be.at.most(scale === 'long' ? 20 : 4);
          end = window.keepEnd;
        }
        expect(end).to.equal(frameCount);
      }
      expect(windows.map(({ index }) => index)).to.deep.equal(windows.map((_, i) => i));
    });
  }

  it('give the whole curve of three minutes in the first tenth of the work', () => {
    const plan = planWindows(360, CLAP);
    const { windows } = plan;
    const long = windows.filter(({ scale }) => scale === 'long').length;
    expect(long / windows.length).to.be.below(0.1);
    const waiting = new Set(windows.map(({ index }) => index));
    const order: number[] = [];
    while (waiting.size > 0) {
      for (const { index } of nextWindows(plan, (index) => waiting.has(index), 200, 7)) {
        order.push(index);
        waiting.delete(index);
      }
    }
    expect(order.slice(0, long).every((index) => index < long)).to.equal(true);
    expect(order[0], 'the long window at 100 s').to.equal(10);
    expect(windows[order[long]].keepEnd, 'the short window at 100 s').to.be.within(201, 203);
  });
});

describe('a CLAP model in the engine', () => {
  const engines: EmbeddingEngine[] = [];
  const recording = goldenRecording(24);
  const source = () => new MemorySource([recording], 48_000);

  function engineWith(
    options: Partial<EngineOptions> = {},
    graphs = ['onnx/audio_model.onnx', 'onnx/text_model.onnx'],
  ) {
    const engine = createEmbeddingEngine({
      assetBase: new URL('/dist/', location.href),
      model: async () => clapModel(await clapFolder({ graphs })),
      backend: 'wasm',
      ...options,
    });
    engines.push(engine);
    return engine;
  }

  /** By the whole graph, with one worker, from the start. */
  let plain: EmbeddingTrack;
  before(async () => {
    plain = (await engineWith({ workers: 1 }).analyse(source())).track;
  });
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.destroy();
  });

  const sameBits = (a: EmbeddingTrack, b: EmbeddingTrack) =>
    (['frames', 'clips', 'levels'] as const).every((name) => a[name].every((value, i) => Object.is(value, b[name][i])));

  it('gives the same bits from the start and from the middle, with one worker and with three', async () => {
    expect(plain.analysed.every((value) => value === 1)).to.equal(true);
    const three = await engineWith({ workers: 3 }).analyse(source(), { visibleRange: () => ({ start: 15, end: 20 }) });
    expect(sameBits(plain, three.track)).to.equal(true);
  });

  it('gives the same bits when the recording is longer or shorter than it says', async () => {
    let workers = 0;
    const createWorker = (url: URL) => {
      workers += 1;
      return new Worker(url, { type: 'module' });
    };
    const engine = engineWith({ workers: 1, createWorker });
    for (const stated of [5, 60]) {
      const wrong = new MemorySource([recording], 48_000, stated * 48_000);
      expect(sameBits((await engine.analyse(wrong)).track, plain)).to.equal(true);
    }
    expect(workers, 'one that reads prompts and one that hears; none has crashed').to.equal(2);
  });

  it('shows a coarse curve over all first, then a fine one, and ends the same whatever came first', async () => {
    const engine = engineWith({ workers: 1 });
    const text = await engine.embedText('dog bark');
    const model = await engine.load();
    let scorer: PromptScorer | null = null;
    let coarse: Float32Array | null = null;
    const { track } = await engine.analyse(source(), {
      onTrack: (current) => {
        scorer = new PromptScorer(current, text, model);
      },
      onWindows: () => {
        scorer!.update();
        coarse ??= scorer!.evidence.frameLogits.every((value) => !Number.isNaN(value))
          ? scorer!.evidence.frameLogits.slice()
          : null;
      },
    });
    const { frameLogits } = scorer!.evidence;
    expect(coarse!.length).to.equal(48);
    expect(coarse).not.to.deep.equal(frameLogits);
    const late = new PromptScorer(track, text, model);
    late.update();
    expect(late.evidence.frameLogits).to.deep.equal(frameLogits);
    const shortFirst = { ...track, analysed: new Uint8Array(track.analysed.length) };
    const backwards = new PromptScorer(shortFirst, text, model);
    for (let index = track.analysed.length - 1; index >= 0; index -= 1) {
      shortFirst.analysed[index] = 1;
      backwards.update();
    }
    expect(backwards.evidence.frameLogits).to.deep.equal(frameLogits);
  });

  it('makes no step in the curve where one long window ends and the next begins', async () => {
    const engine = engineWith();
    const [text, model] = [await engine.embedText('Rain'), await engine.load()];
    const onlyLong = { ...plain, analysed: plain.analysed.map((_, index) => (index < clipCount(plain.plan) ? 1 : 0)) };
    const scorer = new PromptScorer(onlyLong, text, model);
    scorer.update();
    const { frameLogits } = scorer.evidence;
    const range = Math.max(...frameLogits) - Math.min(...frameLogits);
    expect(range).to.be.above(0.1);
    for (let frame = 1; frame < frameLogits.length; frame += 1)
      expect(Math.abs(frameLogits[frame] - frameLogits[frame - 1])).to.be.below(range / 4);
  });

  it('hears a recording that is shorter than any window', async () => {
    const { track } = await engineWith().analyse(new MemorySource([recording.slice(0, 100)], 48_000));
    expect(track.grid.frameCount).to.equal(1);
    expect(Math.hypot(...track.frames)).to.be.closeTo(1, 1e-5);
    expect(track.levels.length).to.equal(25);
  });

  it('gives the same bits when a worker is killed in mid-run', async () => {
    let left = 5;
    let workers = 0;
    const createWorker = (url: URL) => {
      const worker = new Worker(url, { type: 'module' });
      workers += 1;
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.type !== 'window' || --left !== 0) return;
        worker.terminate();
        worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
      });
      return worker;
    };
    const heard: number[] = [];
    const { track } = await engineWith({ workers: 1, createWorker }).analyse(source(), {
      onWindows: (indices) => heard.push(...indices),
    });
    expect(workers, 'one for prompts, one that was killed, one in its place').to.equal(3);
    expect(heard.length, 'none was heard twice but perhaps the last').to.be.within(
      track.plan.windows.length,
      track.plan.windows.length + 1,
    );
    expect(sameBits(track, plain)).to.equal(true);
  });

  it('runs the quantised graph on the CPU, near to the whole one', async () => {
    const folder = await clapFolder();
    const engine = engineWith({
      workers: 1,
      model: async () => clapModel(folder),
    });
    const { track } = await engine.analyse(source());
    expect(folder.reads.filter((path) => path.includes('audio'))).to.deep.equal(['onnx/audio_model_quantized.onnx']);
    for (let clip = 0; clip < clipCount(track.plan); clip += 1) {
      const [a, b] = [track, plain].map(({ clips }) => clips.subarray(clip * 32, (clip + 1) * 32));
      expect(a.reduce((sum, value, i) => sum + value * b[i], 0)).to.be.above(0.9);
    }
  });

  it('takes the whole graph when the quantised one does not load', async () => {
    const replaced = { 'onnx/audio_model_quantized.onnx': 'no graph' };
    const engine = engineWith({ workers: 1, model: async () => clapModel(await clapFolder({ replaced })) });
    expect(sameBits((await engine.analyse(source())).track, plain)).to.equal(true);
  });

  it('takes the whole graph when the quantised one loads and does not run', async () => {
    const graphs = ['audio_model', 'audio_model_quantized', 'text_model'].map((name) => `onnx/${name}.onnx`);
    const engine = engineWith({ workers: 1, model: async () => clapModel(await wrongGraph(graphs)) });
    expect(sameBits((await engine.analyse(source())).track, plain)).to.equal(true);
  });

  it('asks for the whole graph where only a quantised one is here that does not run', async () => {
    const graphs = ['audio_model_quantized', 'text_model'].map((name) => `onnx/${name}.onnx`);
    const engine = engineWith({ model: async () => clapModel(await wrongGraph(graphs)) });
    const error = await engine.load().then(
      () => null,
      (reason: unknown) => reason as EarmarkError,
    );
    expect(error?.code).to.equal('model-incomplete');
    expect(error?.message).to.contain('8-bit').and.to.contain('full precision');
  });

  /** A folder whose quantised graph loads, but wants another input. */
  async function wrongGraph(graphs: readonly string[]) {
    const folder = await clapFolder({ graphs });
    const file = (path: string) =>
      folder.file(path === 'onnx/audio_model_quantized.onnx' ? 'onnx/text_model.onnx' : path);
    return { ...folder, file };
  }

  it('says that fine mode is not possible without a whole graph, and hears in windows', async () => {
    const graphs = ['audio_model_quantized', 'text_model'].map((name) => `onnx/${name}.onnx`);
    const engine = engineWith({ fine: true, workers: 1 }, graphs);
    await engine.load();
    expect(engine.descriptor?.kind).to.equal('windows');
    expect(engine.choice).to.include({ fellBack: true });
    expect(engine.choice?.reason).to.contain('Fine mode is not possible');
  });

  it('reads a prompt once for all visits, without its text model from then on', async () => {
    const cache = new IndexedDbEmbeddingCache({ name: `texts-${Date.now()}` });
    const visit = async (clear: boolean) => {
      const folder = await clapFolder();
      const source = await clapModel(folder);
      // As large as the real one, whose text model is not loaded before it is needed.
      const model = { ...source, descriptor: { ...source.descriptor, bytes: 163e6 } };
      if (clear) await cache.clear();
      const { vector } = await engineWith({ cache, model: async () => model }).embedText(' dog bark ');
      return { vector, read: folder.reads.includes('onnx/text_model_quantized.onnx') };
    };
    const first = await visit(false);
    expect(first.read).to.equal(true);
    const { textHash } = await clapModel(await clapFolder());
    await waitUntil(async () => (await cache.getText(`1 ${textHash} dog bark`)) !== null);
    const second = await visit(false);
    expect(second.read).to.equal(false);
    expect(second.vector).to.deep.equal(first.vector);
    expect((await visit(true)).read, 'cleared with the rest').to.equal(true);
  });

  it('says what is missing in a folder, and what it cannot use', async () => {
    const failure = async (options: Parameters<typeof clapFolder>[0]) =>
      clapModel(await clapFolder(options)).then(
        () => 'none',
        (error: Error & { code: string }) => `${error.code}: ${error.message}`,
      );
    expect(await failure({ graphs: ['onnx/text_model.onnx'] })).to.match(/^model-corrupt: .*audio_model\.onnx/);
    expect(await failure({ graphs: ['onnx/audio_model.onnx'] })).to.match(/^model-corrupt: .*text_model\.onnx/);
    const fused = JSON.stringify({ feature_extractor_type: 'ClapFeatureExtractor', truncation: 'fusion' });
    expect(await failure({ replaced: { 'preprocessor_config.json': fused } })).to.contain('truncation');
  });
});
