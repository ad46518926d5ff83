import { translatable } from '../../strings.js';

/** The texts of the choice of a channel. */
export const channelStrings = translatable('channel', {
  label: 'Listen to',
  mean: 'all channels',
  /** @param channel from 0 */
  name: (channel: number, count: number) =>
    `channel ${channel + 1}${count === 2 ? ` (${['left', 'right'][channel]!})` : ''}`,
});
