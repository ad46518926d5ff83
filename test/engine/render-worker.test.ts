import { expect } from '@open-wc/testing';
import type { RenderPlan } from '../../src/engine/render-plan.js';
import { servePort } from '../../src/engine/render-port.js';
import { openRenderFolder, removeAbandonedRenders, removeRender, renderLock } from '../../src/engine/render-storage.js';
import { sampleSource } from '../../src/plugin/audio/sample-source.js';
import { renderInWorker, type RenderTask } from '../../src/plugin/render-client.js';
import { ASSETS, fixture, moduleWorker, noise, rejection } from '../audio/audio-fixtures.js';
import { formatChunk } from '../../src/formats/riff-chunks.js';
import { formatWavFormat } from '../../src/formats/wav-format.js';
import { bextChunk, textChunk, wavFile } from '../formats/wav-bytes.js';
import { repeatedWavBlob } from '../helpers/wav.js';
import { firstDifference, readWav } from './read-wav.js';

const UNITY = [{ time: 0, gain: 1 }];
let renders = 0;

function planOf(length: number, options: Partial<RenderPlan> = {}): RenderPlan {
  const outputs = [{ name: 'mix.wav', start: 0, end: length, envelope: UNITY }];
  return { outputs, sampleFormat: 'source', zip: false, ...options };
}

function start(file: Blob, plan: RenderPlan, options: Partial<RenderTask> = {}) {
  renders += 1;
  return renderInWorker({
    input: { file, port: new MessageChannel().port1, sampleRate: 0, channelCount: 0, length: 0 },
    plan,
    destination: null,
    storageName: `test-${renders}`,
    assetBase: ASSETS,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
}

async function storedNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await openRenderFolder())!.keys()) names.push(name);
  return names;
}

async function untilNothingIsStored(): Promise<void> {
  const deadline = performance.now() + 5000;
  while ((await storedNames()).length > 0 && performance.now() < deadline) await new Promise((r) => setTimeout(r, 20));
  expect(await storedNames()).to.deep.equal([]);
}

/** The real worker in a world where `script` has run first. */
function workerAfter(script: string) {
  return (url: URL): Worker => {
    const asUrl = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    return moduleWorker(new URL(asUrl(`import '${asUrl(script)}'; import '${url.href}';`)));
  };
}

/** An hour of noise in stereo, which takes its time. */
const hour = () => repeatedWavBlob([noise(48_000, 1), noise(48_000, 2)], 48_000, 3600);

afterEach(async () => {
  for (const name of await storedNames()) await removeRender(name);
});

describe('The render worker', () => {
  const integers = (multiplier: number, bits: number) => (n: number) =>
    ((multiplier * n) % 2 ** bits) - 2 ** (bits - 1);
  const depths = [
    ['depth16.flac', 16, integers(40_503, 16)],
    ['depth24.flac', 24, integers(10_368_889, 24)],
  ] as const;
  for (const [name, bits, integer] of depths) {
    it(`gives every integer of a ${bits}-bit FLAC file back as it is`, async () => {
      const { file, report } = await start(await fixture(name), planOf(2400));
      const { channels, format } = await readWav(file);
      expect(format).to.include({ validBits: bits, channelCount: 2, sampleRate: 48_000, channelMask: null });
      expect(report).to.include({ sampleFormat: `pcm${bits}`, clippedSamples: 0, sourceEndedAt: null });
      const expected = Array.from({ length: 2400 }, (_, n) => integer(n));
      expect(firstDifference(channels[0], expected)).to.equal(-1);
      expect(
        firstDifference(
          channels[1],
          expected.map((value) => -1 - value),
        ),
      ).to.equal(-1);
    });
  }

  for (const format of ['pcm16', 'pcm24', 'float32'] as const) {
    it(`gives a ${format} WAV file back byte for byte where nothing is changed, its chunks too`, async () => {
      const source = wavFile([noise(70_001, 1), noise(70_001, 2)], {
        sampleRate: 44_100,
        format,
        channelMask: 0x3,
        before: [bextChunk('Take 3', 5n), textChunk('iXML', '<BWFXML/>')],
        after: [textChunk('guan', 'GUANO|Version: 1.0')],
      });
      const { file } = await start(source, planOf(70_001));
      const [made, given] = await Promise.all([file.arrayBuffer(), source.arrayBuffer()]);
      expect(firstDifference(new Uint8Array(made), new Uint8Array(given))).to.equal(-1);
    });
  }

  /** A mono WAV file of one second whose `fmt ` says how its bytes are meant. */
  function storedAs(container: number, valid: number, bytes: Uint8Array): File {
    const format = formatWavFormat({ sampleRate: 8000, channelCount: 1, sampleFormat: 'pcm24', channelMask: 0 });
    const view = new DataView(format.buffer);
    view.setUint32(8, (8000 * container) / 8, true);
    view.setUint16(12, container / 8, true);
    view.setUint16(14, container, true);
    view.setUint16(18, valid, true);
    const head = new TextEncoder().encode('RIFF....WAVE');
    new DataView(head.buffer).setUint32(4, 4 + 8 + format.length + 8 + bytes.length, true);
    return new File([head, formatChunk('fmt ', format), formatChunk('data', bytes)], 'odd.wav');
  }

  it('keeps 8 bits in 16 and 24 of 32 in 24, which both hold exactly', async () => {
    const eight = Uint8Array.from({ length: 8000 }, (_, i) => i);
    const fromEight = await start(storedAs(8, 8, eight), planOf(8000));
    expect(fromEight.report.sampleFormat).to.equal('pcm16');
    const [samples] = (await readWav(fromEight.file)).channels;
    expect(
      firstDifference(
        samples,
        Array.from(eight, (value) => (value - 128) * 256),
      ),
    ).to.equal(-1);
    const integers = Int32Array.from({ length: 8000 }, (_, i) => ((i * 10_368_889) << 8) & ~0xff);
    const fromThirtyTwo = await start(storedAs(32, 24, new Uint8Array(integers.buffer)), planOf(8000));
    expect(fromThirtyTwo.report.sampleFormat).to.equal('pcm24');
    const [long] = (await readWav(fromThirtyTwo.file)).channels;
    expect(
      firstDifference(
        long,
        integers.map((value) => value >> 8),
      ),
    ).to.equal(-1);
  });

  it('renders lossy files as the floats that they decode to', async () => {
    const { file, report } = await start(await fixture('click.mp3'), planOf(66_150));
    expect(report.sampleFormat).to.equal('float32');
    const [samples] = (await readWav(file)).channels;
    expect(samples[22_050]).to.be.greaterThan(0.5);
  });

  it('renders what only the page can decode, through a port', async () => {
    const samples = noise(100_000, 3);
    const buffer = new AudioBuffer({ numberOfChannels: 1, length: samples.length, sampleRate: 22_050 });
    buffer.copyToChannel(samples, 0);
    const source = sampleSource(buffer);
    const { port, close } = servePort(source);
    const input = { file: null, port, sampleRate: 22_050, channelCount: 1, length: samples.length };
    const { file } = await start(new Blob(), planOf(samples.length), { input });
    close();
    const { channels, format } = await readWav(file);
    expect(format).to.include({ sampleRate: 22_050, formatTag: 3 });
    expect(firstDifference(channels[0], samples)).to.equal(-1);
  });

  it('writes into a file that the user chose', async () => {
    const folder = await navigator.storage.getDirectory();
    const destination = await folder.getFileHandle('chosen.wav', { create: true });
    const { file } = await start(await fixture('depth16.flac'), planOf(2400), { destination });
    expect(file.size).to.equal(44 + 2400 * 4);
    expect((await destination.getFile()).size).to.equal(file.size);
    expect(await storedNames()).to.deep.equal([]);
    await folder.removeEntry('chosen.wav');
  });

  it('is cancelled within 200 ms and leaves nothing behind', async () => {
    const controller = new AbortController();
    let cancelled = 0;
    const onProgress = () => {
      cancelled ||= performance.now();
      controller.abort();
    };
    const error = await rejection(start(hour(), planOf(3600 * 48_000), { signal: controller.signal, onProgress }));
    expect(error.name).to.equal('AbortError');
    expect(performance.now() - cancelled).to.be.lessThan(200);
    await untilNothingIsStored();
  });

  it('says when the disk is full, and leaves nothing behind', async () => {
    const fill = `
      const { write } = FileSystemSyncAccessHandle.prototype;
      FileSystemSyncAccessHandle.prototype.write = function (bytes, options) {
        if (options.at > 1e6) throw new DOMException('full', 'QuotaExceededError');
        return write.call(this, bytes, options);
      };`;
    const error = await rejection(start(hour(), planOf(3600 * 48_000), { createWorker: workerAfter(fill) }));
    expect(error.code).to.equal('storage-full');
    expect(await storedNames()).to.deep.equal([]);
  });

  it('does not begin what there is no room for', async () => {
    let reads = 0;
    const length = 2 ** 45;
    const read = () => ((reads += 1), Promise.resolve([]));
    const { port, close } = servePort({ ...sampleSource(new AudioBuffer({ length: 1, sampleRate: 8000 })), read });
    const input = { file: null, port, sampleRate: 8000, channelCount: 1, length };
    const error = await rejection(start(new Blob(), planOf(length), { input }));
    close();
    expect([error.code, reads]).to.deep.equal(['storage-full', 0]);
  });

  it('leaves a chosen file as it was when the disk is full', async () => {
    const folder = await navigator.storage.getDirectory();
    const destination = await folder.getFileHandle('chosen.wav', { create: true });
    const fill = `
      FileSystemWritableFileStream.prototype.write = () => Promise.reject(new DOMException('', 'QuotaExceededError'));`;
    const task = { destination, createWorker: workerAfter(fill) };
    const error = await rejection(start(await fixture('depth16.flac'), planOf(2400), task));
    expect(error.code).to.equal('storage-full');
    expect((await destination.getFile()).size).to.equal(0);
    await folder.removeEntry('chosen.wav');
  });

  it('works without a private file system', async () => {
    const hide = 'delete StorageManager.prototype.getDirectory;';
    const task = { createWorker: workerAfter(hide) };
    const { file } = await start(await fixture('depth16.flac'), planOf(2400), task);
    expect((await readWav(file)).channels[0].length).to.equal(2400);
    expect(await storedNames()).to.deep.equal([]);
  });

  it('says when the recording vanishes meanwhile', async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('vanishing.wav', { create: true });
    const writable = await handle.createWritable();
    await writable.write(repeatedWavBlob([noise(48_000, 1)], 48_000, 60));
    await writable.close();
    const file = await handle.getFile();
    await folder.removeEntry('vanishing.wav');
    const error = await rejection(start(file, planOf(60 * 48_000)));
    expect(error.code, error.message).to.equal('source-unreachable');
    expect(await storedNames()).to.deep.equal([]);
  });

  it('says when its script is missing, or stops', async () => {
    const missing = await rejection(start(new Blob(), planOf(1), { assetBase: new URL('/nowhere/', location.href) }));
    expect(missing.code).to.equal('worker-missing');
    const crash = 'setTimeout(() => { throw new Error("crash"); }, 300);';
    const crashed = await rejection(start(hour(), planOf(3600 * 48_000), { createWorker: workerAfter(crash) }));
    expect(crashed.code).to.equal('worker-crashed');
    await untilNothingIsStored();
  });
});

describe('Files of pages that were closed', () => {
  it('are removed, those still needed are not', async () => {
    await navigator.locks.request(renderLock('needed'), async () => {
      await start(await fixture('depth16.flac'), planOf(2400), { storageName: 'needed' });
      await start(await fixture('depth16.flac'), planOf(2400), { storageName: 'abandoned' });
      expect(await storedNames()).to.have.members(['needed', 'abandoned']);
      await removeAbandonedRenders();
      expect(await storedNames()).to.deep.equal(['needed']);
    });
    await removeAbandonedRenders();
    expect(await storedNames()).to.deep.equal([]);
  });
});
