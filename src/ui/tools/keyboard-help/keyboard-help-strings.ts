import { translatable } from '../../strings.js';

const english = {
  keys: [
    ['/', 'search'],
    ['Space', 'play or pause'],
    ['[ ]', 'previous, next hit'],
    ['Enter', 'play the hit, from just before it'],
    ['L', 'loop the hit'],
    ['A X', 'accept, reject'],
    ['F2', 'rename'],
    ['Delete', 'remove'],
    ['↑ ↓', 'through the list, with Shift to select'],
    ['I O', 'mark where a region begins, where it ends'],
    ['S M', 'split at the playhead, merge'],
    ['V Q', 'snap to the curve, silence'],
    [', .', 'nudge'],
    ['Alt ← →', 'in the list: nudge the start, with Shift the end'],
    ['Shift drag', 'draw a region'],
    ['Ctrl Z', 'undo, with Shift redo'],
    ['Esc', 'take back a drag'],
  ] as readonly (readonly [keys: string, meaning: string])[],
  scope: 'Keys work with the focus in this panel.',
};

export const keyboardHelpStrings = () => translatable('help', english);
