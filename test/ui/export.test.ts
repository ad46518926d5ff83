import { expect } from '@open-wc/testing';
import type { EarmarkState } from '../../src/plugin/state.js';
import { focused, mount, settle, streetStore, within } from './mount.js';

const MASK: EarmarkState['mask'] = {
  mode: 'mute',
  attack: 0.01,
  hold: 0.1,
  release: 0.05,
  padding: 0.05,
  floor: -Infinity,
  everything: false,
  promptIds: ['dog'],
  regionIds: [],
  inverted: false,
  drawn: [],
};

const RUNNING: EarmarkState['job'] = {
  id: 'job-1',
  kind: 'render',
  phase: 'running',
  label: 'street.wav',
  fraction: 0.5,
  etaSeconds: 3,
  file: null,
  message: null,
  code: null,
};

async function mountTool(change: Partial<EarmarkState> = {}) {
  const { store } = streetStore(change);
  const tool = await mount('earmark-export', store);
  await settle();
  const control = (selector: string) => within(tool, selector) as HTMLInputElement;
  const change_ = async (selector: string, value: string) => {
    const input = control(selector);
    input.value = value;
    input.dispatchEvent(new Event(input.type === 'text' ? 'input' : 'change', { bubbles: true }));
    await settle();
  };
  const choose = async (kind: string) => {
    control(`[value="${kind}"]`).click();
    await settle();
  };
  const start = async () => {
    control('.primary').click();
    await settle();
    return store.sent('render').at(-1);
  };
  const text = () => tool.shadowRoot!.textContent!.replaceAll(/\s+/g, ' ');
  return { store, tool, control, change: change_, choose, start, text };
}

describe('the export tool', () => {
  before(() => import('../../src/ui/tools/export/export-tool.js'));

  it('offers each hit first where nothing is masked, and says what it will make', async () => {
    const { control, text, start } = await mountTool();
    expect(control('[value=regions]').checked).to.equal(true);
    expect(control('[value=mix]').disabled).to.equal(true);
    expect(text()).to.contain('e.g. dog bark 01_street.wav');
    expect(text()).to.contain('3 files, about 1 MB in one ZIP');
    expect(await start()).to.deep.include({ what: 'regions', depth: 'source', handles: 0, fade: 0.005 });
  });

  it('names the depth that a recording is exported in as it is', async () => {
    const { store, control } = await mountTool();
    const named = () => control('[name=depth] option').textContent;
    expect(named()).to.equal('as recorded (32-bit float)');
    store.set({ source: { ...store.getState().source!, sampleFormat: 'pcm24' } });
    await settle();
    expect(named()).to.equal('as recorded (24-bit)');
  });

  it('offers the masked recording first where there is a mask', async () => {
    const { control, text, start } = await mountTool({ mask: MASK });
    expect(control('[value=mix]').checked).to.equal(true);
    expect(text()).to.contain('e.g. street_dog bark muted.wav');
    expect(text()).to.contain('1 file, about 12.3 MB');
    expect(await start()).to.deep.include({ what: 'mix', template: '{source}_{label}' });
  });

  it('sends what was chosen, milliseconds as seconds', async () => {
    const { change, choose, start } = await mountTool({ selectedRegionIds: new Set(['a', 'b']) });
    await choose('regions');
    await change('[name=take]', 'selected');
    await change('[name=depth]', '24');
    await change('[name=handles]', '250');
    await change('[name=fade]', '20');
    const request = await start();
    expect(request).to.deep.include({ depth: 24, handles: 0.25, fade: 0.02, regions: ['a', 'b'] });
  });

  it('takes the hits of one sound', async () => {
    const { change, choose, start } = await mountTool();
    await choose('target-residual');
    await change('[name=take]', 'prompt dog');
    expect(await start()).to.deep.include({ what: 'target-residual', prompts: ['dog'] });
  });

  it('goes on when what was taken is gone: back to all for a sound, a word for a selection', async () => {
    const { change, control, store, start, text } = await mountTool({ selectedRegionIds: new Set(['a']) });
    await change('[name=take]', 'prompt dog');
    store.set({ prompts: store.getState().prompts.filter(({ id }) => id !== 'dog') });
    await settle();
    expect(control('[name=take]').value).to.equal('all');
    expect(await start()).to.not.have.property('prompts');
    await change('[name=take]', 'selected');
    store.set({ selectedRegionIds: new Set() });
    await settle();
    expect(control('[name=take]').value).to.equal('selected');
    expect(text()).to.contain('There is nothing to export');
  });

  it('shows the name that a template gives, and refuses one that cannot be', async () => {
    const { change, control, text } = await mountTool();
    await change('#template', '{start} {prompt}');
    expect(text()).to.contain('e.g. 00-00-04.000 dog bark.wav');
    await change('#template', '{size}');
    expect(text()).to.contain('File names cannot have {size}');
    expect(control('.primary').disabled).to.equal(true);
    expect(control('#template').getAttribute('aria-invalid')).to.equal('true');
  });

  it('puts a place where the cursor is', async () => {
    const { change, control, tool } = await mountTool();
    await change('#template', 'take ');
    control('#template').setSelectionRange(5, 5);
    const button = [...tool.shadowRoot!.querySelectorAll('.places button')].find((each) =>
      each.textContent!.includes('number'),
    );
    (button as HTMLElement).click();
    await settle();
    expect(control('#template').value).to.equal('take {n}');
    expect(focused()).to.equal(control('#template'));
  });

  it('refuses times that cannot be', async () => {
    const { change, control, text } = await mountTool();
    await change('[name=fade]', '-5');
    expect(text()).to.contain('Use 0 to 10,000 ms.');
    expect(control('.primary').disabled).to.equal(true);
    await change('[name=fade]', '5');
    expect(control('.primary').disabled).to.equal(false);
  });

  it('waits for what is being computed', async () => {
    const { control } = await mountTool({ job: RUNNING });
    expect(control('.primary').disabled).to.equal(true);
  });

  it('asks first where to save what is large', async () => {
    const asked: unknown[] = [];
    const handle = { name: 'long.wav' };
    const picker = async (options: unknown) => (asked.push(options), handle);
    Object.assign(window, { showSaveFilePicker: picker });
    try {
      const source = { id: 's', name: 'long.wav', duration: 7200, sampleRate: 96_000, channelCount: 2 };
      const { start } = await mountTool({ mask: MASK, source });
      expect(await start()).to.deep.include({ to: handle });
      expect(asked).to.have.length(1);
      const small = await mountTool({ mask: MASK });
      expect(await small.start()).to.not.have.property('to');
    } finally {
      Reflect.deleteProperty(window, 'showSaveFilePicker');
    }
  });

  it('is accessible', async () => {
    const { tool } = await mountTool({ mask: MASK, selectedRegionIds: new Set(['a']) });
    await expect(tool).to.be.accessible();
  });
});
