import { expect } from '@open-wc/testing';
import { gainAt, gainEnvelope } from '../../src/dsp/gain-envelope.js';
import { GainReader } from '../../src/engine/render-gain.js';
import type { RenderOutput, RenderPlan } from '../../src/engine/render-plan.js';
import { createBlobSink } from '../../src/engine/render-sink.js';
import { render, renderedBytes, type RenderSource } from '../../src/engine/render.js';
import { noise, rejection } from '../audio/audio-fixtures.js';
import { firstDifference, readWav } from './read-wav.js';
import { readZip } from './read-zip.js';

const RATE = 8000;
const UNITY = [{ time: 0, gain: 1 }];
const SHAPE = { attack: 0.01, hold: 0.02, release: 0.05, padding: 0.05, floor: -Infinity };

function sourceOf(channels: readonly Float32Array<ArrayBuffer>[], options: Partial<RenderSource> = {}): RenderSource {
  const length = channels[0].length;
  return {
    sampleRate: RATE,
    channelCount: channels.length,
    length,
    sampleFormat: 'pcm16',
    channelMask: null,
    metadata: { chunks: [], leftOut: [] },
    read: (start, count) => Promise.resolve(channels.map((samples) => samples.slice(start, start + count))),
    ...options,
  };
}

async function make(source: RenderSource, plan: Omit<RenderPlan, 'zip'>, signal = new AbortController().signal) {
  const zip = plan.outputs.length > 1;
  const sink = createBlobSink();
  const options = { signal, onProgress: () => {}, now: new Date(2026, 0, 1) };
  const report = await render({ ...plan, zip }, source, sink, options);
  const file = await sink.finish();
  const files = zip ? await readZip(file) : new Map([[plan.outputs[0].name, file]]);
  return { file, files, report };
}

const whole = (source: RenderSource, envelope = UNITY): RenderOutput => ({
  name: 'mix.wav',
  start: 0,
  end: source.length,
  envelope,
});

const integersOf = (samples: Float32Array) => Array.from(samples, (value) => value * 2 ** 15);

describe('GainReader', () => {
  it('gives each sample the gain of its time, in blocks of any size', () => {
    const envelope = [
      { time: 0.0011, gain: 1 },
      { time: 0.0031, gain: 0.25 },
      { time: 0.0031, gain: 0.5 },
      { time: 5 / RATE, gain: 0.5 },
      { time: 40 / RATE, gain: 0 },
      { time: 60 / RATE, gain: 0 },
      { time: 0.0100001, gain: 1 },
    ].sort((a, b) => a.time - b.time);
    const expected = Array.from({ length: 120 }, (_, i) => gainAt(envelope, i / RATE));
    for (const size of [1, 7, 50, 120]) {
      const reader = new GainReader(envelope, RATE);
      const read: number[] = [];
      for (let start = 0; start < 120; start += size) {
        const count = Math.min(size, 120 - start);
        const gains = reader.read(start, count);
        read.push(...(typeof gains === 'number' ? new Array<number>(count).fill(gains) : gains));
      }
      expect(read, `blocks of ${size}`).to.deep.equal(expected);
    }
  });

  it('puts a step on its sample, however the time of it is rounded', () => {
    const steps = Array.from({ length: 3000 }, (_, i) => ({ time: (i + 1) / 44_100, gain: i % 2 }));
    const envelope = steps.flatMap(({ time, gain }) => [
      { time, gain: 1 - gain },
      { time, gain },
    ]);
    const gains = new GainReader(envelope, 44_100).read(0, 3001) as Float64Array;
    const expected = Array.from({ length: 3001 }, (_, i) => gainAt(envelope, i / 44_100));
    expect(firstDifference(gains, expected)).to.equal(-1);
  });

  it('starts anywhere, and gives one number where the gain is the same', () => {
    const envelope = gainEnvelope([{ start: 1, end: 2 }], 'mute', SHAPE, 4);
    expect(new GainReader(envelope, RATE).read(3 * RATE, 100)).to.equal(1);
    expect(new GainReader(envelope, RATE).read(1.5 * RATE, 100)).to.equal(0);
    expect(new GainReader([], RATE).read(0, 100)).to.equal(1);
  });
});

describe('render', () => {
  it('mutes by the envelope and leaves every other sample as it was', async () => {
    const source = sourceOf([noise(20 * RATE, 1), noise(20 * RATE, 2)]);
    const envelope = gainEnvelope(
      [
        { start: 3, end: 4 },
        { start: 11.1234, end: 12 },
      ],
      'mute',
      SHAPE,
      20,
    );
    const { file } = await make(source, { outputs: [whole(source, [...envelope])], sampleFormat: 'source' });
    const { channels, format } = await readWav(file);
    expect(format).to.include({ validBits: 16, sampleRate: RATE, channelCount: 2 });
    const original = await source.read(0, source.length);
    channels.forEach((samples, c) => {
      const expected = integersOf(original[c]).map((value, i) => {
        const gain = gainAt(envelope, i / RATE);
        return gain === 1 ? value : Math.floor(value * gain + 0.5);
      });
      expect(firstDifference(samples, expected)).to.equal(-1);
    });
    expect(file.size).to.equal(44 + 20 * RATE * 4);
  });

  it('makes targets and what is left of them add up to the recording exactly', async () => {
    const source = sourceOf([noise(3 * RATE, 3)]);
    const stem = (start: number, end: number) => [...gainEnvelope([{ start, end }], 'solo', SHAPE, 3)];
    const outputs = [
      { ...whole(source, stem(0.5, 1)), name: 'a.wav' },
      { ...whole(source, stem(0.9, 2)), name: 'b.wav' },
      { ...whole(source), name: 'rest.wav', minus: [0, 1] },
    ];
    const { files } = await make(source, { outputs, sampleFormat: 'source' });
    const [a, b, rest] = await Promise.all(['a.wav', 'b.wav', 'rest.wav'].map((name) => readWav(files.get(name)!)));
    const sums = Array.from(a.channels[0], (value, i) => value + b.channels[0][i] + rest.channels[0][i]);
    expect(firstDifference(sums, integersOf((await source.read(0, source.length))[0]))).to.equal(-1);
  });

  it('makes float targets and rests add up within the rounding of an addition', async () => {
    const samples = noise(RATE, 4).map((value) => 3 * Math.sin(value));
    const source = sourceOf([samples], { sampleFormat: 'float32' });
    const solo = [...gainEnvelope([{ start: 0.3, end: 0.6 }], 'solo', SHAPE, 1)];
    const outputs = [
      { ...whole(source, solo), name: 'target.wav' },
      { ...whole(source), name: 'rest.wav', minus: [0] },
    ];
    const { files, report } = await make(source, { outputs, sampleFormat: 'source' });
    const [target, rest] = await Promise.all(['target.wav', 'rest.wav'].map((name) => readWav(files.get(name)!)));
    samples.forEach((value, i) => {
      const sum = target.channels[0][i] + rest.channels[0][i];
      expect(Math.abs(sum - value)).to.be.at.most(Math.abs(value) * 2 ** -24);
    });
    expect(report.clippedSamples).to.equal(0);
  });

  it('counts what is beyond full scale, and only there', async () => {
    const source = sourceOf([Float32Array.of(0.5, 1.5, -1, -1.25, 1)], { sampleFormat: 'float32' });
    const integers = await make(source, { outputs: [whole(source)], sampleFormat: 'pcm24' });
    expect(integers.report.clippedSamples).to.equal(3);
    expect(Array.from((await readWav(integers.file)).channels[0]).slice(2)).to.deep.equal([
      -(2 ** 23),
      -(2 ** 23),
      2 ** 23 - 1,
    ]);
    const floats = await make(source, { outputs: [whole(source)], sampleFormat: 'source' });
    expect(floats.report.clippedSamples).to.equal(0);
    expect(Array.from((await readWav(floats.file)).channels[0])).to.deep.equal([0.5, 1.5, -1, -1.25, 1]);
  });

  it('keeps floats as they are, and silences what is no number', async () => {
    const samples = Float32Array.of(1e-40, -0, Infinity, NaN, Infinity, NaN);
    const source = sourceOf([samples], { sampleFormat: 'float32' });
    const envelope = [
      { time: 3.5 / RATE, gain: 1 },
      { time: 3.5 / RATE, gain: 0 },
    ];
    const { file } = await make(source, { outputs: [whole(source, envelope)], sampleFormat: 'source' });
    expect(Array.from((await readWav(file)).channels[0])).to.deep.equal([...samples.slice(0, 4), 0, 0]);
  });

  it('dithers only where a depth is reduced', async () => {
    const samples = Float32Array.from({ length: RATE }, (_, i) => (100.5 + 0.25 * Math.sin(i)) / 2 ** 15);
    const source = sourceOf([samples, samples], { sampleFormat: 'pcm24' });
    const reduced = await make(source, { outputs: [whole(source)], sampleFormat: 'pcm16' });
    const [left, right] = (await readWav(reduced.file)).channels;
    expect(new Set(left).size).to.be.greaterThan(2);
    expect(firstDifference(left, right)).to.be.at.least(0);
    const again = await make(source, { outputs: [whole(source)], sampleFormat: 'pcm16' });
    expect(firstDifference((await readWav(again.file)).channels[0], left)).to.equal(-1);
    const same = sourceOf([samples], { sampleFormat: 'pcm16' });
    const kept = await make(same, { outputs: [whole(same)], sampleFormat: 'source' });
    expect(new Set((await readWav(kept.file)).channels[0])).to.deep.equal(new Set([100, 101]));
  });

  it('cuts 5,000 overlapping regions in one pass over the recording', async () => {
    const reads: number[] = [];
    const samples = noise(60 * RATE, 5);
    const source = sourceOf([samples], {
      read: (start, count) => {
        reads.push(count);
        return Promise.resolve([samples.slice(start, start + count)]);
      },
    });
    const outputs = Array.from({ length: 5000 }, (_, i): RenderOutput => {
      const start = Math.floor((i * 59 * RATE) / 5000);
      return { name: `${i}.wav`, start, end: start + 1000 + (i % 7), envelope: UNITY };
    });
    const { file, files } = await make(source, { outputs, sampleFormat: 'source' });
    expect(files.size).to.equal(5000);
    expect(reads.reduce((sum, count) => sum + count)).to.be.at.most(60 * RATE);
    for (const i of [0, 1, 2500, 4999]) {
      const { start, end } = outputs[i];
      const { channels } = await readWav(files.get(`${i}.wav`)!);
      expect(firstDifference(channels[0], integersOf(samples.slice(start, end)))).to.equal(-1);
    }
    expect(file.size).to.equal(renderedBytes({ outputs, sampleFormat: 'source', zip: true }, source));
  });

  it('does not read what no file takes', async () => {
    let readSamples = 0;
    const samples = noise(100 * RATE, 6);
    const source = sourceOf([samples], {
      read: (start, count) => {
        readSamples += count;
        return Promise.resolve([samples.slice(start, start + count)]);
      },
    });
    const outputs = [
      { name: 'a.wav', start: 0, end: 100, envelope: UNITY },
      { name: 'b.wav', start: 99 * RATE, end: 99 * RATE + 100, envelope: UNITY },
    ];
    await make(source, { outputs, sampleFormat: 'source' });
    expect(readSamples).to.be.lessThan(20 * RATE);
  });

  it('puts silence where a recording ends before it said so, and tells', async () => {
    const samples = noise(RATE, 7);
    const source = sourceOf([samples], { length: 30 * RATE });
    const { file, report } = await make(source, { outputs: [whole(source)], sampleFormat: 'source' });
    const [read] = (await readWav(file)).channels;
    expect(read.length).to.equal(30 * RATE);
    expect(firstDifference(read.subarray(0, RATE), integersOf(samples))).to.equal(-1);
    expect(read.subarray(RATE).every((value) => value === 0)).to.equal(true);
    expect(report.sourceEndedAt).to.equal(RATE);
  });

  it('says which rates a WAV file cannot hold, before anything is written', async () => {
    const source = sourceOf([noise(10, 8)], { sampleRate: 44_100.5 });
    const error = await rejection(make(source, { outputs: [whole(source)], sampleFormat: 'source' }));
    expect(error.code).to.equal('bad-option');
    expect(error.message).to.contain('44100.5 Hz');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const samples = noise(RATE, 9);
    let reads = 0;
    const source = sourceOf([samples], {
      length: 1e9,
      read: (_, count) => {
        reads += 1;
        if (reads === 3) controller.abort();
        return Promise.resolve([new Float32Array(count)]);
      },
    });
    const error = await rejection(
      make(source, { outputs: [whole(source)], sampleFormat: 'source' }, controller.signal),
    );
    expect(error.name).to.equal('AbortError');
    expect(reads).to.equal(3);
  });
});
