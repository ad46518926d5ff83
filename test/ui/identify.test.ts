import { expect } from '@open-wc/testing';
import type { Classification } from '../../src/plugin/classification.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { mount, settle, streetStore } from './mount.js';

const ANSWER: Classification = {
  labels: [
    { label: 'jazz', score: 0.4, share: 0.7 },
    { label: 'techno', score: 0.1, share: 0.2 },
    { label: 'opera', score: 0.02, share: 0.1 },
  ],
  alike: [['techno', 'opera']],
};

async function mountTool(
  change: Partial<EarmarkState> = {},
  answer: Classification | Promise<Classification> = ANSWER,
) {
  const { store } = streetStore(change);
  store.classification = Promise.resolve(answer);
  store.classification.catch(() => {});
  const tool = await mount('earmark-identify', store);
  const root = tool.shadowRoot!;
  const button = (name: string) =>
    [...root.querySelectorAll('button')].find(
      (each) => (each.getAttribute('aria-label') ?? each.textContent)?.trim() === name,
    )!;
  const choose = async (name: string) => {
    const select = root.querySelector('select')!;
    select.value = [...select.options].find((option) => option.textContent === name)!.value;
    select.dispatchEvent(new Event('change'));
    await settle();
  };
  const rows = () => [...root.querySelectorAll('li')];
  return { store, tool, root, button, choose, rows };
}

describe('the tool that identifies', () => {
  before(() => import('../../src/ui/tools/identify/identify-tool.js'));

  it('asks a ready-made question about the recording as soon as it is chosen, and shows the answer', async () => {
    const { store, choose, rows, root } = await mountTool({ selectedRegionIds: new Set(), activeRegionId: null });
    await choose('Music genres');
    expect(store.asked).to.have.length(1);
    expect(store.asked[0]).to.include({ exclusive: true });
    expect(store.asked[0]!.regions).to.equal(undefined);
    expect(store.asked[0]!.labels).to.include('jazz');
    expect(rows().map((row) => row.querySelector('.label')!.textContent)).to.deep.equal(['jazz', 'techno', 'opera']);
    expect(rows().map((row) => row.querySelector('.number')!.textContent)).to.deep.equal(['70%', '20%', '10%']);
    expect(root.textContent).to.contain('cannot tell them apart: techno, opera');
  });

  it('shows how likely each is where several may be right', async () => {
    const { choose, rows, root } = await mountTool();
    await choose('Instruments');
    expect(rows()[0]!.querySelector('.number')!.textContent).to.equal('40%');
    expect(rows().every((row) => row.classList.contains('unlikely'))).to.equal(true);
    expect(root.textContent).to.contain('None of the labels is heard clearly here.');
  });

  it('asks about the selected hits, and names them', async () => {
    const { store, choose, button } = await mountTool({ selectedRegionIds: new Set(['a', 'b']), activeRegionId: 'a' });
    await choose('Music genres');
    expect(store.asked[0]!.regions).to.deep.equal(['a', 'b']);
    button('Name the 2 hits jazz').click();
    expect(store.sent('region-rename')).to.deep.equal([{ type: 'region-rename', ids: ['a', 'b'], label: 'jazz' }]);
    button('The recording').click();
    await settle();
    button('Identify').click();
    await settle();
    expect(store.asked[1]!.regions).to.equal(undefined);
    expect(button('Name the 2 hits jazz')).to.equal(undefined);
  });

  it('looks for a label in the recording by one press', async () => {
    const { store, choose, button } = await mountTool();
    await choose('Music genres');
    button('Find techno in the recording').click();
    expect(store.sent('prompt-add')).to.deep.equal([{ type: 'prompt-add', text: 'techno' }]);
  });

  it('takes labels of one’s own, from two on', async () => {
    const { store, root, choose, button } = await mountTool();
    await choose('Own labels');
    expect(store.asked).to.have.length(0);
    expect(button('Identify').disabled).to.equal(true);
    const input = root.querySelector('input')!;
    input.value = 'blackbird, robin; <b>wren</b>';
    input.dispatchEvent(new InputEvent('input'));
    await settle();
    button('Identify').click();
    await settle();
    expect(store.asked[0]!.labels).to.deep.equal(['blackbird', 'robin', '<b>wren</b>']);
  });

  it('says why there is no answer, and keeps the last one', async () => {
    const { store, root, choose, rows } = await mountTool();
    await choose('Music genres');
    store.classification = Promise.reject(new Error('The model cannot be reached.'));
    await choose('Instruments');
    await settle();
    expect(root.querySelector('[role=status]')!.textContent).to.equal('The model cannot be reached.');
    expect(rows()).to.have.length(3);
  });

  it('forgets the answer with the recording', async () => {
    const { store, choose, rows } = await mountTool();
    await choose('Music genres');
    store.set({ source: { id: 'other', name: 'other.wav', duration: 5, sampleRate: 48000, channelCount: 1 } });
    await settle();
    expect(rows()).to.have.length(0);
  });

  it('is accessible, with an answer', async () => {
    const { tool, choose } = await mountTool({ selectedRegionIds: new Set(['a']), activeRegionId: 'a' });
    await choose('Music genres');
    await expect(tool).to.be.accessible();
  });
});
