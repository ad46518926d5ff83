import { mixdown } from '../dsp/mixdown.js';
import { EarmarkError } from './errors.js';
import type { PcmSource } from './pcm-source.js';

/** A recording of one channel that is made of another one. */
export interface MonoSource extends PcmSource {
  /** Channels of that one that are gone through for a sample of this one, on the page where they lie in its memory. */
  readonly mixedFrom: number;
}

/**
 * What a model hears of a recording, as a recording of its own: a channel, or the mean of all. Its digest stays that of
 * the whole.
 *
 * @param channel counted from 0; undefined for the mean of all
 * @throws EarmarkError `bad-option` for a channel that there is not
 */
export function monoSource(source: PcmSource, channel: number | undefined): MonoSource {
  const { sampleRate, channelCount, length } = source;
  if (channel !== undefined && (!Number.isInteger(channel) || channel < 0 || channel >= channelCount))
    throw new EarmarkError(
      'bad-option',
      `“channel” is ${String(channel)}; this recording has the channels 0 to ${channelCount - 1}.`,
    );
  return {
    sampleRate,
    channelCount: 1,
    mixedFrom: channel !== undefined && source.readMono ? 1 : channelCount,
    length,
    digest: (signal) => source.digest(signal),
    read: async (start, count, signal) => {
      if (source.readMono) return [await source.readMono(start, count, channel ?? null, signal)];
      const channels = await source.read(start, count, signal);
      return [mixdown(channel === undefined ? channels : [channels[channel]])];
    },
    close: () => source.close(),
  };
}
