import type { ScoreSegment } from './sound-event-boxes.js';

/** Where the sides of an event are taken: the share of its peak. The optimum is flat from .2 to .5. */
const EDGE_HEIGHT = 0.4;

/**
 * Draws a segment in to where the score first and last stands at a share of its peak.
 *
 * A change point marks where a rise begins to matter, which on a slow flank lies well before the event; the flanks of a
 * frame-wise score cross a share of the peak close to where the sound begins and ends, whatever blurs them.
 *
 * @param scores the run of scores 0…1 that the segment was found in
 * @returns inside the segment, and never empty; positions in frames, fractions by interpolation between frame centres
 */
export function drawInToCurve(scores: Float32Array, segment: ScoreSegment): ScoreSegment {
  const first = Math.floor(segment.onset);
  const end = Math.min(scores.length, Math.max(first + 1, Math.ceil(segment.offset)));
  let peak = 0;
  for (let i = first; i < end; i += 1) peak = Math.max(peak, scores[i]);
  const height = EDGE_HEIGHT * peak;
  let rise = first;
  while (rise < end - 1 && scores[rise] < height) rise += 1;
  let fall = end - 1;
  while (fall > rise && scores[fall] < height) fall -= 1;
  const onset = Math.max(segment.onset, crossing(scores, rise - 1, rise, height) ?? segment.onset);
  const offset = Math.min(segment.offset, crossing(scores, fall + 1, fall, height) ?? segment.offset);
  return onset < offset ? { onset, offset } : segment;
}

/** Where the line between the centres of two neighbouring frames reaches `height`; null where it does not. */
function crossing(scores: Float32Array, below: number, above: number, height: number): number | null {
  if (below < 0 || below >= scores.length || !(scores[below] < height)) return null;
  const share = (height - scores[below]) / (scores[above] - scores[below]);
  return below + 0.5 + share * (above - below);
}
