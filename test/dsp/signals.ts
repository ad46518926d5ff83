/** Repeatable white noise, uniform in −1…1 (mulberry32). */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  });
}

export function sine(length: number, frequency: number, sampleRate: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * frequency * n) / sampleRate));
}

export interface FittedSine {
  readonly amplitude: number;
  /** Radians ahead of a sine that is zero at sample 0. */
  readonly phase: number;
  /** Amplitude of a sine that has the power of all that is left. */
  readonly residual: number;
}

/** The sine of a known frequency that fits a signal best in the least-squares sense, `margin` samples from its ends. */
export function fitSine(signal: Float32Array, frequency: number, sampleRate: number, margin: number): FittedSine {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const end = signal.length - margin;
  let [cosCos, sinSin, cosSin, cosSignal, sinSignal] = [0, 0, 0, 0, 0];
  for (let n = margin; n < end; n++) {
    const cos = Math.cos(omega * n);
    const sin = Math.sin(omega * n);
    cosCos += cos * cos;
    sinSin += sin * sin;
    cosSin += cos * sin;
    cosSignal += cos * signal[n]!;
    sinSignal += sin * signal[n]!;
  }
  const determinant = cosCos * sinSin - cosSin ** 2;
  const a = (cosSignal * sinSin - sinSignal * cosSin) / determinant;
  const b = (sinSignal * cosCos - cosSignal * cosSin) / determinant;
  let energy = 0;
  for (let n = margin; n < end; n++) energy += (signal[n]! - a * Math.cos(omega * n) - b * Math.sin(omega * n)) ** 2;
  return {
    amplitude: Math.hypot(a, b),
    phase: Math.atan2(a, b),
    residual: Math.sqrt((2 * energy) / (end - margin)),
  };
}

/** Amplitude of a sine that has the power of a signal, `margin` samples from its ends. */
export function sineEquivalent(signal: Float32Array, margin: number): number {
  const inner = signal.subarray(margin, signal.length - margin);
  return Math.sqrt((2 * inner.reduce((sum, value) => sum + value ** 2, 0)) / inner.length);
}

/** Whether two arrays hold the same values (chai's deep equality takes seconds for the arrays of these tests). */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
