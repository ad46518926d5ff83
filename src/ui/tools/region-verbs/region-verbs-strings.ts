import { formatTime } from '../../time-format.js';
import { translatable } from '../../strings.js';

export const regionVerbsStrings = translatable('regionVerbs', {
  bar: 'Regions',
  draw: 'Draw',
  drawHint: 'Draw regions by dragging. Shift and drag does so at any time.',
  hint: 'Shift and drag draws a region; I and O mark one at the playhead',
  selected: (count: number, only: string) => (count === 1 ? only : `${count} selected`),
  marked: (side: 'in' | 'out', time: number) =>
    side === 'in' ? `In at ${formatTime(time)}; O makes the region` : `Out at ${formatTime(time)}; I makes the region`,
  newRegion: 'Region',
  silence: 'Silence',
  silenceHint: 'Silence the selection, or let it be heard again',
  split: 'Split',
  splitHint: 'Split at the playhead',
  merge: 'Merge',
  mergeHint: 'Merge the selection into one region',
  snap: 'Snap',
  snapHint: 'Snap the edges into the valleys of the score curve',
  rename: 'Rename…',
  renameHint: 'Give the selection another name, or copy it to another sound',
  remove: 'Delete',
  nudgeBy: 'Nudge by',
  steps: {
    '1 ms': '1 ms',
    '10 ms': '10 ms',
    '100 ms': '100 ms',
    frame: 'frame',
    'zero-crossing': 'zero crossing',
  },
  earlier: 'Nudge the selection earlier',
  later: 'Nudge the selection later',
  name: 'Name',
  renameDo: 'Rename',
  copyDo: 'Copy',
  close: 'Close',
});
