import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import type { SampleRange } from '../../src/dsp/span-position.js';
import {
  chooseComponents,
  eventSpans,
  separateEvents,
  type OcclusionJudge,
  type SeparationMethod,
  type SeparationSource,
} from '../../src/engine/separate-events.js';
import { noise, sine } from '../dsp/signals.js';

const RATE = 16_000;
const { signal } = new AbortController();

/** Records what is read at once. */
function sourceOf(channels: readonly Float32Array[]): SeparationSource & { longestRead: number } {
  return {
    sampleRate: RATE,
    length: channels[0]!.length,
    longestRead: 0,
    async read(start, count) {
      this.longestRead = Math.max(this.longestRead, count);
      return channels.map((samples) => Float32Array.from(samples.subarray(start, start + count)));
    },
  };
}

async function targetOf(
  source: SeparationSource,
  spans: readonly SampleRange[],
  method: SeparationMethod,
  judge: OcclusionJudge | null = null,
): Promise<Float32Array[]> {
  let target: Float32Array[] = [];
  for await (const { start, channels } of separateEvents(source, spans, { method, judge, signal })) {
    if (target.length === 0) target = channels.map(() => new Float32Array(source.length));
    channels.forEach((samples, c) => samples.forEach((sample, i) => (target[c]![start + i]! += sample)));
  }
  return target;
}

const METHODS: readonly SeparationMethod[] = ['gate', 'band', 'nmf'];
const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const energy = (samples: Float32Array) => product(samples, samples);

describe('the events of a separation', () => {
  const recording = { sampleRate: 100, length: 1000 };

  it('are sorted, widened and joined where they overlap or touch', () => {
    const events = [
      { start: 5, end: 6 },
      { start: 1, end: 2 },
      { start: 2.1, end: 3 },
      { start: 2.5, end: 2.6 },
    ];
    expect(eventSpans(events, recording, 0.05)).to.deep.equal([
      { start: 95, end: 305 },
      { start: 495, end: 605 },
    ]);
  });

  it('leave out what has no length, no number or no place in the recording', () => {
    const events = [
      { start: 1, end: 1 },
      { start: 3, end: 2 },
      { start: NaN, end: 2 },
      { start: 1, end: NaN },
      { start: 50, end: 60 },
      { start: -5, end: -1 },
      { start: -Infinity, end: Infinity },
    ];
    expect(eventSpans(events, recording, 0.1)).to.deep.equal([{ start: 0, end: 1000 }]);
    expect(eventSpans(events.slice(0, -1), recording, 0.1)).to.deep.equal([]);
  });
});

describe('separation of events', () => {
  const span = { start: 2 * RATE, end: 3 * RATE };
  const hum = sine(5 * RATE, 200, RATE);
  const whistle = sine(5 * RATE, 3000, RATE).map((sample, i) => (i >= span.start && i < span.end ? sample : 0));
  const mix = hum.map((sample, i) => 0.3 * (sample + whistle[i]!));

  for (const method of METHODS) {
    it(`by ${method} is silent outside of the events`, async () => {
      const [target] = await targetOf(sourceOf([mix]), [span], method);
      expect(energy(target!.subarray(0, span.start))).to.equal(0);
      expect(energy(target!.subarray(span.end))).to.equal(0);
      expect(energy(target!.subarray(span.start, span.end))).to.be.above(0);
    });

    it(`by ${method} makes nothing of silence, of no event and of a recording shorter than a frame`, async () => {
      const [silent] = await targetOf(sourceOf([new Float32Array(5 * RATE)]), [span], method);
      expect(silent!.every((sample) => sample === 0)).to.equal(true);
      expect(await targetOf(sourceOf([mix]), [], method)).to.deep.equal([]);
      const [tiny] = await targetOf(sourceOf([noise(5)]), [{ start: 0, end: 5 }], method);
      expect(tiny!.every(Number.isFinite)).to.equal(true);
    });
  }

  it('by band and by nmf holds back what goes on around the events', async () => {
    for (const method of ['band', 'nmf'] as const) {
      const [target] = await targetOf(sourceOf([mix]), [span], method);
      const inside = target!.subarray(span.start + 800, span.end - 800);
      const wanted = whistle.subarray(span.start + 800, span.end - 800).map((sample) => 0.3 * sample);
      const rest = inside.map((sample, i) => sample - wanted[i]!);
      expect(10 * Math.log10(energy(wanted) / energy(rest)), method).to.be.above(15);
    }
  });

  it('masks all channels alike', async () => {
    const quiet = mix.map((sample) => 0.25 * sample);
    for (const method of METHODS) {
      const [left, right, silent] = await targetOf(
        sourceOf([mix, quiet, new Float32Array(mix.length)]),
        [span],
        method,
      );
      const difference = left!.reduce((worst, sample, i) => Math.max(worst, Math.abs(0.25 * sample - right![i]!)), 0);
      expect(difference, method).to.be.below(1e-6);
      expect(energy(silent!), method).to.equal(0);
    }
  });

  it('takes long events in pieces that join without a seam', async () => {
    const length = 60 * RATE;
    const tone = sine(length, 440, RATE);
    const source = sourceOf([tone]);
    const long = { start: 2 * RATE, end: 58 * RATE };
    const [target] = await targetOf(source, [long], 'gate');
    const inner = target!.subarray(long.start + 200, long.end - 200);
    const worst = inner.reduce((most, sample, i) => Math.max(most, Math.abs(sample - tone[long.start + 200 + i]!)), 0);
    expect(worst).to.be.below(1e-6);
    expect(source.longestRead).to.be.below(14 * RATE);
  });

  it('reads no more at a time, however many events there are', async () => {
    const length = 120 * RATE;
    const source = sourceOf([noise(length)]);
    const spans = Array.from({ length: 200 }, (_, i) => ({ start: i * 9000, end: i * 9000 + 2000 }));
    const [target] = await targetOf(source, spans, 'band');
    expect(source.longestRead).to.be.below(10 * RATE);
    expect(target!.every(Number.isFinite)).to.equal(true);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const runs = separateEvents(sourceOf([mix]), [span, { start: 4 * RATE, end: 4.5 * RATE }], {
      method: 'nmf',
      signal: controller.signal,
    });
    await runs.next();
    controller.abort();
    const error = await runs.next().catch((reason: unknown) => reason);
    expect((error as Error).name).to.equal('AbortError');
  });

  it('lets a judge take components out of what is heard in the event alone', async () => {
    // Two sounds in one event: only what is asked for tells which of them is meant.
    const inEvent = (beat: number) => (sample: number, i: number) =>
      i >= span.start && i < span.end && Math.floor(i / beat) % 2 === 0 ? 0.3 * sample : 0;
    const low = sine(5 * RATE, 500, RATE).map(inEvent(2000));
    const high = sine(5 * RATE, 3000, RATE).map(inEvent(1300));
    const both = low.map((sample, i) => sample + high[i]!);
    /** A model that knows one tone: its score is the level of that tone. */
    const askingFor =
      (wanted: Float32Array): OcclusionJudge =>
      async ({ whole, without, event }) => {
        const level = (samples: Float32Array) =>
          product(samples.subarray(event.start, event.end), wanted.subarray(span.start, span.end));
        return without.map((samples) => (level(whole) - level(samples) > 0.02 * level(whole) ? 3 : -3));
      };
    const [asLow] = await targetOf(sourceOf([both]), [span], 'nmf', askingFor(low));
    const [asHigh] = await targetOf(sourceOf([both]), [span], 'nmf', askingFor(high));
    expect(product(asLow!, low) / energy(low)).to.be.above(0.9);
    expect(product(asHigh!, high) / energy(high)).to.be.above(0.9);
    expect(product(asLow!, high) / energy(high)).to.be.below(0.2);
    expect(product(asHigh!, low) / energy(low)).to.be.below(0.2);
  });
});

describe('the choice of components', () => {
  it('takes out what something speaks against, and nothing else', () => {
    expect([...chooseComponents([2, 0.1, 0, -0.5], [5, 1, 1, 1])]).to.deep.equal([0, 1, 2]);
  });

  it('keeps a quarter of the energy whatever the judge says', () => {
    expect([...chooseComponents([-2, -3, -4], [1, 4, 4])]).to.deep.equal([0, 1]);
    expect([...chooseComponents([NaN, NaN], [1, 1])].length).to.be.at.least(1);
  });

  it('keeps at least a quarter of the energy for any scores', () => {
    const score = fc.double({ min: -9, max: 9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.double({ min: 0, max: 5, noNaN: true })), { minLength: 1 }), (pairs) => {
        const energies = pairs.map(([, value]) => value);
        const chosen = chooseComponents(
          pairs.map(([value]) => value),
          energies,
        );
        const kept = [...chosen].reduce((sum, k) => sum + energies[k]!, 0);
        expect(kept).to.be.at.least(0.25 * energies.reduce((sum, value) => sum + value, 0) - 1e-9);
      }),
    );
  });
});
