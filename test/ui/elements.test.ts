import { expect } from '@open-wc/testing';
import { FakeStore, FakeTimeline, makePrompt, makeRegion } from '../helpers/fake-store.js';
import { waitUntil } from '../helpers/wait-until.js';
import { mount, settle, streetState, streetStore, within } from './mount.js';
import type { ModelsState } from '../../src/plugin/models-state.js';
import type { EarmarkState } from '../../src/plugin/state.js';

const POCKET: EarmarkState['model'] = {
  phase: 'ready',
  asked: 'pocket',
  descriptor: {
    kind: 'frames',
    id: 'pocket',
    name: 'Pocket',
    revision: '1',
    licence: 'MIT',
    files: [],
    bytes: 11_070_000,
    sampleRate: 32000,
    dimension: 256,
    melHop: 320,
    melFramesPerFrame: 16,
    windowFrames: 62,
    minMelFrames: 16,
    logitScale: 85.6,
    calibrated: true,
  },
  choice: { backend: 'wasm', reason: 'WebGPU gave other results, so WASM is used.', fellBack: true, workers: 2 },
};

describe('earmark-lane-header', () => {
  const header = (state: Partial<EarmarkState>, promptId = 'dog') =>
    mount('earmark-lane-header', streetStore(state).store, { promptId });

  it('has a slider that says value and hits, and moves the sensitivity in one edit', async () => {
    const { store } = streetStore();
    const element = await mount('earmark-lane-header', store, { promptId: 'dog' });
    const slider = within(element, 'input') as HTMLInputElement;
    expect(slider.getAttribute('aria-label')).to.equal('Sensitivity for dog bark');
    expect(slider.getAttribute('aria-valuetext')).to.equal('0.50, 4 hits');
    slider.value = '0.7';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    expect(store.requests).to.deep.equal([
      { type: 'sensitivity', id: 'dog', value: 0.7, transient: true },
      { type: 'sensitivity', id: 'dog', value: 0.7 },
    ]);
  });

  it('makes one edit of keys pressed in a row', async () => {
    const { store } = streetStore();
    const slider = within(await mount('earmark-lane-header', store, { promptId: 'dog' }), 'input') as HTMLInputElement;
    for (const value of ['0.51', '0.52', '0.53']) {
      slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      slider.value = value;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      slider.dispatchEvent(new Event('change', { bubbles: true }));
      await settle();
    }
    const isDone = () => store.sent('sensitivity').some(({ transient }) => transient === undefined);
    await waitUntil('the edit is closed', isDone);
    expect(store.sent('sensitivity').map(({ value, transient }) => [value, transient ?? false])).to.deep.equal([
      [0.51, true],
      [0.52, true],
      [0.53, true],
      [0.53, false],
    ]);
  });

  it('follows the sensitivity when the line or undo changes it', async () => {
    const { store } = streetStore();
    const element = await mount('earmark-lane-header', store, { promptId: 'dog' });
    const slider = within(element, 'input') as HTMLInputElement;
    slider.value = '0.7';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    store.changePrompt('dog', { sensitivity: 0.2 });
    await settle();
    expect(slider.value).to.equal('0.2');
  });

  it('says what the model took the prompt for', async () => {
    expect(within(await header({}), '.note').textContent).to.contain('read as Bark, Dog');
  });

  it('warns when that is little', async () => {
    for (const understood of [
      [{ label: 'no sound', share: 0.98 }],
      [
        { label: 'Church bell', share: 0.38 },
        { label: 'no sound', share: 0.32 },
      ],
      [
        { label: 'Roar', share: 0.38 },
        { label: 'Whale vocalization', share: 0.32 },
      ],
    ]) {
      const element = await header({ prompts: [makePrompt({ id: 'dog', understood })] });
      expect(within(element, '.warning').textContent).not.to.contain('no sound');
    }
  });

  it('does not warn for a model that cannot tell', async () => {
    const element = await header({ prompts: [makePrompt({ id: 'dog', understood: [] })] });
    expect(element.shadowRoot!.querySelectorAll('.warning')).to.have.length(0);
  });

  it('says "not found", and that is not the same as none at this sensitivity', async () => {
    expect(within(await header({}, 'bell'), '.note').title).to.equal('not found in this recording');
    const quiet = makePrompt({ id: 'dog', hitCount: 0, presence: { present: true, score: 0.9 } });
    expect(within(await header({ prompts: [quiet] }), '.note').textContent).to.contain('none at this sensitivity');
  });

  it('shows no count and no verdict before the whole recording was heard', async () => {
    const element = await header({ prompts: [makePrompt({ id: 'dog', presence: null, hitCount: 0 })] });
    expect(element.shadowRoot!.querySelectorAll('.count')).to.have.length(0);
    expect(element.shadowRoot!.textContent).not.to.contain('not found');
  });

  it('says why a prompt failed', async () => {
    const failed = makePrompt({ id: 'dog', phase: 'failed', message: 'Name a sound in words.' });
    expect(within(await header({ prompts: [failed] }), '.error').textContent).to.contain('Name a sound in words.');
  });

  it('has no slider for a contrast prompt', async () => {
    const element = await header({ prompts: [makePrompt({ id: 'dog', text: 'wind', polarity: 'contrast' })] });
    expect(element.shadowRoot!.querySelectorAll('input')).to.have.length(0);
    expect(within(element, '.text').textContent).to.equal('but not wind');
  });

  it('is accessible beside its lane and above it', async () => {
    for (const stacked of [false, true]) {
      const element = await mount('earmark-lane-header', streetStore().store, { promptId: 'bell', stacked });
      await expect(element).to.be.accessible();
    }
  });
});

describe('earmark-timeline', () => {
  const waveform = () => Object.assign(document.createElement('div'), { slot: 'waveform' });
  const headers = (timeline: Element) => timeline.shadowRoot!.querySelectorAll('earmark-lane-header');

  it('puts the headers beside the lanes under a waveform, so that both have one width', async () => {
    const timeline = await mount('earmark-timeline', streetStore().store);
    const wave = waveform();
    wave.style.height = '60px';
    timeline.append(wave);
    await settle();
    const lane = within(timeline, 'earmark-curve-lane').getBoundingClientRect();
    expect([lane.left, lane.width]).to.deep.equal([
      wave.getBoundingClientRect().left,
      wave.getBoundingClientRect().width,
    ]);
    expect(headers(timeline)[0]!.stacked).to.equal(false);
    expect(lane.width).to.be.lessThan(700);
  });

  it('puts them above where there is no waveform, and where there is no room', async () => {
    const timeline = await mount('earmark-timeline', streetStore().store);
    expect(headers(timeline)[0]!.stacked).to.equal(true);
    expect(within(timeline, 'earmark-curve-lane').clientWidth).to.equal(800);
    timeline.append(waveform());
    timeline.parentElement!.style.width = '400px';
    await settle();
    expect(headers(timeline)[0]!.stacked).to.equal(true);
    expect(within(timeline, 'earmark-curve-lane').clientWidth).to.equal(400);
  });

  it('shows weak candidates only when asked, to listen to and to keep', async () => {
    const { store, timeline: host } = streetStore();
    const timeline = await mount('earmark-timeline', store);
    expect(timeline.shadowRoot!.querySelectorAll('earmark-weak-candidates')).to.have.length(0);
    within(headers(timeline)[1]!, 'button').click();
    await settle();
    const weak = within(timeline, 'earmark-weak-candidates');
    const [listen, keep] = weak.shadowRoot!.querySelectorAll('button');
    listen!.click();
    keep!.click();
    expect(store.requests).to.deep.equal([
      { type: 'seek', time: 9 },
      { type: 'play-pause' },
      { type: 'region-add', start: 9, end: 10, label: 'church bell' },
    ]);
    expect(host.isPlaying()).to.equal(false);
    await expect(weak).to.be.accessible();
    within(headers(timeline)[1]!, 'button').click();
    await settle();
    expect(timeline.shadowRoot!.querySelectorAll('earmark-weak-candidates')).to.have.length(0);
  });

  it('keeps the lanes as they are while a curve grows', async () => {
    const { store } = streetStore();
    const timeline = await mount('earmark-timeline', store);
    const lanes = [...timeline.shadowRoot!.querySelectorAll('earmark-curve-lane')];
    const observer = new MutationObserver(() => {});
    observer.observe(timeline.shadowRoot!, { childList: true, subtree: true, attributes: true });
    store.changePrompt('dog', { curve: { ...store.getState().prompts[0]!.curve! } });
    await settle();
    expect(observer.takeRecords()).to.have.length(0);
    expect([...timeline.shadowRoot!.querySelectorAll('earmark-curve-lane')]).to.deep.equal(lanes);
  });
});

describe('earmark-ruler', () => {
  it('seeks inside the recording', async () => {
    const { store } = streetStore();
    const ruler = await mount('earmark-ruler', store);
    ruler.setPointerCapture = () => {};
    const box = ruler.getBoundingClientRect();
    for (const x of [200, 4000]) {
      ruler.dispatchEvent(new PointerEvent('pointerdown', { clientX: box.left + x, clientY: box.top + 5, button: 0 }));
    }
    expect(store.sent('seek').map(({ time }) => time)).to.deep.equal([8, 32]);
  });
});

describe('earmark-transport', () => {
  const button = (transport: Element, name: string) =>
    within(transport, `button[aria-label^="${name}"]`) as HTMLButtonElement;

  it('plays, steps, loops, undoes', async () => {
    const { store, timeline } = streetStore({ activeRegionId: 'b', history: { undo: 'Reject hit', redo: 'Move hit' } });
    const transport = await mount('earmark-transport', store);
    for (const name of ['Play', 'Previous hit', 'Next hit', 'Loop', 'Undo reject hit', 'Redo move hit']) {
      button(transport, name).click();
    }
    expect(store.requests).to.deep.equal([
      { type: 'play-pause' },
      { type: 'step-region', direction: -1 },
      { type: 'step-region', direction: 1 },
      { type: 'loop-region', id: 'b' },
      { type: 'undo' },
      { type: 'redo' },
    ]);
    await timeline.play();
    await settle();
    expect(button(transport, 'Pause').disabled).to.equal(false);
  });

  it('shows the time and which hit of how many', async () => {
    const { store, timeline } = streetStore({ activeRegionId: 'b' });
    const transport = await mount('earmark-transport', store);
    timeline.seek(11.42);
    await settle();
    expect(within(transport, '.time').textContent).to.equal('0:11.420');
    expect(within(transport, '.note').textContent?.replace(/\s+/g, ' ')).to.contain('2 of 4 · Enter plays');
  });

  it('disables what has nothing to act on', async () => {
    const transport = await mount('earmark-transport', streetStore({ source: null, prompts: [], regions: [] }).store);
    for (const name of ['Play', 'Previous hit', 'Next hit', 'Loop', 'Nothing to undo', 'Nothing to redo']) {
      expect(button(transport, name).disabled, name).to.equal(true);
    }
  });

  it('zooms about the playhead, never out of the recording', async () => {
    const { store, timeline } = streetStore();
    const transport = await mount('earmark-transport', store);
    timeline.seek(24);
    button(transport, 'Zoom in').click();
    await waitUntil('it has zoomed', () => timeline.getVisibleRange().start > 0);
    expect(timeline.getVisibleRange()).to.deep.equal({ start: 12, end: 28 });
    for (let i = 0; i < 3; i += 1) button(transport, 'Zoom out').click();
    await waitUntil('it has zoomed out', () => timeline.getVisibleRange().end === 32);
    expect(timeline.getVisibleRange()).to.deep.equal({ start: 0, end: 32 });
  });

  it('zooms about the hit in hand, so that it does not leave the screen', async () => {
    const { store, timeline } = streetStore({ activeRegionId: 'c' });
    const transport = await mount('earmark-transport', store);
    for (let i = 0; i < 4; i += 1) button(transport, 'Zoom in').click();
    await waitUntil('it has zoomed', () => timeline.getVisibleRange().end < 30);
    await settle();
    const { start, end } = timeline.getVisibleRange();
    const hit = store.getState().regions.find(({ id }) => id === 'c')!;
    expect(hit.start).to.be.above(start);
    expect(hit.end).to.be.below(end);
  });
});

describe('earmark-progress', () => {
  it('shows stage, share, time left, and cancels', async () => {
    const { store } = streetStore({
      analysis: { phase: 'running', progress: { stage: 'analysing', fraction: 0.43, etaSeconds: 12.4 } },
    });
    const progress = await mount('earmark-progress', store);
    expect(within(progress, '.row').textContent).to.contain('43%').and.to.contain('12 s left');
    expect(within(progress, '[role="progressbar"]').getAttribute('aria-valuenow')).to.equal('43');
    within(progress, 'button').click();
    expect(store.requests).to.deep.equal([{ type: 'cancel-analysis' }]);
    await expect(progress).to.be.accessible();
  });

  it('offers to go on after it was stopped', async () => {
    const { store } = streetStore({ analysis: { phase: 'cancelled', fraction: 0.43 } });
    const progress = await mount('earmark-progress', store);
    expect(progress.shadowRoot!.textContent).to.contain('Stopped at 43%');
    within(progress, 'button').click();
    expect(store.requests).to.deep.equal([{ type: 'restart-analysis' }]);
  });

  it('says where an interrupted analysis went on', async () => {
    const analysing = { stage: 'analysing', fraction: 0.61, etaSeconds: 9, continuedAt: 0.52 } as const;
    const { store } = streetStore({ analysis: { phase: 'running', progress: analysing } });
    const progress = await mount('earmark-progress', store);
    expect(within(progress, '.row').textContent).to.contain('Continued at 52% · 61% · 9 s left');
  });

  it('names no share of what it cannot measure', async () => {
    const hashing = { stage: 'hashing', fraction: 0, etaSeconds: null } as const;
    const { store } = streetStore({ analysis: { phase: 'running', progress: hashing } });
    const progress = await mount('earmark-progress', store);
    expect(within(progress, '.row').textContent).to.contain('Reading the recording').and.not.contain('%');
    expect(within(progress, '[role="progressbar"]').hasAttribute('aria-valuenow')).to.equal(false);
    await expect(progress).to.be.accessible();
  });
});

describe('earmark-notices', () => {
  it('alerts of errors, tells the rest politely, and lets both be dismissed', async () => {
    const { store } = streetStore({
      notices: [
        { id: '1', level: 'error', message: '<b>No audio.</b>' },
        { id: '2', level: 'info', message: 'WASM is used.' },
      ],
    });
    const notices = await mount('earmark-notices', store);
    expect(within(notices, '[role="alert"] .message').textContent).to.equal('<b>No audio.</b>');
    expect(within(notices, '[role="status"] .message').textContent).to.equal('WASM is used.');
    within(notices, '[role="alert"] button').click();
    expect(store.requests).to.deep.equal([{ type: 'dismiss-notice', id: '1' }]);
  });

  it('tells a failed analysis once, and tries again', async () => {
    const message = 'The model file is damaged. Load it again.';
    const { store } = streetStore({
      analysis: { phase: 'failed', code: 'model-corrupt', message },
      notices: [{ id: '1', level: 'error', message }],
    });
    const notices = await mount('earmark-notices', store);
    const alerts = notices.shadowRoot!.querySelectorAll('[role="alert"]');
    expect(alerts).to.have.length(1);
    expect(alerts[0]!.textContent).to.contain('The analysis failed').and.to.contain(message);
    within(notices, '[role="alert"] button').click();
    expect(store.requests).to.deep.equal([{ type: 'restart-analysis' }]);
  });

  it('says what it was that failed: the model, or opening the recording', async () => {
    const analysis = { phase: 'failed', code: 'model-missing', message: 'There is no model.' } as const;
    const model = { phase: 'failed', asked: 'pocket', descriptor: null, choice: null } as const;
    const { store } = streetStore({ analysis, model });
    const notices = await mount('earmark-notices', store);
    const title = () => within(notices, '[role="alert"] b').textContent;
    expect(title()).to.equal('The model could not be loaded.');
    store.set({ model: POCKET });
    await settle();
    expect(title()).to.equal('The analysis failed.');
    store.set({ source: null });
    await settle();
    expect(title()).to.equal('The recording could not be opened.');
  });

  it('takes no room when there is nothing to say', async () => {
    expect((await mount('earmark-notices', streetStore().store)).offsetHeight).to.equal(0);
  });
});

describe('earmark-status', () => {
  it('tells how fast the analysis was, and where the audio stays', async () => {
    const { store } = streetStore({ model: POCKET });
    const status = await mount('earmark-status', store);
    const text = within(status, '.row').textContent;
    expect(text).to.contain('Analysed 0:32 in 0.3 s (107 × real time), kept on this device');
    store.set({ analysis: { phase: 'done', elapsedSeconds: 0.3, fromCache: false, kept: true, continuedAt: 0.5 } });
    await settle();
    expect(within(status, '.row').textContent).to.contain('Analysed 0:32 in 0.3 s from 50% on (53 × real time), kept');
    expect(text).to.contain('Audio never leaves this page');
  });

  it('says to whom audio features are sent, before anything is opened, and offers no other way', async () => {
    const choice = { backend: 'remote', reason: 'Asked for', fellBack: false, workers: 4 } as const;
    const model = { ...POCKET, choice: { ...choice, sentTo: 'inference.example' } };
    const status = await mount('earmark-status', streetStore({ model }).store);
    expect(within(status, '.row').textContent).to.contain('Audio features are sent to inference.example');
    expect(within(status, '.row').textContent).not.to.contain('never leaves');
    expect(within(status, 'button.chip').textContent).to.contain('Remote');
    within(status, 'button.chip').click();
    await customElements.whenDefined('earmark-model-details');
    await settle();
    expect(within(status, 'earmark-model-details').shadowRoot!.querySelector('.choices')).to.equal(null);
    const timeline = await mount('earmark-timeline', streetStore({ model, source: null }).store);
    expect(timeline.shadowRoot!.textContent).to.contain('Audio features are sent to inference.example.');
    expect(timeline.shadowRoot!.textContent).not.to.contain('never leaves');
  });

  it('does not claim to have kept what could not be kept', async () => {
    const analysis = { phase: 'done', elapsedSeconds: 0.3, fromCache: false, kept: false } as const;
    const status = await mount('earmark-status', streetStore({ analysis }).store);
    expect(within(status, '.row').textContent).not.to.contain('kept');
  });

  it('shows model, licence and backend with the reason for it, and changes the backend', async () => {
    const { store } = streetStore({ model: POCKET });
    const status = await mount('earmark-status', store);
    const chip = within(status, 'button.chip');
    expect(chip.textContent).to.match(/Pocket\s+11\.1 MB · MIT · WASM/);
    chip.click();
    await customElements.whenDefined('earmark-model-details');
    await settle();
    const details = within(status, '[popover]');
    expect(details.matches(':popover-open')).to.equal(true);
    const { shadowRoot } = within(details, 'earmark-model-details');
    expect(shadowRoot!.textContent).to.contain('WebGPU gave other results, so WASM is used.');
    const inView = details.getBoundingClientRect();
    expect(inView.top >= 0 && inView.bottom <= innerHeight && inView.right <= innerWidth).to.equal(true);
    await expect(status).to.be.accessible();
    [...shadowRoot!.querySelectorAll('button')].find((button) => button.textContent?.includes('WebGPU'))!.click();
    expect(store.sent('backend')).to.deep.equal([{ type: 'backend', backend: 'webgpu' }]);
  });

  it('names the model that is loading or could not be loaded', async () => {
    const loading = { phase: 'loading', asked: 'pocket', descriptor: null, choice: null } as const;
    const { store } = streetStore({ model: loading });
    const chip = within(await mount('earmark-status', store), 'button.chip');
    const words = () => chip.textContent!.replaceAll(/\s+/g, ' ').trim();
    expect(words()).to.equal('Pocket loading…');
    expect(store.requests).to.deep.equal([]);
    store.set({ model: { ...loading, phase: 'failed' } });
    await settle();
    expect(words()).to.equal('Pocket not loaded');
  });

  it('asks for the list to name another model by', async () => {
    const loading = { phase: 'loading', asked: { kept: 'abc' }, descriptor: null, choice: null } as const;
    const { store } = streetStore({ model: loading });
    const chip = within(await mount('earmark-status', store), 'button.chip');
    expect(store.requests).to.deep.equal([{ type: 'model-list' }]);
    const clap = { key: 'abc', id: 'Xenova/clap-htsat-unfused', name: 'CLAP', licence: 'Apache-2.0' } as const;
    const place = { revision: '1', from: 'huggingface.co', kind: 'hub' } as const;
    const models: ModelsState = {
      current: 'pocket',
      own: { key: 'https://models.example/birds/', name: 'birds' },
      fine: false,
      known: [],
      kept: [{ ...clap, ...place, bytes: 163e6, isComplete: true }],
      isAsking: false,
      offer: null,
      download: null,
      failure: null,
      freeBytes: null,
    };
    store.set({ models });
    await settle();
    expect(chip.textContent).to.match(/CLAP\s+loading…/);
    store.set({
      model: { ...loading, asked: new URL(models.own!.key) },
      models: { ...models, current: models.own!.key },
    });
    await settle();
    expect(chip.textContent).to.match(/birds\s+loading…/);
    expect(store.requests).to.have.length(1);
  });

  it('says that it works offline as soon as the network goes', async () => {
    const status = await mount('earmark-status', streetStore({ model: POCKET }).store);
    const onLine = Object.getOwnPropertyDescriptor(Navigator.prototype, 'onLine')!;
    Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false, configurable: true });
    window.dispatchEvent(new Event('offline'));
    await settle();
    expect(within(status, '.row').textContent).to.contain('Offline: this recording still works');
    Object.defineProperty(Navigator.prototype, 'onLine', onLine);
    window.dispatchEvent(new Event('online'));
  });
});

describe('earmark-overlay', () => {
  const alphaAt = (overlay: Element, x: number) => {
    const canvas = within(overlay, 'canvas') as HTMLCanvasElement;
    const scale = canvas.width / 800;
    return canvas.getContext('2d')!.getImageData(Math.round(x * scale), 5, 1, 1).data[3]!;
  };
  const over = async (store: FakeStore) => {
    const overlay = await mount('earmark-overlay', store);
    Object.assign(overlay.parentElement!.style, { position: 'relative', height: '100px' });
    await settle();
    return overlay;
  };

  it('shades the hits and lets the pointer through', async () => {
    const overlay = await over(streetStore().store);
    expect(alphaAt(overlay, (11.5 / 32) * 800)).to.be.greaterThan(20);
    expect(alphaAt(overlay, (16 / 32) * 800)).to.equal(0);
    expect(getComputedStyle(overlay).pointerEvents).to.equal('none');
  });

  it('stays a shade where hits lie closer than pixels', async () => {
    const regions = Array.from({ length: 4000 }, (_, i) =>
      makeRegion({ id: `h${i}`, start: i * 0.9, end: i * 0.9 + 0.8 }),
    );
    const store = new FakeStore({ ...streetState(), regions }, new FakeTimeline(3600));
    const overlay = await over(store);
    expect(alphaAt(overlay, 400)).to.be.within(30, 50);
  });
});
