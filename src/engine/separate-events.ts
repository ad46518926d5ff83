import { BinBands } from '../dsp/bin-bands.js';
import { bandGains, EventComponents, hearSurroundings, type FrameGains, type Surroundings } from '../dsp/event-mask.js';
import { mixdown } from '../dsp/mixdown.js';
import type { SampleRange } from '../dsp/span-position.js';
import { frameSizeFor, Stft, type AudioRun } from '../dsp/stft.js';
import type { Samples, Seconds } from '../dsp/units.js';
import type { PcmSource } from './pcm-source.js';

/**
 * How far rough separation goes: `gate` keeps the events whole and silences all else; `band` also holds back what their
 * surroundings sound like, by one gain a frequency; `nmf` takes the events apart into components.
 */
export type SeparationMethod = 'gate' | 'band' | 'nmf';

export type SeparationSource = Pick<PcmSource, 'sampleRate' | 'length' | 'read'>;

/** An event and what is heard when one of its components is missing. */
export interface Occlusions {
  readonly sampleRate: number;
  /** Mono: the event with a little of what is around it. */
  readonly whole: Float32Array<ArrayBuffer>;
  /** The same without one component each. */
  readonly without: readonly Float32Array<ArrayBuffer>[];
  /** Where the event lies in them. */
  readonly event: SampleRange;
}

/** Says of each component how much speaks for its being the target's, by what is lost without it; negative: it is not. */
export type OcclusionJudge = (occlusions: Occlusions, signal: AbortSignal) => Promise<readonly number[]>;

export interface SeparationOptions {
  readonly method: SeparationMethod;
  /** Chooses among the components of `nmf`. Without one all that the surroundings do not explain is the target. */
  readonly judge?: OcclusionJudge | null;
  readonly signal: AbortSignal;
}

/** Frames this long: short enough for onsets, long enough to tell neighbouring partials of a voice apart. */
const FRAME_SECONDS: Seconds = 0.043;
/** What is heard at either side of an event counts as its surroundings. */
const SURROUNDING_SECONDS: Seconds = 4;
/** Longer events are separated in pieces, so that memory does not depend on their length. */
const MOST_SECONDS: Seconds = 10;
/** Two pieces of one event are faded into each other. */
const SEAM_SECONDS: Seconds = 0.05;
/** Events that were found are widened by this much at either side: boxes cut into attacks and tails. */
export const EVENT_PADDING_SECONDS: Seconds = 0.15;
/** Fades at an event's ends, against clicks; inside the event. */
const FADE_SECONDS: Seconds = 0.005;
/** Heard by the judge before and behind an event: a sound by itself is judged differently. */
const OCCLUSION_MARGIN_SECONDS: Seconds = 1;
/** Of the energy of an event's components, this share is kept whatever the judge says: it may be wrong about them. */
const LEAST_ENERGY_SHARE = 0.25;

/**
 * The events of a recording in samples, each widened by the padding, as {@link separateEvents} wants them: what
 * overlaps or touches becomes one event; what has no length or no place in the recording is left out.
 *
 * @param padding at either side
 */
export function eventSpans(
  events: readonly { readonly start: Seconds; readonly end: Seconds }[],
  { sampleRate, length }: Pick<SeparationSource, 'sampleRate' | 'length'>,
  padding: Seconds,
): SampleRange[] {
  const sorted = events
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({
      start: Math.round(Math.max(0, start - padding) * sampleRate),
      end: Math.min(length, Math.round((end + padding) * sampleRate)),
    }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  const spans: { start: Samples; end: Samples }[] = [];
  for (const span of sorted) {
    const last = spans.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else spans.push(span);
  }
  return spans;
}

/** Part of an event that is separated by itself. */
interface Piece {
  readonly range: SampleRange;
  /** Samples of the fades at its ends. */
  readonly fadeIn: Samples;
  readonly fadeOut: Samples;
  /** Whether it goes on in another piece, so that the fades have to add up to 1. */
  readonly seamBefore: boolean;
  readonly seamAfter: boolean;
}

/**
 * Separates the target of a recording event by event: yields what belongs to it, in order. Outside of what is yielded
 * the target is silent; where two runs overlap, they add up. Memory depends on neither the recording's length nor that
 * of the events.
 *
 * @param spans of the events: sorted, apart from each other, inside the recording
 */
export async function* separateEvents(
  source: SeparationSource,
  spans: readonly SampleRange[],
  { method, judge = null, signal }: SeparationOptions,
): AsyncGenerator<AudioRun & { readonly channels: readonly Float32Array<ArrayBuffer>[] }, void, undefined> {
  const { sampleRate } = source;
  const stft = new Stft(frameSizeFor(sampleRate, FRAME_SECONDS));
  const bands = new BinBands(stft.binCount);
  const margin = stft.size + Math.round(OCCLUSION_MARGIN_SECONDS * sampleRate);
  for (const span of spans) {
    const neighbourhood = await readNeighbourhood(source, span, signal);
    const quiet = method === 'gate' ? [] : quietAround(spans, neighbourhood, stft.size);
    const surroundings = hearSurroundings(stft, bands, quiet);
    for (const piece of piecesOf(span, sampleRate)) {
      signal.throwIfAborted();
      const run = neighbourhood.whole ?? (await readRun(source, widened(piece.range, margin, source.length), signal));
      yield { start: piece.range.start, channels: await separatePiece(piece, run, surroundings) };
    }
  }

  async function separatePiece(piece: Piece, run: AudioRun, around: Surroundings | null) {
    const { range } = piece;
    let gains: FrameGains | null = null;
    if (method === 'band' && around) gains = bandGains(stft, run, range, around);
    if (method === 'nmf' && (around || judge)) gains = await componentGains(piece, run, around);
    const channels = gains
      ? stft.filter(run, range, gains)
      : run.channels.map((samples) => silenceUnusable(samples.slice(range.start - run.start, range.end - run.start)));
    for (const samples of channels) fade(samples, piece);
    return channels;
  }

  async function componentGains(piece: Piece, run: AudioRun, around: Surroundings | null): Promise<FrameGains> {
    const { range } = piece;
    const components = new EventComponents(stft, bands, run, range, around);
    const all = Array.from({ length: components.count }, (_, k) => k);
    if (!judge) return components.gains(new Set(all));
    const mono = { start: run.start, channels: [mixdown(run.channels)] };
    const heardRange = widened(range, margin, source.length);
    const whole = mono.channels[0].slice(heardRange.start - run.start, heardRange.end - run.start);
    const at = range.start - heardRange.start;
    const without = all.map((k) => {
      const [rest] = stft.filter(mono, range, components.gainsWithout(k));
      const heard = whole.slice();
      heard.set(rest, at);
      return heard;
    });
    const event = { start: at, end: at + range.end - range.start };
    const support = await judge({ sampleRate, whole, without, event }, signal);
    return components.gains(
      chooseComponents(
        support,
        all.map((k) => components.energy(k)),
      ),
    );
  }
}

/**
 * The components that are the target: all that nothing speaks against, and more, the best first, while they hold too
 * little of the event's energy.
 *
 * @param support what speaks for each
 */
export function chooseComponents(support: readonly number[], energies: readonly number[]): Set<number> {
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const chosen = new Set<number>();
  let kept = 0;
  const bestFirst = [...support.keys()].sort((a, b) => support[b] - support[a]);
  for (const k of bestFirst) {
    if (!(support[k] >= 0) && kept >= LEAST_ENERGY_SHARE * total) break;
    chosen.add(k);
    kept += energies[k];
  }
  return chosen;
}

/** What is read of a recording around an event. */
interface Neighbourhood {
  /** The event and what surrounds it, in one run; null where the event is too long for that. */
  readonly whole: AudioRun | null;
  /** What surrounds it, at either side. */
  readonly sides: readonly AudioRun[];
}

async function readNeighbourhood(
  source: SeparationSource,
  span: SampleRange,
  signal: AbortSignal,
): Promise<Neighbourhood> {
  const { sampleRate, length } = source;
  const reach = Math.round(SURROUNDING_SECONDS * sampleRate);
  const { start, end } = widened(span, reach, length);
  if (span.end - span.start <= MOST_SECONDS * sampleRate) {
    const whole = await readRun(source, { start, end }, signal);
    return { whole, sides: [whole] };
  }
  const before = await readRun(source, { start, end: span.start }, signal);
  return { whole: null, sides: [before, await readRun(source, { start: span.end, end }, signal)] };
}

/** The stretches around an event that hold none of the events. */
function quietAround(spans: readonly SampleRange[], { sides }: Neighbourhood, guard: Samples) {
  return sides.flatMap((run) => {
    const end = run.start + run.channels[0].length;
    const quiet: SampleRange[] = [];
    let position = run.start;
    for (let i = firstEndingAfter(spans, position - guard); i < spans.length && spans[i].start < end + guard; i += 1) {
      quiet.push({ start: position, end: spans[i].start - guard });
      position = Math.max(position, spans[i].end + guard);
    }
    quiet.push({ start: position, end });
    return quiet.filter((range) => range.end > range.start).map((range) => ({ run, range }));
  });
}

function firstEndingAfter(spans: readonly SampleRange[], position: Samples): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].end > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

function piecesOf({ start, end }: SampleRange, sampleRate: number): Piece[] {
  const count = Math.max(1, Math.ceil((end - start) / (MOST_SECONDS * sampleRate)));
  const halfSeam = Math.round((SEAM_SECONDS * sampleRate) / 2);
  const edgeFade = Math.min(Math.round(FADE_SECONDS * sampleRate), Math.floor((end - start) / 2));
  return Array.from({ length: count }, (_, i): Piece => {
    const [seamBefore, seamAfter] = [i > 0, i < count - 1];
    const cut = (n: number): Samples => start + Math.round(((end - start) * n) / count);
    return {
      range: { start: cut(i) - (seamBefore ? halfSeam : 0), end: cut(i + 1) + (seamAfter ? halfSeam : 0) },
      fadeIn: seamBefore ? 2 * halfSeam : edgeFade,
      fadeOut: seamAfter ? 2 * halfSeam : edgeFade,
      seamBefore,
      seamAfter,
    };
  });
}

/** Raised cosines: two that overlap add up to 1. */
function fade(samples: Float32Array, { fadeIn, fadeOut }: Piece): void {
  const last = samples.length - 1;
  for (let i = 0; i < fadeIn; i++) samples[i] *= 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / fadeIn);
  for (let i = 0; i < fadeOut; i++) samples[last - i] *= 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / fadeOut);
}

function widened({ start, end }: SampleRange, by: Samples, length: Samples): SampleRange {
  return { start: Math.max(0, start - by), end: Math.min(length, end + by) };
}

async function readRun(source: SeparationSource, { start, end }: SampleRange, signal: AbortSignal) {
  return { start, channels: await source.read(start, end - start, signal) };
}

/** Samples that are no numbers stay in the residual. */
function silenceUnusable(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return samples.map((sample) => (sample - sample === 0 ? sample : 0));
}
