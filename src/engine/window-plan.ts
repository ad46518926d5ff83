import type { Hertz, Samples } from '../dsp/units.js';
import { frameHop, type ModelDescriptor } from './model-descriptor.js';

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
  /**
   * Set where the model embeds windows as a whole. The `long` ones come first and tell whether there is something, the
   * `short` ones tell when; those of either scale tile the recording.
   */
  readonly scale?: 'long' | 'short';
}

/** Frames of a short window: 2 s, of which the middle second is kept. */
const SHORT_WINDOW_FRAMES = 4;

type PlannedModel = Pick<ModelDescriptor, 'kind' | 'melFramesPerFrame' | 'windowFrames'>;

/**
 * The windows of a recording: for a model that gives frames half-overlapping ones of its full length, for one that
 * embeds whole windows ones of that length side by side, then short half-overlapping ones.
 *
 * @param frameCount model frames in the recording, at least 1
 */
export function planWindows(frameCount: number, { kind, melFramesPerFrame, windowFrames }: PlannedModel): WindowPlan {
  if (kind === 'frames')
    return { frameCount, melFramesPerFrame, windows: overlappingWindows(frameCount, windowFrames) };
  const long = adjoiningWindows(frameCount, windowFrames);
  const short = overlappingWindows(frameCount, SHORT_WINDOW_FRAMES).map((window): AnalysisWindow => ({
    ...window,
    index: long.length + window.index,
    scale: 'short',
  }));
  return { frameCount, melFramesPerFrame, windows: [...long, ...short] };
}

/**
 * Half-overlapping windows, of which the middle halves are kept; the first also keeps its beginning. The last one ends
 * where the recording ends and keeps everything up to there.
 */
function overlappingWindows(frameCount: number, windowFrames: number): AnalysisWindow[] {
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
    if (isLast) return windows;
  }
}

/** Windows side by side. The last one is moved forward to end with the recording: a rest of it says little by itself. */
function adjoiningWindows(frameCount: number, windowFrames: number): AnalysisWindow[] {
  return Array.from({ length: Math.ceil(frameCount / windowFrames) }, (_, index): AnalysisWindow => {
    const keepStart = index * windowFrames;
    const start = Math.max(0, Math.min(keepStart, frameCount - windowFrames));
    const keepEnd = Math.min(frameCount, keepStart + windowFrames);
    return { index, start, length: keepEnd - start, keepStart, keepEnd, scale: 'long' };
  });
}

type FramedModel = Pick<ModelDescriptor, 'sampleRate' | 'melHop' | 'melFramesPerFrame' | 'clipSamples'>;

/**
 * Model frames of a recording of `length` samples at `sourceRate`. A model of fixed windows has as many as cover the
 * samples. Any other hears mel frames, one a hop, the first at sample 0; a model frame stands for a group of them, the
 * last perhaps for fewer.
 */
export function modelFrameCount(length: Samples, sourceRate: Hertz, model: FramedModel): number {
  const { sampleRate, melHop, melFramesPerFrame, clipSamples } = model;
  const resampledLength = Math.ceil((length * sampleRate) / sourceRate);
  if (clipSamples !== undefined) return Math.ceil(resampledLength / frameHop(model));
  return Math.ceil((1 + Math.floor(resampledLength / melHop)) / melFramesPerFrame);
}

/**
 * The next windows to analyse: neighbours that are all waiting, from the start of the visible range on, then what comes
 * before it. Short windows wait for all long ones.
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
  const next = windows.find(({ index }) => isWaiting(index));
  if (next === undefined) return [];
  const first =
    windows.find(({ index, keepEnd, scale }) => scale === next.scale && keepEnd > firstVisible && isWaiting(index)) ??
    next;
  const run = windows.slice(first.index, first.index + most);
  const gap = run.findIndex(({ index, scale }) => scale !== first.scale || !isWaiting(index));
  return gap === -1 ? run : run.slice(0, gap);
}
