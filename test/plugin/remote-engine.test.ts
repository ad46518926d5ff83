import { expect } from '@open-wc/testing';
import { createEarmark } from '../../src/plugin/create-earmark.js';
import { remoteEngine, type RemoteOptions } from '../../src/plugin/remote-engine.js';
import { wavHeader } from '../helpers/wav.js';

const ASSETS = new URL('/dist/', location.href);
const SERVER: RemoteOptions = { url: 'https://inference.example/', model: 'pocket_audio', token: 'secret' };

describe('remoteEngine', () => {
  it('says where features go before anything is opened or loaded', () => {
    const earmark = createEarmark({ assetBase: ASSETS, createEngine: remoteEngine(SERVER) });
    const { phase, choice } = earmark.getState().model;
    expect(phase).to.equal('idle');
    expect(choice).to.include({ backend: 'remote', sentTo: 'inference.example' });
    expect(JSON.stringify(earmark.getState())).not.to.contain('secret');
    earmark.destroy();
  });

  it('tells why there is no server, in the analysis', async () => {
    const { origin } = location;
    const createEngine = remoteEngine({ url: `${origin}/nowhere/`, model: 'pocket_audio' });
    const earmark = createEarmark({ assetBase: ASSETS, createEngine, cache: false });
    const header = wavHeader({ sampleRate: 16_000, channelCount: 1, format: 'pcm16', frameCount: 16_000 });
    await earmark.open(new Blob([header, new Int16Array(16_000)]));
    const error: unknown = await earmark.analysed().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'server-mismatch' });
    expect((error as Error).message)
      .to.contain(location.host)
      .and.to.contain('404');
    earmark.destroy();
  });

  const wrong: Record<string, [Partial<RemoteOptions>, RegExp]> = {
    'an address that is none': [{ url: 'inference' }, /“url”/],
    'an address of another kind': [{ url: 'ftp://inference.example' }, /“url”/],
    'a password in the address': [{ url: 'https://me:pass@inference.example' }, /“url”.*without user/],
    'a token that anyone on the way could read': [{ url: 'http://inference.example' }, /“url”.*https/],
    'no model': [{ model: '' }, /“model”/],
    'a token that is a header': [{ token: 'Bearer secret' }, /“token”.*without the word/],
    'half a window': [{ batch: 0.5 }, /“batch”.*1…64/],
    'no time at all': [{ timeout: 0 }, /“timeout”.*1…600/],
  };
  for (const [name, [options, message]] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      expect(() => remoteEngine({ ...SERVER, ...options }))
        .to.throw(message)
        .with.property('code', 'bad-option');
    });
  }

  it('sends a token over http to this machine', () => {
    for (const host of ['localhost:8080', '127.0.0.1:8000', '[::1]:8000'])
      expect(remoteEngine({ ...SERVER, url: `http://${host}` }).choice.sentTo).to.equal(host);
  });
});
