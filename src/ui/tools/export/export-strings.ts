import { translatable } from '../../strings.js';

const megabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const counted = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

export const exportStrings = translatable('export', {
  what: 'Export',
  kinds: { mix: 'Masked recording', regions: 'Each hit', stems: 'Stems', 'target-residual': 'Sound and rest' },
  kindHints: {
    mix: 'The whole recording as the mask leaves it. What the mask does not touch stays as it is, bit by bit.',
    regions: 'A file for each hit.',
    stems: 'A file as long as the recording for each class or sound, silent where something else is.',
    'target-residual': 'What was found, and the recording without it. Both together are the recording.',
  },
  needsMask: 'Mute, duck or solo something first.',
  needsHits: 'Find something first.',
  take: 'Hits',
  takeAll: (count: number) => `all ${count.toLocaleString('en')}`,
  takeMask: 'as the mask has it',
  takeSelected: (count: number) => `${count.toLocaleString('en')} selected`,
  format: 'Format',
  depth: 'WAV',
  depths: { 16: '16-bit', 24: '24-bit', 32: '32-bit float' },
  asRecorded: (depth: string) => `as recorded (${depth})`,
  rest: 'Add what no class took',
  markers: 'Mark the hits (cue points)',
  handles: 'Handles',
  fade: 'Fades',
  milliseconds: 'ms',
  badTime: (most: number) => `Use 0 to ${most.toLocaleString('en')} ms.`,
  names: 'Names',
  template: 'File names',
  places: {
    ucs: 'UCS category',
    prompt: 'sound',
    label: 'label',
    n: 'number',
    start: 'start',
    source: 'recording',
  },
  insert: (place: string) => `Insert ${place}`,
  example: (name: string) => `e.g. ${name}`,
  summary: (count: number, bytes: number) => `${counted(count, 'file')}, about ${megabytes.format(bytes / 1e6)} MB`,
  archive: 'in one ZIP',
  start: 'Export',
  busy: 'Something is still being computed.',
  zipFile: 'ZIP archive',
  wavFile: 'WAV file',
});
