import type { Seconds } from '../../src/dsp/units.js';

/** A row of `mixes.tsv`; see README.md beside it. */
export interface MixPlan {
  readonly name: string;
  readonly prompt: string;
  readonly levelOver: 'mix' | 'events';
  readonly duration: Seconds;
  /** Name of a clip. */
  readonly interferer: string;
  readonly events: readonly { readonly clip: string; readonly onset: Seconds }[];
}

export function parseMixes(table: string): MixPlan[] {
  const [, ...rows] = table.trim().split('\n');
  return rows.map((row) => {
    const [name, prompt, levelOver, duration, interferer, events] = row.split('\t');
    return {
      name,
      prompt,
      levelOver: levelOver === 'events' ? 'events' : 'mix',
      duration: Number(duration),
      interferer,
      events: events.split(' ').map((event) => {
        const [clip, onset] = event.split('@');
        return { clip, onset: Number(onset) };
      }),
    };
  });
}

/** A row of `coincident.tsv`: two sounds in one event. */
export interface CoincidentPlan {
  readonly prompt: string;
  /** What the other sound is called. */
  readonly contrast: string;
  /** Names of clips. */
  readonly target: string;
  readonly other: string;
}

export function parseCoincident(table: string): CoincidentPlan[] {
  const [, ...rows] = table.trim().split('\n');
  return rows.map((row) => {
    const [prompt, contrast, target, other] = row.split('\t');
    return { prompt, contrast, target, other };
  });
}
