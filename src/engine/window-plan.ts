import type { Hertz, Samples } from '../dsp/units.js';
import type { ModelDescriptor } from './model-descriptor.js';

/**
 * Which stretches of the log-mel the model hears at once, and which of their frames are kept. The plan is anchored at
 * sample 0 and depends on the length of the recording alone, so the order of computing changes nothing.
 */
export interface WindowPlan {
  /** Model frames in the recording. */
  readonly frameCount: number;
  /** Mel frames of the recording that one model frame stands for. */
  readonly melFramesPerFrame: number;
  readonly windows: readonly AnalysisWindow[];
}

/** One window; all positions are counted in model frames from the start of the recording. */
export interface AnalysisWindow {
  readonly index: number;
  /** First model frame that the model hears. */
  readonly start: number;
  /** Model frames that it hears. */
  readonly length: number;
  /** The frames `[keepStart, keepEnd)` are kept from this window; over all windows they tile the recording. */
  readonly keepStart: number;
  readonly keepEnd: number;
}

/**
 * Half-overlapping windows of the model's full length, of which the middle halves are kept; the first also keeps its
 * beginning. The last one ends where the recording ends and keeps everything up to there.
 *
 * @param frameCount model frames in the recording, at least 1
 */
export function planWindows(
  frameCount: number,
  { melFramesPerFrame, windowFrames }: Pick<ModelDescriptor, 'melFramesPerFrame' | 'windowFrames'>,
): WindowPlan {
  const step = Math.floor(windowFrames / 2);
  const margin = Math.floor(windowFrames / 4);
  const windows: AnalysisWindow[] = [];
  for (let index = 0; ; index += 1) {
    const start = index * step;
    const isLast = start + windowFrames >= frameCount;
    windows.push({
      index,
      start,
      length: Math.min(windowFrames, frameCount - start),
      keepStart: index === 0 ? 0 : start + margin,
      keepEnd: isLast ? frameCount : start + step + margin,
    });
    if (isLast) return { frameCount, melFramesPerFrame, windows };
  }
}

/**
 * Model frames of a recording of `length` samples at `sourceRate`. At the model's rate it has one mel frame a hop, the
 * first at sample 0; a model frame stands for a group of them, the last perhaps for fewer.
 */
export function modelFrameCount(
  length: Samples,
  sourceRate: Hertz,
  { sampleRate, melHop, melFramesPerFrame }: Pick<ModelDescriptor, 'sampleRate' | 'melHop' | 'melFramesPerFrame'>,
): number {
  const resampledLength = Math.ceil((length * sampleRate) / sourceRate);
  return Math.ceil((1 + Math.floor(resampledLength / melHop)) / melFramesPerFrame);
}

/**
 * The next windows to analyse: neighbours that are all waiting, from the start of the visible range on, then what comes
 * before it.
 *
 * @param isWaiting whether a window, by its index, still has to be analysed
 * @param firstVisible model frame at the start of the visible range
 * @param most windows at most
 */
export function nextWindows(
  { windows }: WindowPlan,
  isWaiting: (index: number) => boolean,
  firstVisible: number,
  most: number,
): AnalysisWindow[] {
  const visible = Math.max(
    0,
    windows.findIndex(({ keepEnd }) => keepEnd > firstVisible),
  );
  const inOrder = [...windows.slice(visible), ...windows.slice(0, visible)];
  const first = inOrder.find(({ index }) => isWaiting(index));
  if (first === undefined) return [];
  const run = windows.slice(first.index, first.index + most);
  const gap = run.findIndex(({ index }) => !isWaiting(index));
  return gap === -1 ? run : run.slice(0, gap);
}
