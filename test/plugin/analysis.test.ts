import { expect } from '@open-wc/testing';
import type { ScoreCurve } from '../../src/detection/score-curve.js';
import { EarmarkError } from '../../src/engine/errors.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkState } from '../../src/plugin/state.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const STREET = new FakeRecording(64, [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 48, end: 49.6 },
]);
const HOUR = new FakeRecording(3_600, [{ text: 'dog bark', start: 1_600, end: 1_601.6 }]);

let earmark: EarmarkCore;
let engines: FakeEngines;

function create(controls: ConstructorParameters<typeof FakeEngines>[0] = {}): void {
  engines = new FakeEngines(controls);
  const openAudio = fakeAudioOpener({ street: STREET, hour: HOUR });
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio });
}

afterEach(() => earmark.destroy());

const phase = () => earmark.getState().analysis.phase;
const known = (curve: ScoreCurve | null | undefined) =>
  curve?.values.filter((value) => !Number.isNaN(value)).length ?? 0;

describe('the analysis', () => {
  it('shows curves that grow, each a new object, and decides on presence only at the end', async () => {
    create({ windowDelay: 120 });
    const states: EarmarkState[] = [];
    earmark.subscribe((state) => states.push(state));
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('street');
    await earmark.analysed();
    const curves = [...new Set(states.map((state) => state.prompts[0]?.curve ?? null))].filter(
      (curve) => curve !== null,
    );
    expect(curves.length).to.be.greaterThan(1);
    const counts = curves.map(known);
    expect(counts).to.deep.equal([...counts].sort((a, b) => a - b));
    expect(counts[0]).to.be.within(1, 399);
    expect(counts.at(-1)).to.equal(400);
    for (const { analysis, prompts } of states) {
      if (analysis.phase === 'done') expect(prompts[0]?.presence?.present).to.equal(true);
      else if (known(prompts[0]?.curve) < 400) expect(prompts[0]?.presence ?? null).to.equal(null);
    }
  });

  it('shows hits while it runs', async () => {
    create({ windowDelay: 60 });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('street');
    await waitUntil('the first hit is there', () => earmark.getState().regions.length === 1);
    expect(phase()).to.equal('running');
  });

  it('touches the curves at most ten times a second', async () => {
    create({ windowDelay: 4 });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('hour');
    await waitUntil('there is a curve', () => earmark.getState().prompts[0]?.curve !== null);
    const curves = new Set<unknown>();
    earmark.subscribe((state) => curves.add(state.prompts[0]?.curve));
    const start = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(curves.size).to.be.within(1, 2 + (performance.now() - start) / 100);
  });

  it('gives a prompt on an analysed hour its curve without holding the page up', async () => {
    create();
    await earmark.open('hour');
    await earmark.find('wind');
    const attempts: { milliseconds: number; longTasks: number }[] = [];
    for (const [prompt, hits] of [['dog bark', 1] as const, ['rain', 0] as const, ['thunder', 0] as const]) {
      let longTasks = 0;
      // A long task is one of more than 50 ms.
      const observer = new PerformanceObserver((list) => (longTasks += list.getEntries().length));
      observer.observe({ type: 'longtask' });
      const start = performance.now();
      expect(await earmark.find(prompt)).to.have.length(hits);
      const milliseconds = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 100));
      observer.disconnect();
      attempts.push({ milliseconds, longTasks });
    }
    // A busy machine spoils some attempts, but not each in both ways.
    expect(Math.min(...attempts.map(({ longTasks }) => longTasks))).to.equal(0);
    expect(Math.min(...attempts.map(({ milliseconds }) => milliseconds))).to.be.lessThan(300);
  });

  it('stops within 200 ms when it is cancelled, and keeps what it has', async () => {
    create({ windowDelay: 100 });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('street');
    await waitUntil('the first hit is there', () => earmark.getState().regions.length === 1);
    earmark.dispatch({ type: 'cancel-analysis' });
    const { analysis } = earmark.getState();
    expect(analysis.phase).to.equal('cancelled');
    expect(analysis.phase === 'cancelled' && analysis.fraction).to.be.within(0.01, 0.99);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const computed = engines.last.windowsComputed;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(engines.last.windowsComputed).to.equal(computed);
    expect(phase()).to.equal('cancelled');
    expect(earmark.getState().regions).to.have.length(1);
  });

  it('drops what a cancelled run still says', async () => {
    create({ windowDelay: 60, deaf: true });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('street');
    await waitUntil('the first hit is there', () => earmark.getState().regions.length === 1);
    earmark.dispatch({ type: 'cancel-analysis' });
    await Promise.resolve();
    const { analysis } = earmark.getState();
    await waitUntil('the run is over', () => engines.last.windowsComputed === 8);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(earmark.getState().analysis).to.equal(analysis);
    expect(earmark.getState().regions).to.have.length(1);
  });

  it('scores new prompts against what it has when it was cancelled', async () => {
    create({ windowDelay: 60 });
    await earmark.open('street');
    await waitUntil('something is analysed', () => engines.last.windowsComputed > 1);
    earmark.dispatch({ type: 'cancel-analysis' });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await waitUntil('there is a curve', () => known(earmark.getState().prompts[0]?.curve) > 0);
    expect(earmark.getState().prompts[0]?.presence).to.equal(null);
  });

  it('changes backend with a new engine, and keeps prompts and decisions', async () => {
    create();
    await earmark.open('street');
    const hits = await earmark.find('dog bark');
    earmark.dispatch({ type: 'region-status', ids: [hits[0]?.id ?? ''], status: 'accepted' });
    earmark.dispatch({ type: 'backend', backend: 'webgpu' });
    await earmark.analysed();
    expect(engines.made.map((engine) => engine.destroyed)).to.deep.equal([true, false]);
    const { model, regions, prompts } = earmark.getState();
    expect(model.choice?.backend).to.equal('webgpu');
    expect(prompts[0]?.presence?.present).to.equal(true);
    expect(regions.map((region) => region.status)).to.deep.equal(['accepted', 'candidate']);
  });

  it('shows that another backend has taken over in the middle', async () => {
    create({ windowDelay: 20 });
    await earmark.open('street');
    await waitUntil('the model is there', () => earmark.getState().model.phase === 'ready');
    const choice = { backend: 'wasm', reason: 'The GPU was lost.', fellBack: true, workers: 1 } as const;
    engines.last.choice = choice;
    await earmark.analysed();
    expect(earmark.getState().model).to.deep.include({ phase: 'ready', choice });
    expect(earmark.getState().notices.map(({ message }) => message)).to.deep.equal(['The GPU was lost.']);
  });

  it('runs once for every recording, however often the backend of now is asked for', async () => {
    create();
    await earmark.open('street');
    await earmark.analysed();
    earmark.dispatch({ type: 'backend', backend: 'auto' });
    expect(engines.made).to.have.length(1);
  });
});

describe('when something fails', () => {
  const crash = new EarmarkError('worker-crashed', 'The worker stopped. Start the analysis again.');
  const missing = new EarmarkError('model-missing', 'The model file is not there. Check the address.');

  const codes = () => earmark.getState().notices.map((notice) => notice.code);

  it('in the middle of the analysis, what was found stays, and it can be started again', async () => {
    create({ windowDelay: 60, analyseError: crash, failAfterWindows: 4 });
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    await earmark.open('street');
    await waitUntil('it has failed', () => phase() === 'failed');
    expect(earmark.getState().analysis).to.deep.include({ code: 'worker-crashed', message: crash.message });
    expect(earmark.getState().regions).to.have.length(1);
    expect(codes()).to.deep.equal(['worker-crashed']);
    engines.controls.analyseError = null;
    earmark.dispatch({ type: 'restart-analysis' });
    await earmark.analysed();
    expect(earmark.getState().regions).to.have.length(2);
    expect(codes(), 'it is told of no more').to.deep.equal([]);
  });

  it('with one recording, it is not told of over another', async () => {
    create({ analyseError: crash, failAfterWindows: 1 });
    await earmark.open('street');
    await waitUntil('it has failed', () => phase() === 'failed');
    expect(codes()).to.deep.equal(['worker-crashed']);
    engines.controls.analyseError = null;
    await earmark.open('street');
    expect(codes()).to.deep.equal([]);
    await earmark.analysed();
  });

  it('at loading the model, the recording and the prompts stay, and it can be tried again', async () => {
    create({ loadError: missing });
    await earmark.open('street');
    earmark.dispatch({ type: 'prompt-add', text: 'dog bark' });
    const error = await earmark.analysed().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.equal(missing);
    await waitUntil('the model has failed', () => earmark.getState().model.phase === 'failed');
    expect(earmark.getState().source?.name).to.equal('street');
    expect(codes()).to.deep.equal(['model-missing']);
    engines.controls.loadError = null;
    expect(await earmark.find('dog bark')).to.have.length(2);
    expect(earmark.getState().model.phase).to.equal('ready');
  });

  it('at making the engine, it is made again the next time', async () => {
    engines = new FakeEngines();
    let fail = true;
    earmark = new EarmarkCore(
      {},
      {
        createEngine: (settings) => (fail ? Promise.reject(missing) : engines.create(settings)),
        openAudio: fakeAudioOpener({ street: STREET }),
      },
    );
    await earmark.open('street');
    await waitUntil('it has failed', () => phase() === 'failed');
    fail = false;
    expect(await earmark.find('dog bark')).to.have.length(2);
  });

  it('at one prompt, the others go on, and its chip says why', async () => {
    create();
    await earmark.open('street');
    await earmark.find('dog bark');
    engines.controls.textError = crash;
    const error = await earmark.find('speech').then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.equal(crash);
    expect(earmark.getState().prompts.map(({ phase, message }) => [phase, message])).to.deep.equal([
      ['ready', undefined],
      ['failed', crash.message],
    ]);
    expect(earmark.getState().regions).to.have.length(2);
  });

  it('at one prompt, asking again tries again', async () => {
    create({ textError: crash });
    await earmark.open('street');
    await earmark.find('dog bark').catch(() => undefined);
    engines.controls.textError = null;
    expect(await earmark.find('dog bark')).to.have.length(2);
    expect(earmark.getState().prompts[0]?.message).to.equal(undefined);
  });

  it('at keeping the result on the device, the result stands and a notice says so', async () => {
    create({ cacheError: new EarmarkError('storage-full', 'The device is full. Free some space.') });
    await earmark.open('street');
    expect(await earmark.find('dog bark')).to.have.length(2);
    expect(earmark.getState().notices.map(({ level, code }) => [level, code])).to.deep.equal([
      ['warning', 'storage-full'],
    ]);
  });

  it('unexpectedly, the message says what is kept and what to do', async () => {
    create({ analyseError: new TypeError('x is undefined') });
    await earmark.open('street');
    await waitUntil('it has failed', () => phase() === 'failed');
    const [notice] = earmark.getState().notices;
    expect(notice?.message).to.contain('x is undefined').and.to.contain('start the analysis again');
  });

  it('the same way again, the notice is not doubled', async () => {
    create({ analyseError: crash });
    await earmark.open('street');
    await waitUntil('it has failed', () => phase() === 'failed');
    earmark.dispatch({ type: 'restart-analysis' });
    await waitUntil('it has failed again', () => phase() === 'failed' && engines.last.analyses === 2);
    expect(earmark.getState().notices).to.have.length(1);
    earmark.dispatch({ type: 'dismiss-notice', id: earmark.getState().notices[0]?.id ?? '' });
    expect(earmark.getState().notices).to.deep.equal([]);
  });
});
