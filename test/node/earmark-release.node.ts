import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';
import { FakeHost } from '../helpers/fake-host.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const STREET = new FakeRecording(32, [{ text: 'dog bark', start: 3.2, end: 4.8 }]);

/** Uses an Earmark in every way that could keep it alive, ends it, and keeps only what its page would keep. */
async function useAndDestroy(host: FakeHost, engines: FakeEngines): Promise<WeakRef<EarmarkCore>> {
  const openAudio = fakeAudioOpener({ street: STREET });
  const earmark = new EarmarkCore({ host }, { createEngine: engines.create, openAudio });
  const heard: unknown[] = [];
  earmark.subscribe((state) => heard.push(state.analysis.phase));
  earmark.on('regions', (regions) => heard.push(regions.length));
  host.load('street');
  const hits = await earmark.find('dog bark', { signal: lasting.signal });
  earmark.dispatch({ type: 'region-status', ids: hits.map((hit) => hit.id), status: 'accepted' });
  earmark.dispatch({ type: 'loop-region', id: hits[0]?.id ?? null });
  earmark.mask({ mode: 'mute' });
  while (!earmark.getState().gainEnvelope) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(heard.includes('done'));
  earmark.destroy();
  return new WeakRef(earmark);
}

/** A signal that its owner keeps longer than any search. */
const lasting = new AbortController();

test('destroy() lets go of everything, and Earmark can be created again', async () => {
  const host = new FakeHost();
  const engines = new FakeEngines();
  const refs: WeakRef<EarmarkCore>[] = [];
  for (let round = 0; round < 3; round += 1) refs.push(await useAndDestroy(host, engines));
  for (let turn = 0; turn < 10 && refs.some((ref) => ref.deref()); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collectGarbage();
  }
  assert.deepEqual(
    refs.map((ref) => ref.deref()),
    [undefined, undefined, undefined],
  );
  assert.ok(engines.made.every((engine) => engine.destroyed));
  assert.ok(STREET.closed);
});
