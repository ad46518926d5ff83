import { drawOver } from '../dsp/drawn-envelope.js';
import { gainEnvelope, type GainEnvelope } from '../dsp/gain-envelope.js';
import type { Mask } from './mask.js';
import type { Region } from './region.js';

/**
 * The gain envelope of a mask, in seconds of the source.
 *
 * @param duration seconds of the source
 */
export function maskEnvelope(mask: Mask, regions: readonly Region[], duration: number): GainEnvelope {
  // To mute all but some sounds is to keep them, and to keep all but some is to mute them.
  const keeps = (mask.mode === 'solo') !== mask.inverted;
  const automatic = gainEnvelope(maskedRegions(mask, regions), keeps ? 'solo' : 'mute', mask, duration);
  return drawOver(automatic, mask.drawn, duration);
}

/** The regions that a mask takes; rejected ones it never does. */
export function maskedRegions({ everything, promptIds, regionIds }: Mask, regions: readonly Region[]): Region[] {
  const [prompts, ids] = [new Set<string | undefined>(promptIds), new Set(regionIds)];
  return regions.filter(
    ({ id, promptId, status }) => status !== 'rejected' && (everything || prompts.has(promptId) || ids.has(id)),
  );
}
