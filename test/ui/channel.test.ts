import { expect } from '@open-wc/testing';
import { mount, settle, streetState, streetStore, within } from './mount.js';
import '../../src/ui/tools/channel/channel-picker.js';

describe('earmark-channel-picker', () => {
  const source = { ...streetState().source!, channelCount: 2 };

  it('shows which channel is heard, and changes it', async () => {
    const { store } = streetStore({ source, channel: 1 });
    const picker = await mount('earmark-channel-picker', store);
    const select = within(picker, 'select') as HTMLSelectElement;
    expect(Array.from(select.options, ({ text }) => text)).to.deep.equal([
      'all channels',
      'channel 1 (left)',
      'channel 2 (right)',
    ]);
    expect(select.value).to.equal('1');
    for (const value of ['0', '']) {
      select.value = value;
      select.dispatchEvent(new Event('change'));
    }
    expect(store.requests).to.deep.equal([
      { type: 'channel', channel: 0 },
      { type: 'channel', channel: null },
    ]);
    await expect(picker).to.be.accessible();
  });

  it('follows the state', async () => {
    const { store } = streetStore({ source, channel: 1 });
    const picker = await mount('earmark-channel-picker', store);
    const select = within(picker, 'select') as HTMLSelectElement;
    select.value = '0';
    store.set({ channel: null });
    await settle();
    expect(select.value).to.equal('');
  });

  it('stands in the status line of a recording with several channels only', async () => {
    const several = await mount('earmark-status', streetStore({ source }).store);
    expect(several.shadowRoot!.querySelector('earmark-channel-picker')).to.not.equal(null);
    const mono = { ...source, channelCount: 1 };
    const one = await mount('earmark-status', streetStore({ source: mono }).store);
    expect(one.shadowRoot!.querySelector('earmark-channel-picker')).to.equal(null);
  });
});

describe('earmark-hit-list', () => {
  it('says in which channel a hit was found', async () => {
    const { regions } = streetState();
    const inSecond = regions!.map((region, i) => (i === 0 ? { ...region, channel: 1 } : region));
    const list = await mount('earmark-hit-list', streetStore({ regions: inSecond }).store);
    const labels = [...list.shadowRoot!.querySelectorAll('.body .label')].map((cell) => cell.textContent.trim());
    expect(labels.filter((text) => text.endsWith('ch 2'))).to.have.length(1);
  });
});
