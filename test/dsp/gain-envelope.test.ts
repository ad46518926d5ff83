import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { gainAt, gainEnvelope, type GainEnvelope, type MaskShape } from '../../src/dsp/gain-envelope.js';

const SHAPE: MaskShape = { attack: 0.01, hold: 0.02, release: 0.05, padding: 0.03, floor: -Infinity };
const BARE: MaskShape = { attack: 0, hold: 0, release: 0, padding: 0, floor: -Infinity };
const DURATION = 10;

function rounded(envelope: GainEnvelope): [number, number][] {
  return envelope.map(({ time, gain }) => [Number(time.toFixed(6)), Number(gain.toFixed(6))]);
}

function mute(spans: { start: number; end: number }[], shape: Partial<MaskShape> = {}) {
  return gainEnvelope(spans, 'mute', { ...SHAPE, ...shape }, DURATION);
}

describe('gain envelope', () => {
  it('is silent in the padded span, with its fades outside', () => {
    expect(rounded(mute([{ start: 2, end: 3 }]))).to.deep.equal([
      [0, 1],
      [1.96, 1],
      [1.97, 0],
      [3.05, 0],
      [3.1, 1],
      [10, 1],
    ]);
  });

  it('lowers to the floor when it ducks, and lowers all else when it solos', () => {
    const span = [{ start: 2, end: 3 }];
    const duck = gainEnvelope(span, 'duck', { ...SHAPE, floor: -20 }, DURATION);
    expect([gainAt(duck, 1), gainAt(duck, 2.5)].map((g) => g.toFixed(6))).to.deep.equal(['1.000000', '0.100000']);
    const solo = gainEnvelope(span, 'solo', { ...SHAPE, floor: -20 }, DURATION);
    expect([gainAt(solo, 1), gainAt(solo, 2.5)].map((g) => g.toFixed(6))).to.deep.equal(['0.100000', '1.000000']);
  });

  it('takes overlapping, touching and nested spans for one', () => {
    const one = rounded(mute([{ start: 2, end: 4 }]));
    const parts = [
      { start: 3, end: 4 },
      { start: 2, end: 3 },
      { start: 2.5, end: 3.5 },
    ];
    expect(rounded(mute(parts))).to.deep.equal(one);
  });

  it('turns back where the fades of two spans meet', () => {
    const points = rounded(
      mute(
        [
          { start: 1, end: 2 },
          { start: 2.03, end: 3 },
        ],
        { padding: 0, hold: 0 },
      ),
    );
    expect(points).to.deep.include([2.025, 0.5]);
    expect(points.filter(([time]) => time > 2 && time < 2.03)).to.have.length(1);
  });

  it('leaves out what is no span, and cuts off what lies outside the recording', () => {
    const none = [
      { start: 2, end: 2 },
      { start: 3, end: 2 },
      { start: NaN, end: 2 },
      { start: 2, end: NaN },
      { start: 11, end: 12 },
      { start: -2, end: -1 },
    ];
    expect(mute(none)).to.deep.equal([{ time: 0, gain: 1 }]);
    expect(gainEnvelope(none, 'solo', SHAPE, DURATION)).to.deep.equal([{ time: 0, gain: 0 }]);
    expect(mute([{ start: -Infinity, end: Infinity }]).every(({ gain }) => gain === 0)).to.equal(true);
    expect(rounded(mute([{ start: 9, end: 12 }])).at(-1)).to.deep.equal([10, 0]);
    expect(rounded(mute([{ start: 0, end: 1 }]))[0]).to.deep.equal([0, 0]);
  });

  it('has steps where the fades take no time', () => {
    const points = gainEnvelope([{ start: 2, end: 3 }], 'mute', BARE, DURATION);
    expect([1.999, 2, 2.999, 3].map((time) => gainAt(points, time))).to.deep.equal([1, 0, 0, 1]);
  });

  it('keeps its points in order where sums of times are rounded', () => {
    const envelope = mute(
      [
        { start: 0.822, end: 0.832 },
        { start: 0, end: 0.2872792273956896 },
      ],
      BARE,
    );
    expect(envelope.every(({ time }, i) => time >= (envelope[i - 1]?.time ?? 0))).to.equal(true);
  });

  it('refuses times and floors that cannot be', () => {
    for (const wrong of [{ attack: -1 }, { hold: NaN }, { release: Infinity }, { padding: -0.1 }, { floor: 3 }]) {
      expect(() => mute([], wrong)).to.throw(RangeError);
    }
    expect(() => mute([], { floor: NaN })).to.throw(RangeError);
  });

  it('is, at every moment, the strongest effect of any span', () => {
    const time = fc.double({ min: -1, max: DURATION + 1, noNaN: true });
    const fade = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, fc.double({ min: 0.001, max: 3, noNaN: true })), { maxLength: 12 }),
        fc.record({ attack: fade, hold: fade, release: fade, padding: fade, floor: fc.constantFrom(-Infinity, -12) }),
        fc.array(fc.double({ min: 0.01, max: DURATION - 0.01, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (starts, fades, moments) => {
          const spans = starts.map(([start, length]) => ({ start, end: start + length }));
          // Steps have no one value at their own moment.
          const shape = { ...fades, attack: fades.attack + 0.01, release: fades.release + 0.01 };
          const envelope = gainEnvelope(spans, 'mute', shape, DURATION);
          const low = 10 ** (shape.floor / 20);
          expect(envelope.every(({ time: at }, i) => at >= (envelope[i - 1]?.time ?? 0))).to.equal(true);
          expect(envelope.every(({ time: at }) => at >= 0 && at <= DURATION)).to.equal(true);
          for (const moment of moments) {
            const weights = spans.map((span) => effectOf(span, shape, moment));
            const expected = 1 - (1 - low) * Math.max(0, ...weights);
            expect(gainAt(envelope, moment)).to.be.closeTo(expected, 1e-6);
          }
        },
      ),
    );
  });

  it('takes 5,000 spans that overlap and touch in less than 20 ms', () => {
    const spans = Array.from({ length: 5_000 }, (_, i) => {
      const start = (i * 7919) % 3_500;
      return { start, end: start + 0.5 + (i % 3) / 2 };
    });
    const durations = Array.from({ length: 5 }, () => {
      const began = performance.now();
      gainEnvelope(spans, 'mute', SHAPE, 3_600);
      return performance.now() - began;
    });
    // What else the machine has to do at that moment is not meant.
    expect(Math.min(...durations)).to.be.below(20);
  });

  it('adds no energy beyond what the slopes of its fades explain', () => {
    const sampleRate = 8_000;
    const spans = [
      { start: 0.2, end: 0.3 },
      { start: 0.34, end: 0.5 },
    ];
    const lowest = (shape: MaskShape, bound: MaskShape) => {
      const gains = sampled(gainEnvelope(spans, 'mute', shape, 1), sampleRate);
      const slopes = gainEnvelope(spans, 'mute', bound, 1);
      const ratios = [437, 1_013, 2_111, 3_517].map((hertz) => {
        const omega = (2 * Math.PI * hertz) / sampleRate;
        // Summation by parts, twice: |G(ω)| ≤ Σ|Δ slope| / |1 − e^−iω|².
        return spectrumAt(gains, omega) / (slopeChanges(slopes) / sampleRate / (2 * Math.sin(omega / 2)) ** 2);
      });
      return Math.max(...ratios);
    };
    const fine = { ...SHAPE, padding: 0, hold: 0 };
    expect(lowest(fine, fine)).to.be.at.most(1 + 1e-6);
    expect(lowest(BARE, fine)).to.be.above(1.5);
  });
});

/** The mask's effect by one span alone, 0…1, as its definition says. */
function effectOf({ start, end }: { start: number; end: number }, shape: MaskShape, time: number): number {
  if (!(Math.max(0, start) < Math.min(DURATION, end))) return 0;
  const from = Math.max(0, start) - shape.padding;
  const to = Math.min(DURATION, end) + shape.padding + shape.hold;
  if (time < from) return Math.max(0, 1 - (from - time) / shape.attack);
  if (time > to) return Math.max(0, 1 - (time - to) / shape.release);
  return 1;
}

function sampled(envelope: GainEnvelope, sampleRate: number): Float64Array {
  return Float64Array.from({ length: sampleRate }, (_, i) => gainAt(envelope, i / sampleRate));
}

/** Magnitude of the spectrum of what lies under 1: the envelope begins and ends at 1. */
function spectrumAt(gains: Float64Array, omega: number): number {
  let re = 0;
  let im = 0;
  gains.forEach((gain, i) => {
    re += (1 - gain) * Math.cos(omega * i);
    im -= (1 - gain) * Math.sin(omega * i);
  });
  return Math.hypot(re, im);
}

/** Sum of the changes of slope, a second. */
function slopeChanges(envelope: GainEnvelope): number {
  let sum = 0;
  let slope = 0;
  for (let i = 1; i < envelope.length; i += 1) {
    const next = (envelope[i].gain - envelope[i - 1].gain) / (envelope[i].time - envelope[i - 1].time);
    sum += Math.abs(next - slope);
    slope = next;
  }
  return sum;
}
