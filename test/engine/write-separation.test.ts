import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import type { AudioRun } from '../../src/dsp/stft.js';
import { createBlobSink } from '../../src/engine/render-sink.js';
import type { RenderSource } from '../../src/engine/render.js';
import { separateEvents } from '../../src/engine/separate-events.js';
import { writeSeparation } from '../../src/engine/write-separation.js';
import type { SampleFormat } from '../../src/formats/sample-format.js';
import { noise } from '../dsp/signals.js';

const { signal } = new AbortController();

function sourceOf(channels: readonly Float32Array[], sampleFormat: SampleFormat, length?: number): RenderSource {
  return {
    sampleRate: 8000,
    channelCount: channels.length,
    length: length ?? channels[0]!.length,
    sampleFormat,
    channelMask: null,
    metadata: { chunks: [], leftOut: [] },
    read: (start, count) =>
      Promise.resolve(channels.map((samples) => Float32Array.from(samples.subarray(start, start + count)))),
  };
}

async function* runsOf(...runs: readonly AudioRun[]): AsyncGenerator<AudioRun, void> {
  yield* runs;
}

/** The samples of a plain WAV file of ours, interleaved; integers as integers. */
async function samplesOf(file: Blob, format: SampleFormat): Promise<number[]> {
  const view = new DataView(await file.arrayBuffer());
  let at = 12;
  while (String.fromCharCode(...new Uint8Array(view.buffer, at, 4)) !== 'data') at += 8 + view.getUint32(at + 4, true);
  const [start, bytes] = [at + 8, view.getUint32(at + 4, true)];
  const step = { pcm16: 2, pcm24: 3, float32: 4 }[format];
  return Array.from({ length: bytes / step }, (_, i) => {
    const position = start + i * step;
    if (format === 'pcm16') return view.getInt16(position, true);
    if (format === 'float32') return view.getFloat32(position, true);
    return view.getUint16(position, true) + view.getInt8(position + 2) * 65536;
  });
}

async function written(source: RenderSource, runs: AsyncGenerator<AudioRun, void>) {
  const sinks = { target: createBlobSink(), residual: createBlobSink() };
  await writeSeparation(source, runs, sinks, { signal, onProgress: () => {} });
  const [target, residual] = [await sinks.target.finish(), await sinks.residual.finish()];
  return {
    target: await samplesOf(target, source.sampleFormat),
    residual: await samplesOf(residual, source.sampleFormat),
  };
}

/** On the grid of a depth, full scale included. */
function integers(length: number, seed: number, bits: number): Float32Array {
  const fullScale = 2 ** (bits - 1);
  return noise(length, seed).map((value) =>
    Math.max(-1, Math.min(1 - 1 / fullScale, Math.round(1.2 * value * fullScale) / fullScale)),
  );
}

describe('target and residual', () => {
  for (const [format, bits] of [
    ['pcm16', 16],
    ['pcm24', 24],
  ] as const) {
    it(`add up to a recording of ${bits} bits exactly, whatever the target is`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 300 }),
          fc.nat(300),
          fc.double({ min: 0, max: 3, noNaN: true }),
          async (length, start, gain) => {
            const channels = [integers(length, 1, bits), integers(length, 2, bits)];
            const run = {
              start,
              channels: [noise(50, 3), noise(50, 4)].map((samples) => samples.map((s) => s * gain)),
            };
            const { target, residual } = await written(sourceOf(channels, format), runsOf(run));
            expect(target.length).to.equal(2 * length);
            target.forEach((value, i) => {
              const original = channels[i % 2]![i >> 1]! * 2 ** (bits - 1);
              if (value + residual[i]! !== original) expect(value + residual[i]!, `sample ${i}`).to.equal(original);
            });
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  it('add up to a recording of floats within the rounding of an addition', async () => {
    const original = noise(500, 1).map((sample) => 3 * sample);
    const run = { start: 100, channels: [noise(300, 2)] };
    const { target, residual } = await written(sourceOf([original], 'float32'), runsOf(run));
    expect(target[99]).to.equal(0);
    expect(target[150]).to.equal(run.channels[0]![50]);
    original.forEach((sample, i) => {
      expect(residual[i]).to.equal(Math.fround(sample - target[i]!));
    });
  });

  it('leave the recording as it is outside of the events', async () => {
    const original = integers(80_000, 1, 16);
    const source = sourceOf([original], 'pcm16');
    const events = separateEvents(source, [{ start: 30_000, end: 40_000 }], { method: 'nmf', signal });
    const { target, residual } = await written(source, events);
    const touched = original.findIndex((sample, i) => residual[i] !== sample * 32768);
    expect(touched).to.be.at.least(30_000);
    expect(original.findLastIndex((sample, i) => residual[i] !== sample * 32768)).to.be.below(40_000);
    expect(target.every((value, i) => Object.is(value + residual[i]!, original[i]! * 32768))).to.equal(true);
  });

  it('add up runs that overlap, across blocks', async () => {
    const original = integers(70_000, 1, 16);
    const half = new Float32Array(20_000).fill(0.25);
    const runs = runsOf({ start: 50_000, channels: [half] }, { start: 60_000, channels: [half] });
    const { target } = await written(sourceOf([original.map((sample) => sample * 0.1)], 'pcm16'), runs);
    expect(target[49_999]).to.equal(0);
    expect(target[55_000]).to.equal(8192);
    expect(target[65_000]).to.equal(16384);
    expect(target[65_536]).to.equal(16384);
    expect(target[69_999]).to.equal(16384);
  });

  it('go on in silence where the recording ends before its length says so', async () => {
    const { target, residual } = await written(sourceOf([integers(100, 1, 16)], 'pcm16', 200), runsOf());
    expect(target.length).to.equal(200);
    expect(residual.slice(100).every((value) => value === 0)).to.equal(true);
  });

  it('keep samples that are no numbers in the residual', async () => {
    const original = Float32Array.of(0.5, NaN, Infinity, -0.5);
    const source = sourceOf([original], 'float32');
    const { target, residual } = await written(
      source,
      separateEvents(source, [{ start: 0, end: 4 }], { method: 'gate', signal }),
    );
    expect(target.every(Number.isFinite)).to.equal(true);
    expect(Number.isNaN(residual[1])).to.equal(true);
    expect(residual[2]).to.equal(Infinity);
  });

  it('stop when they are cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    const sinks = { target: createBlobSink(), residual: createBlobSink() };
    const work = writeSeparation(sourceOf([noise(10)], 'pcm16'), runsOf(), sinks, {
      signal: controller.signal,
      onProgress: () => {},
    });
    expect(((await work.catch((error: unknown) => error)) as Error).name).to.equal('AbortError');
  });
});
