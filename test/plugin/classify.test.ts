import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import type { ClassifyOptions } from '../../src/plugin/classification.js';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { fakeAudioOpener, FakeEngines, FakeRecording, type FakeEngineControls } from '../helpers/fake-engine.js';

const RADIO = new FakeRecording(48, [
  { text: 'speech', start: 3.2, end: 8 },
  { text: 'music', start: 8, end: 32 },
  { text: 'jingle', start: 40, end: 40.8 },
]);
const labels = ['speech', 'music', 'jingle', 'rain'];

let earmark: EarmarkCore;
let engines: FakeEngines;

function create(controls: Partial<FakeEngineControls> = {}): void {
  engines = new FakeEngines(controls);
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: fakeAudioOpener({ radio: RADIO }) });
}

afterEach(() => earmark.destroy());

const order = async (options: ClassifyOptions) => (await earmark.classify(options)).labels.map(({ label }) => label);

async function refusal(options: unknown): Promise<string> {
  try {
    await earmark.classify(options as ClassifyOptions);
    return 'none';
  } catch (error) {
    return error instanceof EarmarkError ? error.code : (error as Error).name;
  }
}

describe('classifying', () => {
  it('says what most of the recording is, or what is in it', async () => {
    create();
    await earmark.open('radio');
    expect((await order({ labels }))[0]).to.equal('music');
    const { labels: heard } = await earmark.classify({ labels, exclusive: false });
    const there = heard.filter(({ score }) => score > 0.5).map(({ label }) => label);
    expect(there).to.have.members(['speech', 'music', 'jingle']);
  });

  it('says what a stretch is, and what regions are', async () => {
    create();
    await earmark.open('radio');
    expect((await order({ labels, stretches: [{ start: 4, end: 7 }] }))[0]).to.equal('speech');
    const [jingle] = await earmark.find('jingle');
    const { labels: named } = await earmark.classify({ labels, regions: [jingle!.id] });
    expect(named[0]!.label).to.equal('jingle');
    expect(named[0]!.score).to.be.above(0.9);
    expect(named.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-6);
  });

  it('hears nothing again, and asks for no prompt', async () => {
    create();
    await earmark.open('radio');
    await earmark.analysed();
    const { windowsComputed } = engines.last;
    await earmark.classify({ labels });
    expect(engines.last.windowsComputed).to.equal(windowsComputed);
    expect(earmark.getState().prompts).to.deep.equal([]);
    expect(earmark.getState().history.undo).to.equal(null);
  });

  it('names labels that the model reads as the same', async () => {
    create();
    await earmark.open('radio');
    expect((await earmark.classify({ labels })).alike).to.deep.equal([]);
    const embed = engines.last.embedText.bind(engines.last);
    engines.last.embedText = async (text, signal) => ({
      ...(await embed(text, signal)),
      understood: [{ label: text === 'rain' ? 'Rain' : 'Voice', share: 0.95 }],
    });
    const { alike } = await earmark.classify({ labels: ['rain', 'a sad voice', 'a happy voice'] });
    expect(alike).to.deep.equal([['a sad voice', 'a happy voice']]);
  });

  it('takes a label once, however often it is given', async () => {
    create();
    await earmark.open('radio');
    expect(await order({ labels: ['speech', ' speech', 'music'] })).to.have.members(['speech', 'music']);
  });

  it('waits for the analysis, and can be cancelled meanwhile', async () => {
    create({ windowDelay: 40 });
    await earmark.open('radio');
    const stop = new AbortController();
    const cancelled = refusal({ labels, signal: stop.signal });
    const answer = order({ labels });
    stop.abort();
    expect(await cancelled).to.equal('AbortError');
    expect((await answer)[0]).to.equal('music');
  });

  it('refuses what it cannot answer', async () => {
    create();
    expect(await refusal({ labels })).to.equal('no-source');
    await earmark.open('radio');
    for (const options of [
      undefined,
      {},
      { labels: 'speech' },
      { labels: ['speech'] },
      { labels: ['speech', 'speech '] },
      { labels: ['speech', 5] },
      { labels, regions: ['nothing'] },
      { labels, regions: 'a' },
      { labels, stretches: [] },
      { labels, stretches: [{ start: 3, end: 3 }] },
      { labels, stretches: [{ start: NaN, end: 3 }] },
      { labels, stretches: [null] },
      { labels, stretches: { start: 1, end: 2 } },
      { labels, exclusive: 'yes' },
    ]) {
      expect(await refusal(options), JSON.stringify(options)).to.equal('bad-option');
    }
  });
});
