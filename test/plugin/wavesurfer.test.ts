import { expect } from '@open-wc/testing';
import WaveSurfer, { type WaveSurferOptions } from 'wavesurfer.js';
import RegionsPlugin from 'wavesurfer.js/plugins/regions';
import type { Earmark as EarmarkApi } from '../../src/plugin/earmark-api.js';
import { Earmark, wavesurferHost } from '../../src/plugin/host/wavesurfer.js';
import { FakeEngines, FakeRecording, openAnythingAs } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';
import { wavBlob } from '../helpers/wav.js';

const DURATION = 8;
const RECORDING = new FakeRecording(DURATION, [
  { text: 'dog bark', start: 1.6, end: 2.4 },
  { text: 'dog bark', start: 4.8, end: 5.6 },
]);
const RATE = 8_000;
const tone = Float32Array.from({ length: DURATION * RATE }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / RATE));
const wav = (name = 'street.wav') => new File([wavBlob([tone], RATE)], name, { type: 'audio/wav' });

let container: HTMLElement;
let ws: WaveSurfer;

function createWavesurfer(options: Partial<WaveSurferOptions> = {}): WaveSurfer {
  ws = WaveSurfer.create({ container, height: 64, ...options });
  return ws;
}

/** The plugin with a fake engine behind it. */
function register(): { earmark: InstanceType<typeof Earmark>; engines: FakeEngines; opened: unknown[] } {
  const engines = new FakeEngines();
  const { opener, opened } = openAnythingAs(RECORDING);
  const earmark = ws.registerPlugin(
    Earmark.create({ autosave: false, createEngine: engines.create, openAudio: opener }),
  );
  return { earmark, engines, opened };
}

const shadow = () => ws.getWrapper().getRootNode() as ShadowRoot;
const regionElements = () => [...shadow().querySelectorAll<HTMLElement>('[part~="region"]')];

beforeEach(() => {
  container = document.createElement('div');
  container.style.width = '600px';
  document.body.append(container);
});

afterEach(() => {
  ws.destroy();
  container.remove();
});

describe('the wavesurfer.js plugin', () => {
  it('is embedded in three lines and is an Earmark', async () => {
    createWavesurfer();
    const { earmark } = register();
    const api: EarmarkApi = earmark;
    const loading = ws.loadBlob(wav());
    const hits = await api.find('dog bark');
    expect(hits.map((hit) => Math.round(hit.start * 10) / 10)).to.deep.equal([1.6, 4.8]);
    await loading;
  });

  it('opens the very file that was given to loadBlob, under its name', async () => {
    createWavesurfer();
    const { earmark, opened } = register();
    const file = wav('Straße nachts.wav');
    await ws.loadBlob(file);
    await earmark.analysed();
    expect(opened).to.deep.equal([file]);
    expect(earmark.getState().source?.name).to.equal('Straße nachts.wav');
  });

  it('takes the bytes that wavesurfer.js has fetched instead of fetching them again', async () => {
    const url = URL.createObjectURL(wav());
    createWavesurfer({ url });
    const { earmark, opened } = register();
    await earmark.analysed();
    expect(String(opened)).to.match(/^blob:/);
    URL.revokeObjectURL(url);
  });

  it('opens what was loaded before it was registered', async () => {
    createWavesurfer();
    await ws.loadBlob(wav());
    const { earmark, opened } = register();
    await earmark.analysed();
    const response = await fetch(opened[0] as URL);
    expect((await response.arrayBuffer()).byteLength).to.equal(wav().size);
  });

  it('works with the WebAudio backend, which has no media element', async () => {
    createWavesurfer({ backend: 'WebAudio' });
    const { earmark, opened } = register();
    const file = wav();
    await ws.loadBlob(file);
    expect(await earmark.find('dog bark')).to.have.length(2);
    expect(opened).to.deep.equal([file]);
  });

  it('follows to the next recording, and keeps the prompts', async () => {
    createWavesurfer();
    const { earmark, opened } = register();
    await ws.loadBlob(wav('one.wav'));
    await earmark.find('dog bark');
    await ws.loadBlob(wav('two.wav'));
    await earmark.analysed();
    const { source, prompts } = earmark.getState();
    expect(opened).to.have.length(2);
    expect(source?.name).to.equal('two.wav');
    expect(prompts.map((prompt) => [prompt.text, prompt.hitCount])).to.deep.equal([['dog bark', 2]]);
  });

  it('never answers with the last recording while the next one is on its way', async () => {
    createWavesurfer();
    const { earmark, opened } = register();
    await ws.loadBlob(wav('one.wav'));
    await earmark.find('dog bark');
    const url = URL.createObjectURL(wav());
    const loading = ws.load(url);
    const [hit] = await earmark.find('dog bark');
    expect(opened).to.have.length(2);
    expect(hit?.sourceId).to.equal('source-2');
    await loading;
    URL.revokeObjectURL(url);
  });

  it('leaves no trace when its options are refused', () => {
    createWavesurfer();
    const bad = Earmark.create({ backend: 'cuda' as 'wasm' });
    expect(() => ws.registerPlugin(bad)).to.throw(/backend/);
    expect(Object.hasOwn(ws, 'loadBlob')).to.equal(false);
  });

  it('passes its events on through the plugin', async () => {
    createWavesurfer();
    const { earmark } = register();
    const seen: string[] = [];
    earmark.on('regions', (regions) => seen.push(`regions ${regions.length}`));
    earmark.on('analysed', () => seen.push('analysed'));
    earmark.on('destroy', () => seen.push('destroy'));
    await ws.loadBlob(wav());
    await earmark.find('dog bark');
    ws.destroy();
    expect(seen).to.include.members(['analysed', 'regions 2', 'destroy']);
  });
});

describe('accepted regions in wavesurfer.js', () => {
  async function accepted(): Promise<InstanceType<typeof Earmark>> {
    const { earmark } = register();
    await ws.loadBlob(wav());
    const [first] = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [first?.id ?? ''], status: 'accepted' });
    await waitUntil('the region is drawn', () => regionElements().length === 1);
    return earmark;
  }

  it('appear even if the app has no Regions plugin, as text and not as HTML', async () => {
    createWavesurfer();
    const earmark = await accepted();
    const [region] = earmark.getState().regions;
    earmark.dispatch({ type: 'region-rename', ids: [region?.id ?? ''], label: '<img src=x onerror=alert(1)>' });
    await waitUntil('the label is drawn', () => regionElements()[0]?.textContent === '<img src=x onerror=alert(1)>');
    expect(shadow().querySelector('img')).to.equal(null);
  });

  it('go into the plugin that the app has, beside its own regions', async () => {
    createWavesurfer();
    const regions = ws.registerPlugin(RegionsPlugin.create());
    const { earmark } = register();
    await ws.loadBlob(wav());
    regions.addRegion({ id: 'mine', start: 6, end: 7 });
    const hits = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: hits.map((hit) => hit.id), status: 'accepted' });
    await waitUntil('all three are there', () => regions.getRegions().length === 3);
    earmark.dispatch({ type: 'undo' });
    await waitUntil('only the app’s is left', () => regions.getRegions().length === 1);
    expect(regions.getRegions()[0]?.id).to.equal('mine');
    earmark.destroy();
    expect(regions.getRegions().map((region) => region.id)).to.deep.equal(['mine']);
  });

  it('come back when an edge is dragged, as one undo step', async () => {
    createWavesurfer();
    const earmark = await accepted();
    const [handle] = shadow().querySelectorAll<HTMLElement>('[part~="region-handle-right"]');
    const { left, top } = (handle as HTMLElement).getBoundingClientRect();
    const where = { pointerId: 1, button: 0, clientY: top + 5 };
    const at = (clientX: number) => ({ bubbles: true, cancelable: true, composed: true, ...where, clientX });
    handle?.dispatchEvent(new PointerEvent('pointerdown', at(left)));
    for (const dx of [5, 20, 75]) window.dispatchEvent(new PointerEvent('pointermove', at(left + dx)));
    window.dispatchEvent(new PointerEvent('pointerup', at(left + 75)));
    const [region] = earmark.getState().regions;
    expect(region?.edited).to.equal(true);
    expect(region?.end).to.be.closeTo(2.4 + (75 / 600) * DURATION, 0.1);
    expect(earmark.getState().history.undo).to.equal('Move hit');
    earmark.dispatch({ type: 'undo' });
    expect(earmark.getState().regions[0]?.end).to.be.closeTo(2.4, 1e-6);
    expect(earmark.getState().history.undo).to.equal('Accept hit');
  });

  it('are selected by a click', async () => {
    createWavesurfer();
    const earmark = await accepted();
    regionElements()[0]?.click();
    expect(earmark.getState().activeRegionId).to.equal(earmark.getState().regions[0]?.id);
  });
});

describe('the wavesurfer.js timeline', () => {
  it('can be asked before there is audio', () => {
    createWavesurfer();
    const host = wavesurferHost(ws);
    expect(host.getSource()).to.equal(null);
    expect(host.getVisibleRange()).to.deep.equal({ start: 0, end: 0 });
    host.setVisibleRange?.(0, 1);
    host.scrollTo(3);
    host.destroy();
  });

  it('shows and reports a range', async () => {
    createWavesurfer();
    const host = wavesurferHost(ws);
    await ws.loadBlob(wav());
    let changes = 0;
    host.on('viewchange', () => (changes += 1));
    host.setVisibleRange?.(2, 4);
    await waitUntil('it has scrolled', () => host.getVisibleRange().start > 1.9);
    expect(host.getVisibleRange().start).to.be.closeTo(2, 0.05);
    expect(host.getVisibleRange().end).to.be.closeTo(4, 0.05);
    expect(changes).to.be.greaterThan(0);
    host.scrollTo(3);
    expect(host.getVisibleRange().start).to.be.closeTo(2, 0.05);
    host.scrollTo(6);
    await waitUntil('6 s is on screen', () => host.getVisibleRange().start < 6 && host.getVisibleRange().end > 6);
    host.destroy();
  });

  it('keeps an overlay as wide as the viewport, over the waveform and out of the pointer’s way', async () => {
    createWavesurfer();
    const host = wavesurferHost(ws);
    await ws.loadBlob(wav());
    const lane = document.createElement('div');
    lane.style.height = '100%';
    const unmount = host.mountOverlay?.(lane);
    ws.zoom(500);
    ws.setScrollTime(4);
    await waitUntil('it has scrolled', () => host.getVisibleRange().start > 3.9);
    const box = lane.getBoundingClientRect();
    const view = container.getBoundingClientRect();
    expect([box.left, box.width]).to.deep.equal([view.left, view.width]);
    expect(box.height).to.equal(64);
    expect(getComputedStyle(lane).pointerEvents).to.equal('none');
    unmount?.();
    expect(lane.isConnected).to.equal(false);
    host.destroy();
  });

  it('leaves wavesurfer.js as it was', async () => {
    createWavesurfer();
    await ws.loadBlob(wav());
    const markup = () => shadow().querySelectorAll('*').length;
    const listeners = () =>
      Object.values((ws as unknown as { listeners: Record<string, Set<unknown>> }).listeners)
        .map((set) => set.size)
        .reduce((a, b) => a + b, 0);
    const before = { markup: markup(), listeners: listeners(), plugins: ws.getActivePlugins().length };
    for (let round = 0; round < 2; round += 1) {
      const { earmark } = register();
      earmark.host?.mountOverlay?.(document.createElement('div'));
      const hits = await earmark.find('dog bark');
      earmark.dispatch({ type: 'region-status', ids: hits.map((hit) => hit.id), status: 'accepted' });
      await waitUntil('the regions are drawn', () => regionElements().length === 2);
      ws.unregisterPlugin(earmark);
    }
    expect({ markup: markup(), listeners: listeners(), plugins: ws.getActivePlugins().length }).to.deep.equal(before);
    expect(Object.hasOwn(ws, 'loadBlob')).to.equal(false);
  });
});
