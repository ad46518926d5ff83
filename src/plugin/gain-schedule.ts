import { firstAfter, gainAt, type GainEnvelope, type GainPoint } from '../dsp/gain-envelope.js';

/** Seconds of audio that are scheduled ahead: a hidden tab is called once a second. */
const WINDOW = 3;

/** A playhead that is off by more than this, in seconds, has moved by something other than playback. */
const TOLERANCE = 0.008;

/** Seconds of the ramp that joins what sounds with what shall. */
const DECLICK = 0.005;

const UNITY: GainEnvelope = [{ time: 0, gain: 1 }];

/** Where playback is: `time` of the timeline sounds at `contextTime`. */
interface Anchor {
  readonly contextTime: number;
  readonly time: number;
  readonly rate: number;
}

/**
 * Keeps a gain in step with a timeline: its envelope is scheduled some seconds ahead, further as playback goes on, and
 * anew when the playhead, the rate or the envelope changed.
 */
export class GainSchedule {
  readonly #gain: AudioParam;
  #envelope: GainEnvelope = UNITY;
  #anchor: Anchor | null = null;
  /** What has been scheduled, in time of the context. */
  #scheduled: GainPoint[] = [];
  /** Time of the timeline up to which the envelope has been scheduled. */
  #until = 0;
  #changed = true;

  constructor(gain: AudioParam) {
    this.#gain = gain;
  }

  /** @param envelope in seconds of the timeline */
  setEnvelope(envelope: GainEnvelope): void {
    if (envelope === this.#envelope) return;
    this.#envelope = envelope;
    this.#changed = true;
  }

  /**
   * @param contextTime now, in seconds of the audio context
   * @param time the playhead at that moment, in seconds of the timeline
   * @param rate seconds of the timeline a second; 0 while it stands
   */
  sync(contextTime: number, time: number, rate: number): void {
    const anchor = this.#anchor;
    const expected = anchor ? anchor.time + (contextTime - anchor.contextTime) * anchor.rate : NaN;
    const goesOn = anchor?.rate === rate && Math.abs(time - expected) <= TOLERANCE * Math.max(1, rate);
    if (goesOn && !this.#changed) {
      this.#extend(expected);
      return;
    }
    this.#changed = false;
    this.#anchor = { contextTime, time, rate };
    this.#restart(contextTime, time, rate);
  }

  #restart(contextTime: number, time: number, rate: number): void {
    const from = this.#scheduled.length > 0 ? gainAt(this.#scheduled, contextTime) : this.#gain.value;
    const start = time + DECLICK * rate;
    this.#gain.cancelScheduledValues(contextTime);
    this.#scheduled = [];
    this.#gain.setValueAtTime(from, contextTime);
    this.#scheduled.push({ time: contextTime, gain: from });
    this.#ramp(gainAt(this.#envelope, start), contextTime + DECLICK);
    this.#until = start;
    this.#extend(time);
  }

  #extend(time: number): void {
    const { contextTime, time: origin, rate } = this.#anchor!;
    const end = time + WINDOW * rate;
    if (rate === 0 || this.#until >= end - (WINDOW * rate) / 2) return;
    const envelope = this.#envelope;
    let index = firstAfter(envelope, this.#until);
    for (; index < envelope.length && envelope[index].time <= end; index += 1) {
      this.#ramp(envelope[index].gain, contextTime + (envelope[index].time - origin) / rate);
    }
    // A ramp has to end somewhere before the next point is due.
    this.#ramp(gainAt(envelope, end), contextTime + (end - origin) / rate);
    this.#until = end;
    const now = contextTime + (time - origin) / rate;
    this.#scheduled.splice(0, Math.max(0, firstAfter(this.#scheduled, now) - 1));
  }

  #ramp(gain: number, time: number): void {
    this.#gain.linearRampToValueAtTime(gain, time);
    this.#scheduled.push({ time, gain });
  }
}
