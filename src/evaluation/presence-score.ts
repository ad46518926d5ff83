import type { Score } from '../dsp/units.js';

/** One question to one recording: is the sound in it? */
export interface PresenceAnswer {
  readonly there: boolean;
  readonly claimed: boolean;
}

/** How far the answer "not found" can be trusted. */
export interface PresenceScore {
  /** Part of the recordings with the sound that are said to have it; null where there are none. */
  readonly recall: Score | null;
  /** Part of the recordings without the sound that are said to have it; null where there are none. */
  readonly falsePresence: Score | null;
}

export function scorePresence(answers: readonly PresenceAnswer[]): PresenceScore {
  return {
    recall: claimedPart(answers.filter(({ there }) => there)),
    falsePresence: claimedPart(answers.filter(({ there }) => !there)),
  };
}

function claimedPart(answers: readonly PresenceAnswer[]): Score | null {
  return answers.length > 0 ? answers.filter(({ claimed }) => claimed).length / answers.length : null;
}
