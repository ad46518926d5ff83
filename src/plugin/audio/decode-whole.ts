import type { Hertz } from '../../dsp/units.js';
import { EarmarkError } from '../../engine/errors.js';

/**
 * Decodes a whole file with the browser's own decoder, which some browsers have for codecs that their WebCodecs lack,
 * or without having WebCodecs at all.
 *
 * @param sampleRate the file's own rate: the browser resamples to what it is asked for, without our filter's quality
 * @returns null where the browser cannot work at this rate or cannot decode the file
 * @throws EarmarkError `out-of-memory`
 */
export async function decodeWhole(file: Blob, sampleRate: Hertz): Promise<AudioBuffer | null> {
  if (typeof OfflineAudioContext === 'undefined') return null;
  try {
    const context = new OfflineAudioContext(1, 1, sampleRate);
    return await context.decodeAudioData(await file.arrayBuffer());
  } catch (error) {
    if (error instanceof RangeError) {
      throw new EarmarkError(
        'out-of-memory',
        'There is not enough memory to decode this file. Close other pages, or open a shorter file.',
        { cause: error },
      );
    }
    return null;
  }
}
