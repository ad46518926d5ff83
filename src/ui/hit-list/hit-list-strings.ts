import { translatable } from '../strings.js';
import { formatTime } from '../time-format.js';

const english = {
  start: 'Start',
  length: 'Length',
  label: 'Label',
  score: 'Score',
  status: 'Status',
  accepted: 'accepted',
  rejected: 'rejected',
  accept: 'accept',
  reject: 'reject',
  acceptHit: (label: string, start: number) => `Accept ${label} at ${formatTime(start, 1)}`,
  rejectHit: (label: string, start: number) => `Reject ${label} at ${formatTime(start, 1)}`,
  playHit: (label: string, start: number) => `Play ${label} at ${formatTime(start, 1)}`,
  rename: 'New label',
  noHits: 'No hits',
  noHitsHint: 'Raise a sensitivity to let more through.',
  hitsAppear: 'Hits appear here',
  channel: (channel: number) => `ch ${channel + 1}`,
  edges: (start: number, end: number) => `${formatTime(start)} to ${formatTime(end)}`,
};

export const hitListStrings = () => translatable('list', english);
