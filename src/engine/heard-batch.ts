import type { Samples } from '../dsp/units.js';
import { type EmbeddingTrack, type HeardWindow, heardIn, levelsPerFrameOf } from './embedding-track.js';
import type { AnalysisWindow } from './window-plan.js';

/** How far a recording has been heard. */
export interface HeardSoFar {
  readonly track: EmbeddingTrack;
  /** Length of the recording at its own rate, as far as it is known. */
  readonly length: Samples;
  /** Whether the recording has been seen to end there. */
  readonly endSeen: boolean;
}

/** Some windows of a recording, packed to be kept: a piece of a track that stands by itself. */
export interface HeardBatch {
  /** As in {@link HeardSoFar}, when the windows were packed. */
  readonly length: Samples;
  readonly endSeen: boolean;
  /** Windows of the plan for that length, by index. */
  readonly indices: readonly number[];
  /** What was heard in each, one window after another. */
  readonly frames: Float32Array;
  readonly clips: Float32Array;
  readonly levels: Float32Array;
}

/** Numbers that a window comes to. */
export function floatsIn(track: EmbeddingTrack, window: AnalysisWindow): number {
  const { frames, clip, levels } = sizesOf(track, window);
  return frames + clip + levels;
}

/** Copies windows out of a track. */
export function packWindows({ track, length, endSeen }: HeardSoFar, indices: readonly number[]): HeardBatch {
  const heard = indices.map((index) => heardIn(track, track.plan.windows[index]));
  return {
    length,
    endSeen,
    indices,
    frames: joined(heard.map(({ frames }) => frames)),
    clips: joined(heard.map(({ clip }) => clip)),
    levels: joined(heard.map(({ levels }) => levels)),
  };
}

/**
 * The windows of a batch.
 *
 * @param track what they are to become part of, of the length that the batch names
 * @returns none if the batch is not what would have been packed from such a track
 */
export function unpackWindows(batch: HeardBatch, track: EmbeddingTrack): [AnalysisWindow, HeardWindow][] {
  const { windows } = track.plan;
  const at = { frames: 0, clip: 0, levels: 0 };
  const unpacked = batch.indices.map((index): [AnalysisWindow, HeardWindow] | null => {
    const window = windows[index];
    if (window === undefined) return null;
    const sizes = sizesOf(track, window);
    const heard = {
      frames: batch.frames.subarray(at.frames, (at.frames += sizes.frames)),
      clip: batch.clips.subarray(at.clip, (at.clip += sizes.clip)),
      levels: batch.levels.subarray(at.levels, (at.levels += sizes.levels)),
    };
    return [window, heard];
  });
  const isWhole =
    at.frames === batch.frames.length && at.clip === batch.clips.length && at.levels === batch.levels.length;
  return isWhole && unpacked.every((each) => each !== null) ? unpacked : [];
}

function sizesOf(track: EmbeddingTrack, { keepStart, keepEnd, scale }: AnalysisWindow) {
  const { dimension } = track;
  const kept = keepEnd - keepStart;
  return {
    frames: scale === undefined ? kept * dimension : 0,
    clip: dimension,
    levels: kept * levelsPerFrameOf(track),
  };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const array of arrays) {
    all.set(array, position);
    position += array.length;
  }
  return all;
}
