import { expect } from '@open-wc/testing';
import type { HostCapability } from '../../src/plugin/host/timeline-host.js';
import type { Mask } from '../../src/plugin/mask.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { FakeStore, FakeTimeline } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import { mount, settle, streetState } from './mount.js';

const MUTE: Mask = {
  mode: 'mute',
  everything: true,
  promptIds: [],
  regionIds: [],
  attack: 0.01,
  hold: 0,
  release: 0.01,
  padding: 0,
  floor: -Infinity,
  inverted: false,
  drawn: [],
};

class MaskableTimeline extends FakeTimeline {
  override readonly capabilities = new Set<HostCapability>(['overlay', 'gain']);
}

async function mountTools(change: Partial<EarmarkState> = {}) {
  const store = new FakeStore({ ...streetState(), ...change }, new MaskableTimeline(32));
  const tools = await mount('earmark-tools', store);
  const buttons = () => [...tools.shadowRoot!.querySelectorAll('button')];
  const button = (name: string) => buttons().find(({ textContent }) => textContent?.trim() === name)!;
  await waitUntil('the buttons are loaded', () => button('Mute') !== undefined);
  return { store, tools, button };
}

const pressed = (button: Element) => button.getAttribute('aria-pressed');

describe('the buttons of the mask', () => {
  it('mute, duck and solo what was found', async () => {
    const { store, tools, button } = await mountTools();
    for (const name of ['Mute', 'Duck −12 dB', 'Solo']) button(name).click();
    expect(store.sent('mask-set').map(({ mode }) => mode)).to.deep.equal(['mute', 'duck', 'solo']);
    expect(button('A/B').disabled).to.equal(true);
    await expect(tools).to.be.accessible();
  });

  it('show the mask, take it off, and pass it by', async () => {
    const { store, button } = await mountTools({ mask: MUTE });
    expect(['Mute', 'Duck −12 dB', 'Solo', 'A/B'].map((name) => pressed(button(name)))).to.deep.equal([
      'true',
      'false',
      'false',
      'false',
    ]);
    button('Mute').click();
    button('A/B').click();
    expect(store.requests).to.deep.equal([
      { type: 'mask-set', mode: null },
      { type: 'mask-bypass', bypassed: true },
    ]);
    store.set({ maskBypassed: true });
    await settle();
    expect(pressed(button('A/B'))).to.equal('true');
  });

  it('tell the depth of the duck', async () => {
    const { button } = await mountTools({ mask: { ...MUTE, mode: 'duck', floor: -20 } });
    expect(pressed(button('Duck −20 dB'))).to.equal('true');
  });

  it('wait for hits', async () => {
    const { button } = await mountTools({ regions: [] });
    expect(button('Mute').disabled).to.equal(true);
  });

  it('are not there where the host cannot be masked', async () => {
    const tools = await mount('earmark-tools', new FakeStore(streetState(), new FakeTimeline(32)));
    await settle();
    expect(tools.shadowRoot!.textContent).not.to.contain('Mute');
  });
});

describe('the envelope over the waveform', () => {
  it('is drawn high where the gain is 1 and low where it is 0', async () => {
    const gainEnvelope = [
      { time: 0, gain: 1 },
      { time: 16, gain: 1 },
      { time: 16, gain: 0 },
      { time: 32, gain: 0 },
    ];
    const store = new FakeStore({ ...streetState(), regions: [], mask: MUTE, gainEnvelope }, new MaskableTimeline(32));
    const overlay = await mount('earmark-overlay', store);
    overlay.parentElement!.style.cssText += 'position: relative; height: 100px';
    const canvas = overlay.shadowRoot!.querySelector('canvas')!;
    const isInked = (x: number, y: number) => {
      const [sx, sy] = [canvas.width / 800, canvas.height / 100];
      const { data } = canvas.getContext('2d')!.getImageData(x * sx, (y - 3) * sy, 1, 6 * sy);
      return data.some((value, i) => i % 4 === 3 && value > 0);
    };
    await waitUntil('it is drawn', () => canvas.height > 50 && isInked(200, 6));
    expect([isInked(200, 94), isInked(600, 6), isInked(600, 94)]).to.deep.equal([false, false, true]);
  });
});
