import type { PromptEvidence } from '../../src/detection/detection.js';

export const PARTS_PER_FRAME = 8;

/** Evidence on 160-ms frames; levels are −20 dBFS throughout unless given. */
export function evidenceOf(frameLogits: ArrayLike<number>, levels?: ArrayLike<number>): PromptEvidence {
  const logits = Float32Array.from(frameLogits);
  return {
    grid: { sampleRate: 32000, offset: 0, hop: 5120, frameCount: logits.length },
    frameLogits: logits,
    levels: levels ? Float32Array.from(levels) : new Float32Array(logits.length * PARTS_PER_FRAME).fill(-20),
  };
}

/** `count` logits of `background` with `[start, end, logit]` events. */
export function logitsWith(
  count: number,
  background: number,
  events: readonly (readonly [start: number, end: number, logit: number])[],
): Float32Array {
  const logits = new Float32Array(count).fill(background);
  for (const [start, end, value] of events) logits.fill(value, start, end);
  return logits;
}
