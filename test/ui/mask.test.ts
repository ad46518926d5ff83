import { expect } from '@open-wc/testing';
import type { HostCapability } from '../../src/plugin/host/timeline-host.js';
import type { GainPoint, Mask } from '../../src/plugin/mask.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { FakeStore, FakeTimeline } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import { focused, mount, press, settle, streetState, within } from './mount.js';

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

/** Full gain, with a dip to silence from second 8 to second 16. */
const DIP: readonly GainPoint[] = [
  { time: 0, gain: 1 },
  { time: 7, gain: 1 },
  { time: 8, gain: 0 },
  { time: 16, gain: 0 },
  { time: 17, gain: 1 },
  { time: 32, gain: 1 },
];

describe('the settings of the mask', () => {
  it('stand under one another, beside what they belong to, when they wrap', async () => {
    await import('../../src/ui/tools/mask/mask-settings.js');
    const store = new FakeStore({ ...streetState(), mask: MUTE, gainEnvelope: DIP }, new MaskableTimeline(32));
    const settings = await mount('earmark-mask-settings', store);
    const row = within(settings, 'fieldset:nth-of-type(2)');
    const left = (selector: string) => row.querySelector(selector)!.getBoundingClientRect().left;
    const [first, floor] = ['.joined', '[name="floor"]'].map((name) =>
      row.querySelector(name)!.getBoundingClientRect(),
    );
    expect(floor!.top, 'they wrap').to.be.above(first!.bottom);
    expect(left('.field:last-child')).to.be.at.least(first!.left);
    expect(first!.left).to.be.above(left('legend') + 80);
  });

  async function mountSettings(change: Partial<EarmarkState> = {}) {
    await import('../../src/ui/tools/mask/mask-settings.js');
    const timeline = new MaskableTimeline(32);
    timeline.overlayParent = document.createElement('div');
    timeline.overlayParent.className = 'mounted';
    timeline.overlayParent.style.cssText = 'position: relative; width: 640px; height: 112px';
    document.body.append(timeline.overlayParent);
    const store = new FakeStore({ ...streetState(), mask: MUTE, gainEnvelope: DIP, ...change }, timeline);
    const settings = await mount('earmark-mask-settings', store);
    const labelled = (text: string) => {
      const labels = [...settings.shadowRoot!.querySelectorAll('label')];
      return labels.find(({ textContent }) => textContent!.includes(text))!.querySelector('input')!;
    };
    const button = (text: string) =>
      [...settings.shadowRoot!.querySelectorAll('button')].find(({ textContent }) =>
        textContent!.trim().includes(text),
      )!;
    const type = async (name: string, value: string) => {
      const input = labelled(name);
      input.value = value;
      input.dispatchEvent(new Event('change'));
      await settle();
      return input;
    };
    return { store, settings, timeline, labelled, button, type };
  }

  it('choose what it takes: everything, some sounds, the selection, or all but those', async () => {
    const { store, settings, labelled } = await mountSettings({ selectedRegionIds: new Set(['a', 'd']) });
    labelled('chosen sounds').click();
    labelled('the selection (2)').click();
    labelled('everything').click();
    labelled('all but these').click();
    expect(store.sent('mask-set')).to.deep.equal([
      { type: 'mask-set', mode: 'mute', prompts: ['dog', 'bell'] },
      { type: 'mask-set', mode: 'mute', regions: ['a', 'd'] },
      { type: 'mask-set', mode: 'mute', everything: true },
      { type: 'mask-set', mode: 'mute', inverted: true },
    ]);
    await expect(settings).to.be.accessible();
  });

  it('choose among the sounds, and say which were not found', async () => {
    const { store, settings, button } = await mountSettings({
      mask: { ...MUTE, everything: false, promptIds: ['dog'] },
    });
    expect([pressed(button('dog bark')), pressed(button('church bell'))]).to.deep.equal(['true', 'false']);
    expect(button('church bell').textContent).to.contain('not found');
    button('church bell').click();
    button('dog bark').click();
    expect(store.sent('mask-set').map(({ prompts }) => prompts)).to.deep.equal([['dog', 'bell'], []]);
    await expect(settings).to.be.accessible();
  });

  it('take another selection than the one that is masked', async () => {
    const { store, labelled, button } = await mountSettings({
      mask: { ...MUTE, everything: false, regionIds: ['a'] },
      selectedRegionIds: new Set(['b', 'd']),
    });
    expect(labelled('1 region').checked).to.equal(true);
    button('Take the selection (2)').click();
    expect(store.sent('mask-set').at(-1)?.regions).to.deep.equal(['b', 'd']);
  });

  it('count what is lowered', async () => {
    const { store, settings } = await mountSettings();
    const told = () => within(settings, '.lowered').textContent!.trim();
    expect(told()).to.equal('1 stretch, 10.0 s muted');
    store.set({ gainEnvelope: [{ time: 0, gain: 1 }], mask: { ...MUTE, mode: 'duck' } });
    await settle();
    expect(told()).to.equal('nothing is ducked');
    store.set({ gainEnvelope: [{ time: 0, gain: 0 }], mask: { ...MUTE, mode: 'solo' } });
    await settle();
    expect(told()).to.equal('1 stretch, 32.0 s silenced');
  });

  it('set fades in milliseconds, or by their character, and leave padding and hold', async () => {
    const { store, button, type } = await mountSettings();
    await type('Attack', '25');
    button('Soft').click();
    expect(store.sent('mask-set')).to.deep.equal([
      { type: 'mask-set', mode: 'mute', attack: 0.025 },
      { type: 'mask-set', mode: 'mute', attack: 0.05, release: 0.25 },
    ]);
  });

  it('refuse what cannot be beside its field, and send nothing', async () => {
    const { store, settings, type } = await mountSettings();
    for (const [name, value] of [
      ['Attack', '-3'],
      ['Release', '70000'],
      ['Hold', ''],
      ['Floor', '6'],
    ] as const) {
      const input = await type(name, value);
      expect(input.getAttribute('aria-invalid')).to.equal('true');
      const message = settings.shadowRoot!.getElementById(input.getAttribute('aria-describedby')!)!;
      expect(message.getAttribute('role')).to.equal('alert');
    }
    expect(store.requests).to.deep.equal([]);
    await expect(settings).to.be.accessible();
    const input = await type('Attack', '5');
    expect(input.hasAttribute('aria-invalid')).to.equal(false);
    expect(store.sent('mask-set')).to.have.length(1);
  });

  it('go to silence and back by the arrow keys', async () => {
    const { store, labelled } = await mountSettings();
    labelled('Floor').focus();
    press('ArrowUp');
    expect(store.sent('mask-set').at(-1)?.floor).to.equal(-60);
    press('ArrowDown');
    expect(store.sent('mask-set').at(-1)?.floor).to.equal(-Infinity);
  });

  it('take the drawn parts back', async () => {
    const { store, button } = await mountSettings({ mask: { ...MUTE, drawn: [[{ time: 1, gain: 0 }]] } });
    button('Back to automatic').click();
    expect(store.requests).to.deep.equal([{ type: 'mask-draw', points: null }]);
  });

  describe('with the envelope open', () => {
    async function open(change: Partial<EarmarkState> = {}) {
      const mounted = await mountSettings(change);
      mounted.button('Edit on the waveform').click();
      await waitUntil('the editor is there', () => mounted.timeline.overlays.size === 1);
      await settle();
      const editor = [...mounted.timeline.overlays][0]! as HTMLElement;
      const surface = within(editor, '.surface');
      const box = editor.getBoundingClientRect();
      /** 20 px a second; full gain at 6, silence at 106. */
      const pointer = (type: string, time: number, gain: number) =>
        surface.dispatchEvent(
          new PointerEvent(type, {
            clientX: box.left + 20 * time,
            clientY: box.top + 6 + 100 * (1 - gain),
            bubbles: true,
            composed: true,
            cancelable: true,
            isPrimary: true,
            pointerType: 'mouse',
            pointerId: 1,
          }),
        );
      surface.setPointerCapture = () => {};
      const drag = (...places: [time: number, gain: number][]) => {
        const [from, ...others] = places;
        pointer('pointerdown', ...from!);
        for (const place of others) pointer('pointermove', ...place);
        pointer('pointerup', ...places.at(-1)!);
      };
      const said = () => within(editor, '[role=slider]').getAttribute('aria-valuetext');
      const drawn = () => mounted.store.sent('mask-draw').at(-1)?.points;
      return { ...mounted, editor, surface, pointer, drag, said, drawn };
    }

    it('drag a point as one step, and push along those in its way', async () => {
      const { store, drag, drawn } = await open();
      drag([8, 0], [9, 0.2], [10, 0.5]);
      const sent = store.sent('mask-draw');
      expect(sent.map(({ transient }) => transient ?? false)).to.deep.equal([true, true, false]);
      expect(drawn()).to.deep.equal([
        { time: 7, gain: 1 },
        { time: 10, gain: 0.5 },
        { time: 16, gain: 0 },
      ]);
      drag([8, 0], [20, 0], [10, 0]);
      const pushed = store.sent('mask-draw').at(-3)!.points!;
      expect(pushed.map(({ time }) => Number(time.toFixed(6)))).to.deep.equal([7, 20, 20.01, 20.02, 32]);
      // Back again, they stand where they stood.
      expect(drawn()!.map(({ time }) => time)).to.deep.equal([7, 10, 16, 17, 32]);
      drag([8, 0], [-3, 0]);
      expect(drawn()!.map(({ time }) => Number(time.toFixed(6)))).to.deep.equal([0, 0.01, 0.02, 16]);
    });

    it('drag a line up and down', async () => {
      const { drag, drawn } = await open();
      drag([12, 0], [12, 0.25]);
      expect(drawn()!.map(({ time, gain }) => [time, Number(gain.toFixed(6))])).to.deep.equal([
        [7, 1],
        [8, 0.25],
        [16, 0.25],
        [17, 1],
      ]);
    });

    it('add a point by a double click on the line, and delete one by a double click on it', async () => {
      const { pointer, drawn } = await open();
      pointer('dblclick', 24, 1);
      expect(drawn()).to.deep.equal([
        { time: 17, gain: 1 },
        { time: 24, gain: 1 },
        { time: 32, gain: 1 },
      ]);
      pointer('dblclick', 8, 0);
      expect(drawn()).to.deep.equal([
        { time: 7, gain: 1 },
        { time: 16, gain: 0 },
      ]);
    });

    it('leave the rest of the waveform to the host', async () => {
      const { pointer, timeline } = await open();
      let clicks = 0;
      timeline.overlayParent!.addEventListener('click', () => (clicks += 1));
      pointer('pointerdown', 12, 0.5);
      pointer('click', 12, 0.5);
      expect(clicks).to.equal(1);
      pointer('pointerdown', 8, 0);
      pointer('click', 8, 0);
      expect(clicks).to.equal(1);
    });

    it('take a drag back with Escape', async () => {
      const { store, pointer, timeline } = await open();
      pointer('pointerdown', 8, 0);
      pointer('pointermove', 9, 0.5);
      press('Escape');
      expect(store.requests.at(-1)).to.deep.equal({ type: 'undo' });
      expect(timeline.overlays.size).to.equal(1);
    });

    it('work by keys alone', async () => {
      const { store, editor, said, drawn, timeline, button } = await open();
      expect(focused()?.getAttribute('role')).to.equal('slider');
      expect(said()).to.equal('1 of 6, at 0:00.000, 0 dB');
      for (const key of ['PageDown', 'PageDown']) press(key);
      await settle();
      expect(said()).to.equal('3 of 6, at 0:08.000, −∞ dB');
      press('ArrowUp');
      expect(drawn()![1]!.gain).to.be.closeTo(0.001, 1e-9);
      expect(store.sent('mask-draw').map(({ transient }) => transient ?? false)).to.deep.equal([true, false]);
      press('ArrowLeft', { shiftKey: true });
      expect(drawn()![1]!.time).to.be.closeTo(7.9, 1e-9);
      press('Enter');
      expect(drawn()![1]!.time).to.equal(12);
      press('Delete');
      expect(drawn()).to.have.length(2);
      await expect(editor).to.be.accessible();
      press('Escape');
      await settle();
      expect(timeline.overlays.size).to.equal(0);
      expect(focused()).to.equal(button('Edit on the waveform'));
    });

    it('go with the mask, and with the settings', async () => {
      const { store, timeline } = await open();
      store.set({ mask: null, gainEnvelope: null });
      await settle();
      expect(timeline.overlays.size).to.equal(0);
      const second = await open();
      second.settings.remove();
      expect(second.timeline.overlays.size).to.equal(0);
    });

    it('wait until the points are far enough apart', async () => {
      const gainEnvelope = Array.from({ length: 2_000 }, (_, i) => ({ time: i * 0.016, gain: i % 2 }));
      const { store, editor, drag } = await open({ gainEnvelope });
      drag([8, 0], [8, 0.5]);
      expect(store.requests).to.deep.equal([]);
      expect(within(editor, '.readout').textContent).to.contain('Zoom in');
    });
  });
});
