import { expect } from '@open-wc/testing';
import WaveSurfer from 'wavesurfer.js';
import { Earmark } from '../../src/plugin/host/wavesurfer.js';
import { createEarmark } from '../../src/plugin/index.js';

const assetBase = new URL('/dist/', location.href);
const DEMO = new URL('/demo/media/demo.flac', location.href);

describe('Earmark with the built-in model', function () {
  this.timeout(120_000);

  it('finds the barks of the demo recording, and says that a church bell is not there', async () => {
    const earmark = createEarmark({ assetBase, backend: 'wasm', cache: false });
    await earmark.open(DEMO);
    const hits = await earmark.find('dog bark');
    expect(hits).to.not.have.length(0);
    for (const { start, end } of hits) {
      expect(start).to.be.within(10.5, 16);
      expect(end).to.be.within(10.5, 16.5);
    }
    expect(await earmark.find('church bell')).to.deep.equal([]);
    expect(earmark.getState().model.descriptor?.id).to.contain('pocket');
    earmark.destroy();
  });

  it('does the same embedded in wavesurfer.js in three lines', async () => {
    const container = document.body.appendChild(document.createElement('div'));
    const ws = WaveSurfer.create({ container, url: DEMO.href });
    const earmark = ws.registerPlugin(
      Earmark.create({ model: 'pocket', assetBase, autosave: false, backend: 'wasm', cache: false }),
    );
    const hits = await earmark.find('dog bark');
    expect(hits).to.not.have.length(0);
    ws.destroy();
    container.remove();
  });
});
