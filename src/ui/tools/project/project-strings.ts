import { strings, translatable } from '../../strings.js';
import { formatTime } from '../../time-format.js';

const counted = (count: number, noun: string) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment as it is told: today by the clock alone. */
function moment(time: number): string {
  const isToday = new Date(time).toDateString() === new Date().toDateString();
  return isToday ? clock.format(time) : date.format(time);
}

export const projectStrings = translatable('project', {
  saved: (time: number) => `Kept on this device, ${moment(time)}`,
  saving: 'Keeping what has changed…',
  notSaved: 'Not kept on this device. Save it as a file.',
  nothing: 'Nothing to keep yet. What you do is kept on this device by itself.',
  off: 'This page does not keep projects. Save yours as a file.',
  saveAs: 'Save as file',
  saveAsHint: 'Prompts, regions, mask and split, without the audio',
  open: 'Open…',
  fresh: 'Start fresh',
  freshHint: 'Takes everything away that was made here; undo brings it back',
  belongsTo: (name: string, duration: number) => `This project belongs to “${name}” (${formatTime(duration, 0)}).`,
  opensByItself: 'Open that recording, and the project opens on it.',
  openKept: 'Open that recording',
  choose: 'Choose the file…',
  applyAnyway: (name: string) => `Use it on “${name}”`,
  forget: 'Cancel',
  kept: 'Kept on this device',
  copy: 'copy',
  contents: (prompts: readonly string[], regions: number) =>
    [
      ...prompts.slice(0, 3),
      ...(prompts.length > 3 ? [`${prompts.length - 3} more`] : []),
      counted(regions, 'region'),
    ].join(', '),
  moment,
  isOpen: 'open',
  reopen: 'Open',
  reopenOf: (name: string, time: number) => `Open ${name} of ${moment(time)}`,
  withoutRecording: 'without its recording',
  delete: 'Delete',
  deleteOf: (name: string, time: number) => `Delete ${name} of ${moment(time)}`,
  deleteAll: 'Delete all',
  confirm: (count: number) => (count === 1 ? 'Delete for good?' : `Delete ${count} projects for good?`),
  keep: 'Keep',
  recordings: (bytes: number) =>
    `${bytes < 1e5 ? `${Math.ceil(bytes / 1000)} kB` : strings.bytes(bytes)} of recordings are kept with them`,
  failed: (reason: string) => `The project could not be saved: ${reason}`,
});
