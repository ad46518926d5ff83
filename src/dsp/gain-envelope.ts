import type { Decibels, Seconds } from './units.js';

/** A moment of a gain envelope. */
export interface GainPoint {
  readonly time: Seconds;
  /** Linear gain, 0…1. */
  readonly gain: number;
}

/**
 * Gain over time: points sorted by time, linear between, constant before the first and after the last. Two points at
 * the same time are a step. Never empty.
 */
export type GainEnvelope = readonly GainPoint[];

/** What happens to the spans: silenced, lowered, or kept while all else is silenced. */
export type MaskMode = 'mute' | 'duck' | 'solo';

/** The shape of a mask's fades. All lie outside the spans, so that inside them the mask has its full effect. */
export interface MaskShape {
  /** Seconds of the fade that ends `padding` before a span. */
  readonly attack: Seconds;
  /** Seconds that the effect stays after `padding`. */
  readonly hold: Seconds;
  /** Seconds of the fade back. */
  readonly release: Seconds;
  /** Seconds that a span is widened by at either side. */
  readonly padding: Seconds;
  /** Gain of what is lowered, at most 0; −Infinity is silence. */
  readonly floor: Decibels;
}

interface Span {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** How much the mask acts, 0…1, at a moment. */
interface Weight {
  readonly time: Seconds;
  readonly weight: number;
}

/**
 * The gain envelope of a mask over spans of a recording. Overlapping and touching spans act as one; where two fades
 * meet, the stronger effect wins. Spans are cut off at the recording's ends; those of no length, those that end before
 * they start and those with NaN are left out.
 *
 * @param duration length of the recording; the envelope goes from 0 to there
 * @throws RangeError for a negative or NaN time, or a floor above 0 dB
 */
export function gainEnvelope(
  spans: readonly Span[],
  mode: MaskMode,
  shape: MaskShape,
  duration: Seconds,
): readonly [GainPoint, ...GainPoint[]] {
  const { attack, hold, release, padding, floor } = shape;
  for (const time of [attack, hold, release, padding, duration]) {
    if (!(time >= 0 && time < Infinity)) throw new RangeError(`A time of a gain mask is ${time} s.`);
  }
  if (!(floor <= 0)) throw new RangeError(`The floor of a gain mask is ${floor} dB.`);
  const low = 10 ** (floor / 20);
  const gainOf = mode === 'solo' ? (w: number) => low + (1 - low) * w : (w: number) => 1 - (1 - low) * w;
  const held = joinSpans(spans, duration, padding, hold);
  const weights = cutOff(fades(held, attack, release), duration);
  const points = weights.map(({ time, weight }) => ({ time, gain: gainOf(weight) }));
  return [points[0] ?? { time: 0, gain: gainOf(0) }, ...points.slice(1)];
}

/** The gain of an envelope at a time; at a step, what comes after it. */
export function gainAt(envelope: GainEnvelope, time: Seconds): number {
  const next = firstAfter(envelope, time);
  const before = envelope[next - 1];
  const after = envelope[next];
  if (!before || !after) return (before ?? after)?.gain ?? 1;
  return before.gain + ((after.gain - before.gain) * (time - before.time)) / (after.time - before.time);
}

/** Index of the first point later than a time; the length when there is none. */
export function firstAfter(envelope: GainEnvelope, time: Seconds): number {
  let low = 0;
  let high = envelope.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (envelope[middle].time > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The stretches of full effect, sorted, apart from each other. They may reach past the recording's ends. */
function joinSpans(spans: readonly Span[], duration: Seconds, padding: Seconds, hold: Seconds): Span[] {
  const inside = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(duration, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const joined: { start: Seconds; end: Seconds }[] = [];
  for (const { start, end } of inside) {
    const last = joined.at(-1);
    if (last && start - padding <= last.end) last.end = Math.max(last.end, end + padding + hold);
    else joined.push({ start: start - padding, end: end + padding + hold });
  }
  return joined;
}

function fades(held: readonly Span[], attack: Seconds, release: Seconds): Weight[] {
  const weights: Weight[] = [];
  held.forEach(({ start, end }, i) => {
    if (i === 0) weights.push({ time: start - attack, weight: 0 });
    weights.push({ time: start, weight: 1 }, { time: end, weight: 1 });
    const next = held[i + 1]?.start ?? Infinity;
    const gap = next - end;
    if (gap >= attack + release) {
      // Rounded sums must not pass what follows.
      const over = Math.min(end + release, next);
      weights.push({ time: over, weight: 0 });
      if (next < Infinity) weights.push({ time: Math.max(over, next - attack), weight: 0 });
    } else {
      // The fades meet before either is over: the release has come as far as the attack has still to go.
      const share = gap / (attack + release);
      weights.push({ time: end + share * release, weight: 1 - share });
    }
  });
  return weights;
}

/** What of the fades lies in `[0, duration]`, with a point at either end. */
function cutOff(weights: readonly Weight[], duration: Seconds): Weight[] {
  if (weights.length === 0) return [];
  const envelope = weights.map(({ time, weight }) => ({ time, gain: weight }));
  const inside = weights.filter(({ time }) => time > 0 && time < duration);
  // Up to the end, not after a step that lies on it.
  const atEnd = weights.findLast(({ time }) => time < duration);
  const next = weights.find(({ time }) => time >= duration);
  const endWeight =
    atEnd && next
      ? atEnd.weight + ((next.weight - atEnd.weight) * (duration - atEnd.time)) / (next.time - atEnd.time)
      : (atEnd ?? next)!.weight;
  return [{ time: 0, weight: gainAt(envelope, 0) }, ...inside, { time: duration, weight: endWeight }];
}
