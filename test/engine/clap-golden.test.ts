import { expect } from '@open-wc/testing';
import { parseFrontEndConfig } from '../../src/dsp/front-end-config.js';
import { LogMel } from '../../src/dsp/log-mel.js';
import { clipLogMel, repeatPad } from '../../src/engine/clap-features.js';
import { clapModel } from '../../src/engine/clap-model.js';
import { createEmbeddingEngine, type EngineOptions } from '../../src/engine/create-engine.js';
import type { EmbeddingEngine } from '../../src/engine/embedding-engine.js';
import { normalizeRows } from '../../src/engine/unit-rows.js';
import golden from '../golden/clap/golden.json';
import preprocessor from '../golden/clap/model/preprocessor_config.json';
import { clapFolder, goldenRecording, type ClapFolderOptions } from './clap-folder.js';
import { MemorySource } from './memory-source.js';

const WINDOW = 480_000;
const FP32 = ['onnx/audio_model.onnx', 'onnx/text_model.onnx'];

function clapEngine(folder: ClapFolderOptions = {}, options: Partial<EngineOptions> = {}): EmbeddingEngine {
  return createEmbeddingEngine({
    assetBase: new URL('/dist/', location.href),
    model: async () => clapModel(await clapFolder(folder)),
    backend: 'wasm',
    ...options,
  });
}

function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i])));
}

function unit(values: readonly number[]): Float32Array {
  return normalizeRows(Float32Array.from(values), values.length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

describe('CLAP, against transformers in Python', () => {
  const recording = goldenRecording(17);
  const logMel = new LogMel(parseFrontEndConfig(preprocessor));

  it('begins with the same recording', () => {
    expect(
      largestDifference([recording[0], recording[1], recording[1000], recording[500_000]], golden.samples),
    ).to.be.below(1e-7);
  });

  for (const { start, end, logMel: rows } of golden.windows) {
    it(`hears the samples ${start} to ${end} as the same log-mel`, () => {
      const mel = clipLogMel(logMel, recording.subarray(start, end), WINDOW);
      expect(mel.length).to.equal(1001 * 64);
      golden.rows.forEach((row, i) => {
        const found = rows[i].map((_, band) => mel[row * 64 + band * golden.mel_step]);
        expect(largestDifference(found, rows[i]), `row ${row}`).to.be.below(1e-3);
      });
    });

    it(`computes no bit of it otherwise for computing copies once (${start} to ${end})`, () => {
      const clip = recording.subarray(start, end);
      const whole = logMel.compute(repeatPad(clip, WINDOW), { start: 0, total: WINDOW }, 0, 1001);
      expect(clipLogMel(logMel, clip, WINDOW).every((value, i) => Object.is(value, whole[i]))).to.equal(true);
    });
  }

  describe('through the real worker', () => {
    let engine: EmbeddingEngine;
    before(() => {
      engine = clapEngine({ graphs: FP32 });
    });
    after(() => engine.destroy());

    for (const [index, { start, end, embedding }] of golden.windows.entries()) {
      it(`gives the samples ${start} to ${end} the same embedding and similarities`, async () => {
        const { track } = await engine.analyse(new MemorySource([recording.slice(start, end)], 48_000));
        const found = track.clips.subarray(0, track.dimension);
        expect(largestDifference(found, unit(embedding))).to.be.below(1e-3);
        for (const [p, { text }] of golden.prompts.entries()) {
          const { vector } = await engine.embedText(text);
          expect(dot(found, vector), text).to.be.closeTo(golden.similarities[index][p], 1e-3);
        }
      });
    }

    it('repeats the short windows inside a recording as it repeats short recordings', async () => {
      const [, , { start, end, embedding }] = golden.windows;
      expect([start, end]).to.deep.equal([48_000, 144_000]);
      const { track } = await engine.analyse(new MemorySource([recording], 48_000));
      // The middle second of the short window from 1 s to 3 s is the frames 3 and 4.
      for (const frame of [3, 4]) {
        const row = track.frames.subarray(frame * 32, (frame + 1) * 32);
        expect(largestDifference(row, unit(embedding))).to.be.below(1e-3);
      }
    });

    for (const { text, embedding } of golden.prompts) {
      it(`reads "${text}" as the reference does, without a mask`, async () => {
        const { vector, bias, understood } = await engine.embedText(text);
        expect(largestDifference(vector, unit(embedding))).to.be.below(1e-4);
        expect(bias).to.equal(0);
        expect(understood).to.deep.equal([]);
      });
    }

    it('takes the mean of two channels', async () => {
      const [{ embedding }] = golden.windows;
      const left = recording.slice(0, WINDOW).map((value) => 2 * value);
      const { track } = await engine.analyse(new MemorySource([left, new Float32Array(WINDOW)], 48_000));
      expect(largestDifference(track.clips, unit(embedding))).to.be.below(1e-3);
    });
  });

  describe('in fine mode', () => {
    it('gives 32 frames a window, and the whole as without it', async () => {
      const engine = clapEngine({ graphs: FP32 }, { fine: true });
      const [{ embedding, frames = [] }] = golden.windows;
      const { track } = await engine.analyse(new MemorySource([recording.slice(0, WINDOW)], 48_000));
      expect(engine.descriptor).to.include({ kind: 'frames', windowFrames: 32 });
      expect(track.grid).to.deep.equal({ sampleRate: 48_000, offset: 0, hop: 15_000, frameCount: 32 });
      expect(frames.length).to.equal(32);
      frames.forEach((row, i) => {
        expect(largestDifference(track.frames.subarray(i * 32, (i + 1) * 32), unit(row)), `frame ${i}`).to.be.below(
          1e-3,
        );
      });
      expect(largestDifference(track.clips, unit(embedding))).to.be.below(1e-3);
      const plain = clapEngine({ graphs: FP32 });
      const whole = await plain.analyse(new MemorySource([recording.slice(0, WINDOW)], 48_000));
      expect(largestDifference(track.clips, whole.track.clips)).to.be.below(1e-6);
      for (const one of [engine, plain]) one.destroy();
    });
  });
});
