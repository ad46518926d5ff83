import { EarmarkError } from './errors.js';
import type { PcmSource } from './pcm-source.js';

/**
 * One channel of a recording, as a recording of its own. Its digest stays that of the whole.
 *
 * @param channel counted from 0
 * @throws EarmarkError `bad-option` for a channel that there is not
 */
export function singleChannel(source: PcmSource, channel: number): PcmSource {
  const { sampleRate, channelCount, length } = source;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channelCount)
    throw new EarmarkError(
      'bad-option',
      `“channel” is ${String(channel)}; this recording has the channels 0 to ${channelCount - 1}.`,
    );
  return {
    sampleRate,
    channelCount: 1,
    length,
    digest: (signal) => source.digest(signal),
    read: async (start, count, signal) => [(await source.read(start, count, signal))[channel]],
    close: () => source.close(),
  };
}
