import { translatable } from '../../strings.js';

const decibels = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 }).replace('-', '−');

export const maskStrings = translatable('mask', {
  mask: 'Mask',
  modes: {
    mute: () => 'Mute',
    duck: (floor: number | null) => `Duck ${decibels(floor ?? -12)} dB`,
    solo: () => 'Solo',
  },
  explain: {
    mute: 'Silence what was found',
    duck: 'Lower what was found',
    solo: 'Silence everything but what was found',
  },
  compare: 'Compare: hear the recording without the mask',
  attack: 'Attack',
  hold: 'Hold',
  release: 'Release',
  padding: 'Padding',
  floor: 'Floor',
  silence: 'silence',
  milliseconds: 'ms',
  decibels: 'dB',
  scope: 'Applies to',
  everything: 'everything found',
  selection: (count: number) => `the selection (${count})`,
  prompts: 'Sounds',
  muted: (count: number, seconds: string) => `${count} stretches, ${seconds} in all`,
});
