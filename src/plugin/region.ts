import type { Score, Seconds } from '../dsp/units.js';

export type RegionOrigin = 'detected' | 'user' | 'imported';
export type RegionStatus = 'candidate' | 'accepted' | 'rejected';

/** What of a region an edit moves. */
export type RegionPart = 'start' | 'end' | 'whole';

/** Shortest region that dragging, nudging or splitting leaves. */
export const SHORTEST_REGION: Seconds = 0.01;

/** A sound event on the timeline, `[start, end)` in seconds of the source. */
export interface Region {
  readonly id: string;
  readonly sourceId: string;
  readonly start: Seconds;
  readonly end: Seconds;
  readonly label: string;
  /** Confidence of the box it came from; 1 for what the user drew. */
  readonly score: Score;
  /** Highest score of the curve inside. */
  readonly peak: Score;
  readonly promptId?: string;
  readonly origin: RegionOrigin;
  readonly status: RegionStatus;
  /** Whether the user has changed its times, label or category; such regions are never replaced by a new detection. */
  readonly edited: boolean;
  /** The channel that it was found in, from 0. Absent: in the mean of all, or drawn by the user. */
  readonly channel?: number;
  readonly note?: string;
  /** CatID of the Universal Category System, e.g. `ANMLDog`; without one its prompt's counts. */
  readonly ucs?: string;
}
