import { expect } from '@open-wc/testing';
import { EarmarkError } from '../../src/engine/errors.js';
import { createEarmark } from '../../src/plugin/create-earmark.js';
import { parseOptions, type EarmarkOptions } from '../../src/plugin/options.js';

describe('options', () => {
  it('have defaults', () => {
    const { assetBase, ...rest } = parseOptions({});
    expect(rest).to.deep.equal({
      model: 'pocket',
      backend: 'auto',
      workers: undefined,
      fine: false,
      cache: true,
      sensitivity: 0.5,
      preRoll: 0.25,
      autosave: false,
      rememberModel: false,
    });
    expect(assetBase.pathname.endsWith('/')).to.equal(true);
  });

  it('take folders with or without the slash, relative to the page', () => {
    expect(parseOptions({ assetBase: 'assets/earmark' }).assetBase.href).to.equal(
      new URL('assets/earmark/', document.baseURI).href,
    );
    const { model } = parseOptions({ model: '/models/clap/' });
    expect((model as URL).href).to.equal(`${location.origin}/models/clap/`);
  });

  const bad: Record<string, unknown> = {
    sensitivity: 1.5,
    preRoll: -1,
    workers: 2.5,
    backend: 'cuda',
    fine: 1,
    cache: 'yes',
    model: 7,
    assetBase: 'http://',
  };
  for (const [name, value] of Object.entries(bad)) {
    it(`refuse ${name}: ${JSON.stringify(value)}, naming the option and what it may be`, () => {
      try {
        createEarmark({ [name]: value } as EarmarkOptions).destroy();
        expect.fail('It was taken.');
      } catch (error) {
        expect(error).to.be.instanceOf(EarmarkError);
        expect((error as EarmarkError).code).to.equal('bad-option');
        expect((error as EarmarkError).message)
          .to.contain(`“${name}”`)
          .and.to.contain(JSON.stringify(value));
      }
    });
  }

  const notTyped: Record<string, [unknown, RegExp]> = {
    'a misspelt name': [{ sensitivty: 0.7 }, /“sensitivty”.*sensitivity/],
    'an element as host': [{ host: document.createElement('audio') }, /“host”.*mediaElementHost/],
    'an engine that is no factory': [{ createEngine: 'wasm' }, /“createEngine”.*function/],
    'a number that JSON cannot say': [{ workers: 10n }, /“workers”.*1…16/],
    'no model': [{ model: null }, /“model”.*hub/],
    'no number': [{ sensitivity: NaN }, /“sensitivity”.*NaN/],
  };
  for (const [name, [options, message]] of Object.entries(notTyped)) {
    it(`refuse ${name}, saying what would do`, () => {
      expect(() => createEarmark(options as EarmarkOptions))
        .to.throw(EarmarkError, message)
        .with.property('code', 'bad-option');
    });
  }
});
