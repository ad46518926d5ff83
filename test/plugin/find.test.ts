import { expect } from '@open-wc/testing';
import { EarmarkCore } from '../../src/plugin/earmark-core.js';
import type { EarmarkOptions } from '../../src/plugin/options.js';
import { fakeAudioOpener, FakeEngines, FakeRecording } from '../helpers/fake-engine.js';

const STREET = new FakeRecording(32, [
  { text: 'dog bark', start: 3.2, end: 4.8 },
  { text: 'dog bark', start: 16, end: 17.6 },
  { text: 'speech', start: 8, end: 11.2 },
]);
const FARM = new FakeRecording(16, [{ text: 'dog bark', start: 6.4, end: 8 }]);

function create(engines = new FakeEngines(), options: EarmarkOptions = {}): EarmarkCore {
  const openAudio = fakeAudioOpener({ street: STREET, farm: FARM });
  return new EarmarkCore(options, { createEngine: engines.create, openAudio });
}

const times = (regions: readonly { start: number; end: number }[]) =>
  regions.map(({ start, end }) => [Math.round(start * 100) / 100, Math.round(end * 100) / 100]);

describe('find', () => {
  it('gives the hits sorted by start', async () => {
    const earmark = create();
    await earmark.open('street');
    expect(times(await earmark.find('dog bark'))).to.deep.equal([
      [3.2, 4.8],
      [16, 17.6],
    ]);
    earmark.destroy();
  });

  it('gives nothing for a sound that is not in the recording', async () => {
    const earmark = create();
    await earmark.open('street');
    expect(await earmark.find('church bell')).to.deep.equal([]);
    const [prompt] = earmark.getState().prompts;
    expect(prompt?.presence?.present).to.equal(false);
    earmark.destroy();
  });
});
