import { translatable } from '../../strings.js';
import { formatLength, formatScore, formatTime } from '../../time-format.js';

const percent = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const counted = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

export const splitStrings = translatable('split', {
  preset: 'Preset',
  choosePreset: 'Choose a preset…',
  builtIn: 'Ready-made',
  own: 'Saved by you',
  classes: 'Classes, separated by commas',
  classesExample: 'speech, music, dog',
  split: 'Split',
  mode: 'Each moment belongs to',
  modes: { exclusive: 'one class', overlapping: 'any number' },
  modeHints: {
    exclusive: 'One class at a time; what is none of them is “other”.',
    overlapping: 'Each class by itself, so that classes may lie over each other.',
  },
  switchingCost: 'Switching cost',
  seconds: 's',
  switchingCostHint:
    'How long a sound that is as likely as not has to last to become a segment. Surer sounds may be shorter. More: fewer and longer segments.',
  table: 'Classes',
  columns: { select: 'Merge', label: 'Class', known: 'Heard as', time: 'Time', share: 'Share', shown: 'Shown' },
  nameOf: (label: string) => `Name of the class ${label}`,
  selectOf: (label: string) => `Merge ${label}`,
  shownOf: (label: string) => `Show ${label}`,
  silence: 'quiet, by level',
  other: 'other',
  merge: 'Merge selected',
  segments: (count: number) => counted(count, 'segment'),
  share: (share: number) => percent.format(share),
  time: formatLength,
  listening: 'listening…',
  unfinished: 'not all of the recording was heard',
  encoding: 'reading…',
  toRegions: 'Make regions',
  toRegionsHint: 'Turns what is shown into regions that can be edited, masked and exported',
  presetName: 'Name for these classes',
  savePreset: 'Save as preset',
  deletePreset: (name: string) => `Delete the preset ${name}`,
  clear: 'Clear',
  strip: 'Segments by class',
  segment: (label: string, start: number, end: number, score: number) =>
    `${label}, ${formatTime(start, 1)} to ${formatTime(end, 1)}, score ${formatScore(score)}`,
  stripHint: 'Arrows: next segment. Enter: play it. Click: go there.',
  noSegments: 'No segments',
});
