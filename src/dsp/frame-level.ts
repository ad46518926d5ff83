import type { SpanPosition } from './span-position.js';
import type { Samples } from './units.js';

/** Frame *i* covers the samples `[offset + i·hop, offset + (i+1)·hop)` of the recording. */
export interface LevelGrid {
  readonly offset: Samples;
  readonly hop: Samples;
}

/**
 * Level of each frame in dBFS: 10·log10 of the mean of the squared samples. A full-scale square wave has 0 dB, a
 * full-scale sine −3.01 dB, digital silence −Infinity.
 *
 * A frame that reaches past an end of the recording is measured over the part inside; one that lies outside is silent.
 *
 * @param samples mono, a span that holds the frames' part of the recording
 * @param position where the span lies in its recording
 * @param out receives the levels; a new array by default
 * @returns `out`, one value for each of the frames `[firstFrame, firstFrame + frameCount)`
 * @throws RangeError when the span lacks samples that a frame needs
 */
export function frameLevels(
  samples: Float32Array,
  position: SpanPosition,
  grid: LevelGrid,
  firstFrame: number,
  frameCount: number,
  out: Float32Array = new Float32Array(frameCount),
): Float32Array {
  const spanEnd = position.start + samples.length;
  for (let i = 0; i < frameCount; i++) {
    const frameStart = grid.offset + (firstFrame + i) * grid.hop;
    const start = Math.max(0, frameStart);
    const end = Math.min(position.total, frameStart + grid.hop);
    if (end > start && (start < position.start || end > spanEnd))
      throw new RangeError(
        `frameLevels: frame ${firstFrame + i} needs the samples ${start} to ${end}, but those given are ${position.start} to ${spanEnd}.`,
      );
    let energy = 0;
    for (let n = start - position.start; n < end - position.start; n++) energy += samples[n]! * samples[n]!;
    out[i] = end > start ? 10 * Math.log10(energy / (end - start)) : -Infinity;
  }
  return out;
}
