import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { EarmarkError } from '../../src/engine/errors.js';
import type { EarmarkRequest } from '../../src/plugin/requests.js';
import { classSpans, type SplitOptions } from '../../src/plugin/split.js';
import { fakeAudioOpener, FakeEngines, FakeRecording, type FakeEngineControls } from '../helpers/fake-engine.js';
import { waitUntil } from '../helpers/wait-until.js';

const RADIO = new FakeRecording(48, [
  { text: 'speech', start: 3.2, end: 8 },
  { text: 'music', start: 8, end: 16 },
  { text: 'conversation', start: 20.8, end: 24 },
  { text: 'jingle', start: 32, end: 36.8 },
  { text: 'music', start: 32, end: 40 },
]);

let earmark: EarmarkCore;
let engines: FakeEngines;
const state = () => earmark.getState();

function create(controls: Partial<FakeEngineControls> = {}): void {
  engines = new FakeEngines(controls);
  earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: fakeAudioOpener({ radio: RADIO }) });
}

afterEach(() => earmark.destroy());

/** `label start–end` of the state's segments. */
function segments(): string[] {
  const { classes, segments: all } = state().split!;
  const labels = new Map(classes.map(({ id, label }) => [id, label]));
  return all.map(({ classId, start, end }) => `${labels.get(classId)} ${start.toFixed(1)}–${end.toFixed(1)}`);
}

const classId = (label: string) => state().split!.classes.find((one) => one.label === label)!.id;

async function refusal(options: SplitOptions): Promise<string | null> {
  try {
    await earmark.split(options);
    return null;
  } catch (error) {
    return error instanceof EarmarkError ? error.code : (error as Error).name;
  }
}

describe('a split by class', () => {
  it('gives each moment to one class, by any of its texts', async () => {
    create();
    await earmark.open('radio');
    const found = await earmark.split({
      classes: [{ label: 'voice', texts: ['speech', 'conversation'] }, 'music', 'other'],
    });
    expect(found).to.equal(state().split!.segments);
    expect(segments()).to.deep.equal(['voice 3.2–8.0', 'music 8.0–16.0', 'voice 20.8–24.0', 'music 32.0–40.0']);
    expect(state().split).to.include({ complete: true, mode: 'exclusive' });
    expect(found.every(({ score }) => score > 0.9)).to.equal(true);
    expect(state().prompts, 'classes are no prompts').to.deep.equal([]);
    expect(state().regions).to.deep.equal([]);
  });

  it('lets classes overlap when asked to', async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['jingle', 'music'], mode: 'overlapping' });
    expect(segments()).to.deep.equal(['music 8.0–16.0', 'jingle 32.0–36.8', 'music 32.0–40.0']);
  });

  it('hears classes by themselves, whatever else is searched for', async () => {
    create();
    await earmark.open('radio');
    await earmark.find('music');
    earmark.dispatch({ type: 'prompt-add', text: 'speech', polarity: 'contrast' });
    await earmark.split({ classes: ['speech', 'music'] });
    expect(segments()).to.deep.equal(['speech 3.2–8.0', 'music 8.0–16.0', 'music 32.0–40.0']);
    expect(state().prompts.map(({ text }) => text)).to.deep.equal(['music', 'speech']);
  });

  it('takes silence by its level', async () => {
    create();
    const quiet = new FakeRecording(16, [{ text: 'speech', start: 4.8, end: 8 }]);
    earmark.destroy();
    earmark = new EarmarkCore({}, { createEngine: engines.create, openAudio: fakeAudioOpener({ quiet }) });
    await earmark.open('quiet');
    await earmark.split({ classes: ['silence'] });
    expect(segments(), 'all of the fake is at −20 dBFS').to.deep.equal([]);
    expect(state().split!.classes[0]).to.include({ silence: true, phase: 'ready' });
  });

  it('is made anew when it is asked for differently, without listening again', async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['speech', 'music'] });
    const { analyses } = engines.last;
    const before = segments();
    earmark.dispatch({ type: 'split-set', switchingCost: 30 });
    expect(segments()).not.to.deep.equal(before);
    earmark.dispatch({ type: 'split-set', mode: 'overlapping' });
    expect(segments()).to.have.length(3);
    expect(state().split).to.include({ mode: 'overlapping', switchingCost: 30 });
    expect(engines.last.analyses).to.equal(analyses);
  });

  it('appears while the analysis runs, and is whole at its end', async () => {
    create({ windowDelay: 250 });
    await earmark.open('radio');
    earmark.dispatch({ type: 'split-set', classes: ['speech', 'music'] });
    await waitUntil('something is there', () => (state().split?.segments.length ?? 0) > 0);
    expect(state().split!.complete).to.equal(false);
    await earmark.analysed();
    await waitUntil('all of it is there', () => state().split!.complete);
    expect(segments()).to.have.length(3);
  });

  it('is asked of the next recording too', async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['speech', 'music'] });
    await earmark.open('radio');
    await waitUntil('it is made', () => state().split?.complete === true);
    expect(segments()).to.have.length(3);
  });

  it('gives the spans of a class, those that touch as one', () => {
    create();
    const segment = (id: string, start: number, end: number) => ({ classId: id, start, end, score: 1 });
    const split = {
      classes: [],
      mode: 'exclusive' as const,
      switchingCost: 1,
      complete: true,
      segments: [segment('a', 0, 1), segment('b', 1, 2), segment('a', 2, 3), segment('a', 3, 4), segment('a', 6, 7)],
    };
    expect(classSpans(split, 'a')).to.deep.equal([
      { start: 0, end: 1 },
      { start: 2, end: 4 },
      { start: 6, end: 7 },
    ]);
    expect(classSpans(split, 'nobody')).to.deep.equal([]);
  });
});

describe('the classes of a split', () => {
  beforeEach(async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['speech', 'conversation', 'music'] });
  });

  it('can be renamed, merged, hidden, and all of it undone by name', async () => {
    const end = segments();
    const id = classId('speech');
    earmark.dispatch({ type: 'split-class-rename', id, label: 'voice' });
    expect(state().history.undo).to.equal('Rename “speech” to “voice”');
    earmark.dispatch({ type: 'split-class-merge', ids: [id, classId('conversation')] });
    await waitUntil('it is made', () => state().split!.complete);
    expect(state().history.undo).to.equal('Merge “conversation” into “voice”');
    expect(segments()).to.deep.equal(['voice 3.2–8.0', 'music 8.0–16.0', 'voice 20.8–24.0', 'music 32.0–40.0']);
    earmark.dispatch({ type: 'split-class-hide', id: classId('music'), hidden: true });
    expect(state().history.undo).to.equal('Hide “music”');
    expect(segments(), 'what is hidden keeps its time').to.have.length(4);
    for (let i = 0; i < 3; i += 1) earmark.dispatch({ type: 'undo' });
    await waitUntil('it is made', () => state().split!.complete);
    expect(segments()).to.deep.equal(end);
    earmark.dispatch({ type: 'undo' });
    expect([state().split, state().history.undo]).to.deep.equal([null, null]);
    earmark.dispatch({ type: 'redo' });
    await waitUntil('it is back', () => state().split?.complete === true);
    expect(segments()).to.deep.equal(end);
  });

  it('keep their identity and colour when others join', async () => {
    const [speech, , music] = state().split!.classes;
    await earmark.split({ classes: ['music', 'jingle', 'Speech'] });
    const [first, second, third] = state().split!.classes;
    expect([first!.id, third!.id]).to.deep.equal([music!.id, speech!.id]);
    expect(new Set([first!.color, second!.color, third!.color]).size).to.equal(3);
  });

  it('become regions in one step, those of hidden ones not', () => {
    earmark.dispatch({ type: 'split-class-hide', id: classId('music'), hidden: true });
    earmark.dispatch({ type: 'split-to-regions' });
    expect(state().history.undo).to.equal('Make 2 regions of the split');
    expect(state().regions.map(({ label, start, status }) => [label, start.toFixed(1), status])).to.deep.equal([
      ['speech', '3.2', 'accepted'],
      ['conversation', '20.8', 'accepted'],
    ]);
    const [region] = state().regions;
    earmark.dispatch({ type: 'region-move', id: region!.id, start: 4, end: 7 });
    earmark.dispatch({ type: 'split-to-regions' });
    expect(state().regions[0], 'what was edited stays').to.include({ start: 4, end: 7 });
    earmark.dispatch({ type: 'undo' });
    earmark.dispatch({ type: 'undo' });
    expect(state().regions).to.deep.equal([]);
  });

  it('are saved under a name for the next recording', async () => {
    earmark.dispatch({ type: 'split-preset-save', name: ' Radio ' });
    expect(state().splitPresets).to.deep.equal([
      {
        name: 'Radio',
        classes: ['speech', 'conversation', 'music'].map((label) => ({ label, texts: [label], silence: false })),
      },
    ]);
    earmark.destroy();
    create();
    earmark.dispatch({ type: 'split-preset-list' });
    await waitUntil('it is there again', () => state().splitPresets?.[0]?.name === 'Radio');
    earmark.dispatch({ type: 'split-preset-delete', name: 'Radio' });
    expect(state().splitPresets).to.deep.equal([]);
  });
});

describe('a bad split', () => {
  it('is refused with a reason, and changes nothing', async () => {
    create();
    await earmark.open('radio');
    expect(await refusal({ classes: [] })).to.equal('bad-option');
    expect(await refusal({ classes: ['other'] })).to.equal('bad-option');
    expect(await refusal({ classes: ['  '] })).to.equal('empty-prompt');
    expect(await refusal({ classes: ['x'.repeat(400)] })).to.equal('prompt-too-long');
    expect(await refusal({ classes: [{ label: 'deaf', texts: [] }] })).to.equal('bad-option');
    expect(await refusal({ classes: ['a'], switchingCost: NaN })).to.equal('bad-option');
    expect(await refusal({ classes: ['a'], switchingCost: -1 })).to.equal('bad-option');
    expect(await refusal({ classes: ['a'], mode: 'both' as never })).to.equal('bad-option');
    expect(await refusal({ classes: Array.from({ length: 65 }, (_, i) => `class ${i}`) })).to.equal('bad-option');
    expect(state().split).to.equal(null);
    expect(state().history.undo).to.equal(null);
  });

  it('request says why in a notice', async () => {
    create();
    await earmark.open('radio');
    const requests: EarmarkRequest[] = [
      { type: 'split-set', mode: 'overlapping' },
      { type: 'split-class-rename', id: 'nobody', label: 'x' },
      { type: 'split-class-merge', ids: [] },
      { type: 'split-to-regions' },
      { type: 'split-preset-save', name: 'nothing' },
    ];
    for (const request of requests) earmark.dispatch(request);
    await waitUntil('all was said', () => state().notices.length > 2);
    expect(new Set(state().notices.map(({ code }) => code))).to.deep.equal(new Set(['bad-option']));
    expect(state().split).to.equal(null);
  });

  it('name is refused when another class has it', async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['speech', 'music'] });
    earmark.dispatch({ type: 'split-class-rename', id: classId('speech'), label: 'MUSIC' });
    await waitUntil('it was said', () => state().notices.length === 1);
    expect(state().split!.classes.map(({ label }) => label)).to.deep.equal(['speech', 'music']);
  });

  it('of one name twice is one class', async () => {
    create();
    await earmark.open('radio');
    await earmark.split({ classes: ['music', 'Music', { label: 'music', texts: ['jingle'] }] });
    expect(state().split!.classes.map(({ label, texts }) => [label, ...texts])).to.deep.equal([
      ['music', 'music', 'jingle'],
    ]);
  });

  it('of thirty classes is none', async () => {
    create();
    await earmark.open('radio');
    const classes = Array.from({ length: 28 }, (_, i) => `nothing ${i}`);
    await earmark.split({ classes: ['speech', 'music', ...classes] });
    expect(state().split!.classes).to.have.length(30);
    expect(state().split!.complete).to.equal(true);
  });

  it('without a recording, and one of a class that cannot be encoded, fail with why', async () => {
    create({ textError: new EarmarkError('model-corrupt', 'The text tower is broken.') });
    expect(await refusal({ classes: ['speech'] })).to.equal('no-source');
    await earmark.open('radio');
    expect(await refusal({ classes: ['speech'] })).to.equal('bad-option');
    expect(state().split!.classes[0]).to.include({ phase: 'failed', message: 'The text tower is broken.' });
    expect(state().split!.segments).to.deep.equal([]);
  });

  it('ends with the analysis that it waits for', async () => {
    create({ windowDelay: 200 });
    await earmark.open('radio');
    const cancelled = refusal({ classes: ['speech'] });
    await waitUntil('it has begun', () => state().split !== null);
    earmark.dispatch({ type: 'cancel-analysis' });
    expect(await cancelled).to.equal('AbortError');
    const controller = new AbortController();
    const aborted = refusal({ classes: ['speech'], signal: controller.signal });
    controller.abort();
    expect(await aborted).to.equal('AbortError');
  });
});
