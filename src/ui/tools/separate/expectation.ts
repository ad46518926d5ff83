import type { SeparationMethod } from '../../../plugin/separation.js';
import measured from './measured-improvements.json' with { type: 'json' };

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The share of a recording that spans cover, 0…1; what overlaps counts once. */
export function activeFraction(spans: readonly Span[], duration: number): number {
  let covered = 0;
  let reached = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    covered += Math.max(0, Math.min(end, duration) - Math.max(start, reached));
    reached = Math.max(reached, Math.min(end, duration));
  }
  return duration > 0 ? covered / duration : 0;
}

/**
 * What cutting out gains at most where all else is steady, in dB of SDR: outside of the events everything goes, inside
 * nothing does.
 *
 * @param fraction above 0
 */
export function gatingBound(fraction: number): number {
  return -10 * Math.log10(fraction);
}

/** What a method gained on the project's mixes, in dB of SI-SDR; made by `bench/separation/run.ts --write-docs`. */
export function measuredImprovement(method: SeparationMethod): {
  readonly median: number;
  readonly worstTenth: number;
} {
  return measured[method];
}
