import { translatable } from '../../strings.js';

const percent = new Intl.NumberFormat('en', { style: 'percent' });

export const identifyStrings = translatable('identify', {
  about: 'About',
  recording: 'The recording',
  selection: (count: number) => (count === 1 ? 'The selected hit' : `The ${count} selected hits`),
  noSelection: 'Selected hits',
  question: 'Question',
  own: 'Own labels',
  labels: 'Labels, separated by commas',
  labelsExample: 'jazz, techno, opera',
  ask: 'Identify',
  asking: 'Comparing…',
  result: (subject: string) => `${subject}, the best first`,
  percent: (value: number) => percent.format(value),
  exclusiveHint: 'If exactly one of the labels is right, this is how likely each is.',
  inclusiveHint: 'How likely each can be heard, whatever the others are. Several may be right.',
  noneHeard: 'None of the labels is heard clearly here.',
  alike: (model: string, labels: readonly string[]) =>
    `${model} reads these as the same and cannot tell them apart: ${labels.join(', ')}.`,
  find: (label: string) => `Find ${label} in the recording`,
  findText: 'Find',
  name: (label: string, count: number) => (count === 1 ? `Name the hit ${label}` : `Name the ${count} hits ${label}`),
  nameText: 'Name',
});
