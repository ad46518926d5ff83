import { expect } from '@open-wc/testing';
import type { JobState } from '../../src/plugin/job.js';
import type { SeparationState } from '../../src/plugin/separation.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { activeFraction, gatingBound } from '../../src/ui/tools/separate/expectation.js';
import { SeparateToolElement } from '../../src/ui/tools/separate/separate-tool.js';
import { FakeStore, FakeTimeline } from '../helpers/fake-store.js';
import { mount, settle, streetState } from './mount.js';

void SeparateToolElement;

const JOB: JobState = {
  id: 'job-1',
  kind: 'separate',
  phase: 'running',
  label: 'dog bark',
  fraction: 0.2,
  etaSeconds: null,
  file: null,
  message: null,
  code: null,
};

const file = (name: string) => ({ name, blob: new Blob([new Uint8Array(1_500_000)]) });
const SEPARATION: SeparationState = {
  prompt: 'dog bark',
  method: 'nmf',
  target: file('street_dog bark target.wav'),
  residual: file('street_dog bark residual.wav'),
  listening: null,
};

async function mountTool(change: Partial<EarmarkState> = {}) {
  const store = new FakeStore({ ...streetState(), ...change }, new FakeTimeline(32));
  const tool = await mount('earmark-separate-tool', store);
  const root = tool.shadowRoot!;
  const button = (text: string) =>
    [...root.querySelectorAll('button')].find(({ textContent }) => textContent?.trim().startsWith(text))!;
  const text = () => root.textContent?.replace(/\s+/g, ' ') ?? '';
  return { store, tool, root, button, text };
}

describe('the separate tool', () => {
  it('separates the chosen sound by the chosen method, the best by default', async () => {
    const { store, tool, root, button } = await mountTool();
    button('Separate').click();
    root.querySelector<HTMLInputElement>('[type=radio]')!.click();
    await settle();
    button('Separate').click();
    expect(store.sent('separate')).to.deep.equal([
      { type: 'separate', prompt: 'dog', method: 'nmf' },
      { type: 'separate', prompt: 'dog', method: 'gate' },
    ]);
    await expect(tool).to.be.accessible();
  });

  it('says that it is rough and what to expect in this recording', async () => {
    // 2.5 s of 32, the rejected hit left out.
    const { text } = await mountTool();
    expect(text()).to.contain('Rough');
    expect(text()).to.contain('7.8% of this recording');
    expect(text()).to.contain('11 dB at most');
  });

  it('does not offer what was not found, and says why', async () => {
    const { root, button, text } = await mountTool();
    const select = root.querySelector('select')!;
    select.value = 'bell';
    select.dispatchEvent(new Event('change'));
    await settle();
    expect(button('Separate').disabled).to.equal(true);
    expect(text()).to.contain('No “church bell” was found');
  });

  it('waits while something runs, and tells that it was cancelled', async () => {
    const { store, button, text } = await mountTool({ job: JOB });
    expect(button('Separating').disabled).to.equal(true);
    store.set({ job: null });
    await settle();
    expect(text()).to.contain('Cancelled');
    store.set({ job: { ...JOB, id: 'job-2' } });
    await settle();
    expect(text()).not.to.contain('Cancelled');
    store.set({ job: null, separation: SEPARATION });
    await settle();
    expect(text()).not.to.contain('Cancelled');
  });

  it('lets target, residual and mix be heard, one at a time, and stopped', async () => {
    const { store, tool, button } = await mountTool({ separation: SEPARATION });
    expect(button('Stop').disabled).to.equal(true);
    button('Target').click();
    store.set({ separation: { ...SEPARATION, listening: 'target' } });
    await settle();
    expect(button('Target').getAttribute('aria-pressed')).to.equal('true');
    button('Mix').click();
    button('Target').click();
    button('Stop').click();
    button('Dismiss').click();
    expect(store.requests).to.deep.equal([
      { type: 'separation-listen', part: 'target' },
      { type: 'separation-listen', part: 'mix' },
      { type: 'separation-listen', part: null },
      { type: 'separation-listen', part: null },
      { type: 'separation-dismiss' },
    ]);
    await expect(tool).to.be.accessible();
  });

  it('offers both files with their sizes', async () => {
    const { button } = await mountTool({ separation: SEPARATION });
    expect(button('Save target').textContent).to.contain('1.5 MB');
    expect(button('Save target').title).to.equal('street_dog bark target.wav');
    expect(button('Save residual').textContent).to.contain('1.5 MB');
  });
});

describe('what to expect of a separation', () => {
  it('counts what overlaps once, and only what is in the recording', () => {
    const spans = [
      { start: 1, end: 3 },
      { start: 2, end: 4 },
      { start: 9, end: 12 },
      { start: -1, end: 0.5 },
    ];
    expect(activeFraction(spans, 10)).to.be.closeTo(0.45, 1e-12);
    expect(activeFraction([], 10)).to.equal(0);
    expect(activeFraction(spans, 0)).to.equal(0);
  });

  it('is bounded by the share of the recording', () => {
    expect(gatingBound(0.1)).to.be.closeTo(10, 1e-12);
    expect(gatingBound(1)).to.be.closeTo(0, 1e-12);
  });
});
