import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it, type TestContext } from 'node:test';
import { wavBlob } from '../helpers/wav.js';
import { type EditorPage, type Hit, visitDemo } from './editor-page.js';
import { suiteSite } from './site.js';

const SEED = 7;

/** Quiet noise: sound, but nothing that has a name. */
function noise(length: number, gain = 0.02): Float32Array {
  let state = SEED;
  return Float32Array.from({ length }, () => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647 - 0.5) * 2 * gain;
  });
}

async function wav(channels: readonly Float32Array[], sampleRate: number): Promise<Uint8Array> {
  return new Uint8Array(await wavBlob(channels, sampleRate).arrayBuffer());
}

describe('bad input', () => {
  const site = suiteSite();
  let flac: Uint8Array;

  before(async () => {
    flac = await readFile('test/soundscapes/storm.flac');
  });

  const openDemo = (t: TestContext) => visitDemo(t, site);

  /** The demo with its barks found and the first of them accepted. */
  async function openDemoWithWork(t: TestContext) {
    const { page, editor, log } = await openDemo(t);
    await editor.ask('dog bark');
    await editor.answer('dog bark');
    await editor.hitList.getByRole('row').filter({ hasText: 'dog bark' }).first().click();
    await page.keyboard.press('a');
    await editor.hitList.getByText('accepted').waitFor();
    return { page, editor, log, work: await editor.hits('dog bark') };
  }

  async function assertKept(editor: EditorPage, work: readonly Hit[]): Promise<void> {
    assert.match(await editor.recording.innerText(), /demo\.flac/, 'the recording stays open');
    assert.deepEqual(await editor.hits('dog bark'), work, 'hits and decisions stay');
  }

  /** A file opened and a sound asked for. */
  async function ask(t: TestContext, bytes: Uint8Array, name: string, prompt: string) {
    const { page, editor, log } = await openDemo(t);
    await editor.openFile(name, bytes);
    await editor.waitForRecording(name);
    await editor.waitForAnalysis();
    await editor.ask(prompt);
    const answer = await editor.answer(prompt);
    assert.deepEqual(log.errors, []);
    return { page, editor, answer };
  }

  describe('a file that cannot be opened is explained, and nothing is lost', () => {
    const cases: [what: string, make: () => Promise<Uint8Array>, name: string, says: RegExp][] = [
      ['not an audio file', async () => new TextEncoder().encode('Dear diary, '.repeat(200)), 'diary.txt', /audio/i],
      ['an empty file', async () => new Uint8Array(), 'empty.wav', /empty/i],
      ['0 seconds of audio', () => wav([new Float32Array()], 48_000), 'nothing.wav', /0 seconds/],
      ['a file cut off in its head', async () => flac.slice(0, 30), 'stump.flac', /cut off|damaged/],
    ];
    for (const [what, make, name, says] of cases) {
      it(what, async (t) => {
        const { editor, work } = await openDemoWithWork(t);
        await editor.openFile(name, await make());
        await editor.message.waitFor();
        assert.match(await editor.message.innerText(), says);
        await assertKept(editor, work);
      });
    }
  });

  it('opens what is there of a truncated file, and says that it is cut off', async (t) => {
    const bytes = await wav([noise(48_000 * 4)], 48_000);
    const { page, editor } = await ask(t, bytes.slice(0, bytes.length / 2), 'half.wav', 'dog bark');
    await page.getByText(/cut off/).waitFor();
    assert.match(await editor.recording.innerText(), /0:02/);
  });

  it('answers in 0.1 s of sound', async (t) => {
    const { answer } = await ask(t, await wav([noise(4800)], 48_000), 'blip.wav', 'dog bark');
    assert.match(answer, /not found|hit/);
  });

  it('finds nothing in silence', async (t) => {
    const { answer } = await ask(t, await wav([new Float32Array(48_000 * 5)], 48_000), 'silence.wav', 'speech');
    assert.match(answer, /not found/);
  });

  it('takes 8 kHz mono', async (t) => {
    const { editor, answer } = await ask(t, await wav([noise(16_000)], 8000), 'phone.wav', 'dog bark');
    assert.match(await editor.recording.innerText(), /0:02 · 8 kHz mono/);
    assert.match(answer, /not found/);
  });

  it('takes 96 kHz with six channels', async (t) => {
    const channels = Array.from({ length: 6 }, () => noise(96_000 * 2));
    const { editor, answer } = await ask(t, await wav(channels, 96_000), 'surround.wav', 'dog bark');
    assert.match(await editor.recording.innerText(), /0:02 · 96 kHz 6 channels/);
    assert.match(answer, /not found/);
  });

  it('does nothing for an empty prompt', async (t) => {
    const { editor, work, log } = await openDemoWithWork(t);
    await editor.ask('   ');
    await assertKept(editor, work);
    assert.deepEqual(log.errors, []);
  });

  it('explains that a prompt of 5,000 characters is too long, and keeps the rest', async (t) => {
    const { page, editor, work } = await openDemoWithWork(t);
    await editor.ask('dog '.repeat(1250));
    await page
      .getByText(/characters/)
      .first()
      .waitFor();
    await assertKept(editor, work);
  });

  for (const [what, prompt] of [
    ['emoji', '🐕🐕'],
    ['another language', 'perro ladrando'],
    ['markup', '<img src=x onerror=alert(1)>'],
  ] as const) {
    it(`answers a prompt in ${what}, as text`, async (t) => {
      const { editor, work, log } = await openDemoWithWork(t);
      await editor.ask(prompt);
      assert.match(await editor.answer(prompt), /not found|hit/);
      await assertKept(editor, work);
      assert.deepEqual(log.errors, []);
    });
  }
});
