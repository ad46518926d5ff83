import type { Decibels } from '../dsp/units.js';
import { probability } from '../detection/calibration.js';
import type { EmbeddingTrack } from '../engine/embedding-track.js';

/** Below the mean power of the recording; speech of any gain lies above it, its pauses below. */
const DEPTH: Decibels = 30;

/** However loud the recording is, what is louder than this is not silence, dBFS. */
const LOUDEST: Decibels = -40;

/** What silence is decided on. */
export type LevelsOfTrack = Pick<EmbeddingTrack, 'grid' | 'levels' | 'plan' | 'analysed'>;

/**
 * Scores silence by the level alone: how sure it is that nothing in a frame, however short, is louder than 30 dB below
 * the mean power of the recording, or than −40 dBFS. At that level the score is ½; each dB is one in log-odds.
 *
 * @returns `[frameCount]`, 0…1; NaN where not analysed
 */
export function silenceScores({ grid, levels, plan, analysed }: LevelsOfTrack): Float32Array {
  const partsPerFrame = levels.length / grid.frameCount;
  const scores = new Float32Array(grid.frameCount).fill(NaN);
  let power = 0;
  let parts = 0;
  for (const { index, keepStart, keepEnd } of plan.windows) {
    if (analysed[index] !== 1) continue;
    for (let frame = keepStart; frame < keepEnd; frame += 1) {
      let loudest = -Infinity;
      for (let part = frame * partsPerFrame; part < (frame + 1) * partsPerFrame; part += 1) {
        power += 10 ** (levels[part] / 10);
        loudest = Math.max(loudest, levels[part]);
      }
      parts += partsPerFrame;
      scores[frame] = loudest;
    }
  }
  const threshold = Math.min(10 * Math.log10(power / parts) - DEPTH, LOUDEST);
  // In a recording of nothing but digital silence the mean is −Infinity too.
  return scores.map((loudest) => (loudest === -Infinity ? 1 : probability(threshold - loudest)));
}
