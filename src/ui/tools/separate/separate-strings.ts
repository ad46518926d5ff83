import { translatable } from '../../strings.js';

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 });
const decibels = (value: number) => `${Math.round(value).toLocaleString('en').replace('-', '−')} dB`;

export const separateStrings = translatable('separate', {
  sound: 'Sound',
  soundWithHits: (text: string, count: number) => `${text} (${count})`,
  method: 'How',
  methods: { gate: 'Cut out', band: 'Cut out and filter', nmf: 'Take apart' },
  methodHints: {
    gate: 'Keeps each hit as it is, with all that sounds along, and silences the rest.',
    band: 'Also holds back, in each hit, the frequencies that are heard around it.',
    nmf: 'Takes each hit apart into components and keeps those that are not heard around it and speak for the sound. Takes longest.',
  },
  separate: 'Separate roughly',
  noHits: (text: string) =>
    `No “${text}” was found: there is nothing to separate. Raise its sensitivity, or mark it by hand.`,
  expect: (text: string, fraction: number, bound: number, median: number, worst: number) =>
    `Rough: traces of each stay in the other. “${text}” fills ${percent.format(fraction)} of this recording; cutting out alone gains ${decibels(bound)} at most where the rest is steady. On test mixes with every event marked, this gained ${decibels(median)} (median; worst tenth ${decibels(worst)}). What was not found stays in the residual.`,
  running: 'Separating…',
  cancelled: 'Cancelled. Nothing was kept.',
  result: (text: string, method: string) => `${text}, ${method.toLowerCase()}`,
  listen: 'Listen',
  parts: { target: 'Target', residual: 'Residual', mix: 'Mix' },
  partHints: {
    target: 'What was asked for, around the active hit, over and over',
    residual: 'All else',
    mix: 'The recording as it is',
  },
  stop: 'Stop',
  adds: 'Target and residual add up to the recording.',
  saveTarget: (size: string) => `Save target · ${size}`,
  saveResidual: (size: string) => `Save residual · ${size}`,
  dismiss: 'Dismiss',
});
