import type { FrameGrid } from '../detection/frame-grid.js';
import type { ModelDescriptor } from './model-descriptor.js';
import { planWindows, type WindowPlan } from './window-plan.js';

/** Parts of a model frame whose levels are measured: 20 ms each for frames of 160 ms. */
export const LEVELS_PER_FRAME = 8;

/**
 * Everything the model heard in one recording. It is the artefact that is cached: prompts are scored against it
 * without running the model on audio again.
 */
export interface EmbeddingTrack {
  /** Frames at the model's sample rate, anchored at sample 0. */
  readonly grid: FrameGrid;
  /** Coordinates of one embedding (D). */
  readonly dimension: number;
  /** Frame embeddings, `[frameCount × D]` row-major, unit L2 norm; zero rows where nothing has been analysed yet. */
  readonly frames: Float32Array;
  /** Clip embeddings of the analysis windows, `[windowCount × D]` row-major, unit L2 norm. */
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
  const { dimension, sampleRate, melHop, melFramesPerFrame } = model;
  const plan = planWindows(frameCount, model);
  const { windows } = plan;
  return {
    grid: { sampleRate, offset: 0, hop: melHop * melFramesPerFrame, frameCount },
    dimension,
    frames: new Float32Array(frameCount * dimension),
    clips: new Float32Array(windows.length * dimension),
    levels: new Float32Array(frameCount * LEVELS_PER_FRAME).fill(-Infinity),
    plan,
    analysed: new Uint8Array(windows.length),
  };
}
