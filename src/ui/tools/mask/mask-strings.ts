import type { MaskMode } from '../../../plugin/mask.js';
import { translatable } from '../../strings.js';
import { formatTime } from '../../time-format.js';

const decibels = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 }).replace('-', '−');
const length = (seconds: number) => (seconds < 60 ? `${seconds.toFixed(1)} s` : formatTime(seconds, 1));

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
  noMask: 'Mute, duck or solo first.',
  // scope
  scope: 'Applies to',
  everything: 'everything found',
  prompts: 'chosen sounds',
  selection: (count: number) => `the selection (${count})`,
  regions: (count: number) => (count === 1 ? '1 region' : `${count} regions`),
  takeSelection: (count: number) => `Take the selection (${count})`,
  inverted: 'all but these',
  notFound: 'not found',
  // fades
  fades: 'Fades',
  presets: { tight: 'Tight', standard: 'Standard', soft: 'Soft' },
  attack: 'Attack',
  hold: 'Hold',
  release: 'Release',
  padding: 'Padding',
  floor: 'Floor',
  silence: '−∞',
  milliseconds: 'ms',
  decibels: 'dB',
  badTime: (most: number) => `From 0 to ${most.toLocaleString('en')} ms.`,
  badFloor: 'At most 0 dB; empty is silence.',
  // envelope
  envelope: 'Envelope',
  lowered: (mode: MaskMode, stretches: number, seconds: number) => {
    const verb = { mute: 'muted', duck: 'ducked', solo: 'silenced' }[mode];
    return stretches === 0
      ? `nothing is ${verb}`
      : `${stretches === 1 ? '1 stretch' : `${stretches} stretches`}, ${length(seconds)} ${verb}`;
  },
  drawn: (count: number) => (count === 1 ? '1 part drawn by hand' : `${count} parts drawn by hand`),
  automatic: 'Back to automatic',
  automaticHint: 'Lets the regions shape all of the envelope again',
  edit: 'Edit on the waveform',
  addPoint: 'Add point',
  deletePoint: 'Delete point',
  editHint:
    'Drag points, or the line between them; a double click adds or deletes a point. Keys: arrows move it, Page Up and Page Down choose, Enter adds, Delete deletes, Esc ends.',
  point: 'Point of the envelope',
  pointAt: (index: number, count: number, time: number, gain: string) =>
    `${index} of ${count}, at ${formatTime(time)}, ${gain}`,
  gain: (gain: number) => (gain === 0 ? '−∞ dB' : `${decibels(20 * Math.log10(gain))} dB`),
  zoomIn: 'Zoom in to edit the envelope',
});
