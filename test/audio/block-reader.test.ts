import { expect } from '@open-wc/testing';
import { mixdown } from '../../src/dsp/mixdown.js';
import { BlockReader, type PcmBlock } from '../../src/engine/block-reader.js';
import { rejection } from './audio-fixtures.js';

const RATE = 1000;

/** A ramp: the sample at position p is p + 1, so that silence stands out. */
function block(start: number, length: number, channelCount = 1): PcmBlock {
  const ramp = Float32Array.from({ length }, (_, i) => start + i + 1);
  return { start, channels: Array.from({ length: channelCount }, () => ramp.slice()) };
}

interface Decoder {
  readonly reader: BlockReader;
  /** Where decoding was begun, in order. */
  readonly seeks: number[];
  /** Blocks given so far. */
  count: number;
}

function decoder(blocks: readonly PcmBlock[], length: number, channelCount = 1): Decoder {
  const state = { seeks: [] as number[], count: 0 };
  const reader = new BlockReader({
    sampleRate: RATE,
    channelCount,
    length,
    history: 1,
    async *decodeFrom(position) {
      state.seeks.push(position);
      for (const next of blocks) {
        if (next.start + next.channels[0].length <= position) continue;
        await Promise.resolve();
        state.count += 1;
        yield { ...next, channels: next.channels.map((channel) => channel.slice()) };
      }
    },
  });
  return Object.assign(state, { reader });
}

const ramp = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => start + i + 1);
const regular = (count: number, length = 100) => Array.from({ length: count }, (_, i) => block(i * length, length));
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('BlockReader', () => {
  it('cuts stretches out of blocks, wherever their edges are', async () => {
    const { reader, seeks } = decoder(regular(20), 2000);
    for (const [start, count] of [
      [0, 100],
      [100, 250],
      [350, 1],
      [351, 1649],
    ]) {
      expect(Array.from((await reader.read(start, count))[0])).to.deep.equal(ramp(start, start + count));
    }
    expect(seeks).to.deep.equal([0]);
  });

  it('fills gaps with silence, and drops what overlaps or lies before the beginning', async () => {
    const { reader } = decoder([block(-50, 80), block(60, 40), block(90, 30)], 120);
    const [samples] = await reader.read(0, 120);
    expect(Array.from(samples)).to.deep.equal([...ramp(0, 30), ...Array<number>(30).fill(0), ...ramp(60, 120)]);
  });

  it('mixes channels, or gives one by itself, as it does with all of them', async () => {
    const stereo = (start: number, length: number): PcmBlock => {
      const { channels } = block(start, length);
      return { start, channels: [channels[0], channels[0].map((sample) => -3 * sample)] };
    };
    const { reader } = decoder(
      [stereo(0, 30), stereo(50, 30), { start: 80, channels: [new Float32Array(40)] }],
      200,
      2,
    );
    const [left, right] = await reader.read(10, 100);
    expect(await reader.readMono(10, 100, null)).to.deep.equal(mixdown([left, right]));
    expect(await reader.readMono(10, 100, 0)).to.deep.equal(left);
    expect(await reader.readMono(10, 100, 1)).to.deep.equal(right);
    // The recording ends before it says.
    expect((await reader.readMono(10, 150, null)).length).to.equal(110);
    expect((await reader.readMono(200, 10, null)).length).to.equal(0);
  });

  it('serves reads that overlap the last one without decoding again, and jumps with one seek', async () => {
    const { reader, seeks } = decoder(regular(400), 40000);
    await reader.read(0, 3000);
    expect(Array.from((await reader.read(2100, 1000))[0])).to.deep.equal(ramp(2100, 3100));
    expect(seeks).to.deep.equal([0]);
    expect(Array.from((await reader.read(30000, 500))[0])).to.deep.equal(ramp(30000, 30500));
    expect(Array.from((await reader.read(10, 5))[0])).to.deep.equal(ramp(10, 15));
    expect(seeks).to.deep.equal([0, 30000, 10]);
  });

  it('decodes ahead of the reader, but only some seconds', async () => {
    const state = decoder(regular(1000), 100000);
    await state.reader.read(0, 100);
    await settled();
    expect(state.count).to.be.within(50, 90);
    state.reader.close();
  });

  it('serves reads in order, also when they are asked for at once', async () => {
    const { reader, seeks } = decoder(regular(20), 2000);
    const parts = await Promise.all([0, 500, 1000, 1500].map((start) => reader.read(start, 500)));
    expect(parts.flatMap(([samples]) => Array.from(samples))).to.deep.equal(ramp(0, 2000));
    expect(seeks).to.deep.equal([0]);
  });

  it('comes back short where the decoder ends early, but takes a missing last packet for silence', async () => {
    expect((await decoder(regular(10), 2000).reader.read(500, 1500))[0].length).to.equal(500);
    const [samples] = await decoder(regular(10), 1090).reader.read(900, 500);
    expect(Array.from(samples)).to.deep.equal([...ramp(900, 1000), ...Array<number>(90).fill(0)]);
  });

  it('takes the first channel where a block has fewer', async () => {
    const { reader } = decoder([block(0, 10, 2), block(10, 10, 1)], 20, 2);
    const [left, right] = await reader.read(0, 20);
    expect(right).to.deep.equal(left);
  });

  it('passes on why decoding failed, after what could be read, and tries again when asked again', async () => {
    let broken = true;
    const reader = new BlockReader({
      sampleRate: RATE,
      channelCount: 1,
      length: 200,
      history: 1,
      async *decodeFrom(position) {
        if (position < 100) yield block(0, 100);
        if (broken) throw new Error('broken packet');
        yield block(100, 100);
      },
    });
    expect(Array.from((await reader.read(0, 100))[0])).to.deep.equal(ramp(0, 100));
    expect((await rejection(reader.read(100, 100))).message).to.equal('broken packet');
    broken = false;
    expect(Array.from((await reader.read(100, 100))[0])).to.deep.equal(ramp(100, 200));
  });

  it('gives up a cancelled read and goes on with the next', async () => {
    const { reader } = decoder(regular(20), 2000);
    const controller = new AbortController();
    const work = reader.read(0, 2000, controller.signal);
    controller.abort();
    expect((await rejection(work)).name).to.equal('AbortError');
    expect(Array.from((await reader.read(0, 10))[0])).to.deep.equal(ramp(0, 10));
  });
});
