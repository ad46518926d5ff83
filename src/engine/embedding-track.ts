import type { FrameGrid } from '../detection/frame-grid.js';
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import { frameHop, type ModelDescriptor } from './model-descriptor.js';
import { planWindows, type AnalysisWindow, type WindowPlan } from './window-plan.js';

/** Least length of the parts of a frame whose levels are measured; a sound's edge is hardly heard more exactly. */
const LEVEL_SECONDS: Seconds = 0.02;

/** Parts of a frame whose levels are measured: as many of one length as there can be of 20 ms or more; 8 in 160 ms. */
export function levelsPerFrame(hop: Samples, sampleRate: Hertz): number {
  let parts = Math.max(1, Math.floor(hop / (LEVEL_SECONDS * sampleRate)));
  while (hop % parts !== 0) parts -= 1;
  return parts;
}

/**
 * Everything the model heard in one recording. It is the artefact that is cached: prompts are scored against it
 * without running the model on audio again.
 */
export interface EmbeddingTrack {
  /** Frames at the model's sample rate, anchored at sample 0. */
  readonly grid: FrameGrid;
  /** Coordinates of one embedding (D). */
  readonly dimension: number;
  /**
   * Frame embeddings, `[frameCount × D]` row-major, unit L2 norm; zero rows where nothing has been analysed yet. Of a
   * model that embeds windows: that of the short window around the frame, before that has been analysed of the long one.
   */
  readonly frames: Float32Array;
  /** Embeddings of whole windows, all but the short ones, `[count × D]` row-major, unit L2 norm. */
  readonly clips: Float32Array;
  /**
   * Level in dBFS (mean power of the mono mix), `[frameCount × k]` with k equal parts a frame, k = `levels.length /
   * frameCount`; −Infinity for digital silence. Boundaries of events are refined by it: 20 ms (8 parts of a 160-ms
   * frame) is fine enough, with one part a frame they stay on the model's grid.
   */
  readonly levels: Float32Array;
  /** The windows that the frames came from. */
  readonly plan: WindowPlan;
  /** 1 where the window has been analysed, `[windowCount]`. */
  readonly analysed: Uint8Array;
}

/**
 * A track in which nothing has been analysed yet.
 *
 * @param frameCount model frames in the recording, at least 1
 */
export function emptyTrack(frameCount: number, model: ModelDescriptor): EmbeddingTrack {
  const { dimension, sampleRate } = model;
  const plan = planWindows(frameCount, model);
  const { windows } = plan;
  const hop = frameHop(model);
  return {
    grid: { sampleRate, offset: 0, hop, frameCount },
    dimension,
    frames: new Float32Array(frameCount * dimension),
    clips: new Float32Array(clipCount(plan) * dimension),
    levels: new Float32Array(frameCount * levelsPerFrame(hop, sampleRate)).fill(-Infinity),
    plan,
    analysed: new Uint8Array(windows.length),
  };
}

/** Windows whose embedding as a whole is kept: the first so many. */
export function clipCount({ windows }: WindowPlan): number {
  return windows.findLastIndex(({ scale }) => scale !== 'short') + 1;
}

/** What has been heard in one window. */
export interface HeardWindow {
  /** The kept frames, `[(keepEnd − keepStart) × D]` row-major, unit L2 norm; empty if the model gives none. */
  readonly frames: Float32Array;
  /** `[D]`, unit L2 norm. */
  readonly clip: Float32Array;
  /** Levels of the kept frames in dBFS, in equal parts of a frame. */
  readonly levels: Float32Array;
}

/** Parts of a frame whose levels a track has. */
export function levelsPerFrameOf({ levels, grid }: EmbeddingTrack): number {
  return levels.length / grid.frameCount;
}

/** What a track has of a window that was put into it: views of its arrays. */
export function heardIn(track: EmbeddingTrack, { index, keepStart, keepEnd, scale }: AnalysisWindow): HeardWindow {
  const { dimension, frames, clips, levels } = track;
  const row = (rows: Float32Array, from: number, to = from + 1) => rows.subarray(from * dimension, to * dimension);
  const parts = levelsPerFrameOf(track);
  return {
    frames: scale === undefined ? row(frames, keepStart, keepEnd) : new Float32Array(),
    clip: scale === 'short' ? row(frames, keepStart) : row(clips, index),
    levels: levels.subarray(keepStart * parts, keepEnd * parts),
  };
}

/** Puts a window into its track; the order of windows makes no difference in the end. */
export function addWindow(
  track: EmbeddingTrack,
  { index, keepStart, keepEnd, scale }: AnalysisWindow,
  heard: HeardWindow,
): void {
  const { dimension, frames } = track;
  if (scale === undefined) frames.set(heard.frames, keepStart * dimension);
  else {
    for (let frame = keepStart; frame < keepEnd; frame += 1) {
      const row = frames.subarray(frame * dimension, (frame + 1) * dimension);
      // A long window gives way to the short ones, whichever comes first.
      if (scale === 'short' || row.every((value) => value === 0)) row.set(heard.clip);
    }
  }
  if (scale !== 'short') track.clips.set(heard.clip, index * dimension);
  track.levels.set(heard.levels, keepStart * levelsPerFrameOf(track));
  track.analysed[index] = 1;
}
