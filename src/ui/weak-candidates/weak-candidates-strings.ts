import { translatable } from '../strings.js';
import { formatTime } from '../time-format.js';

const english = {
  list: (text: string) => `Weak candidates for ${text}`,
  hint: 'Probably something else. Listen, and keep what is right.',
  listenAt: (time: number) => `Listen from ${formatTime(time)}`,
  keep: (time: number) => `Keep the candidate at ${formatTime(time)} as a hit`,
};

export const weakCandidatesStrings = () => translatable('weak', english);
