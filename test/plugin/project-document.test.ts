import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { JsonFormatError } from '../../src/formats/json-reader.js';
import { EMPTY_DOCUMENT, type EditDocument } from '../../src/plugin/edit-document.js';
import { documentFromJson, documentToJson } from '../../src/plugin/project-document.js';
import version1 from '../fixtures/projects/version-1.earmark.json' with { type: 'json' };

const read = (value: unknown, asked: Partial<EditDocument> = {}) =>
  documentFromJson({ value, path: 'document' }, 'source-7', { ...EMPTY_DOCUMENT, ...asked });
const stored = () => structuredClone(version1.document) as Record<string, unknown>;

/** What is wrong with a document that differs from a good one in one place. */
function complaint(path: string, value: unknown): string {
  const document = stored();
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place: Record<string, unknown> = document;
  for (const name of names) place = place[name] as Record<string, unknown>;
  place[last] = value;
  try {
    read(document);
    return '';
  } catch (error) {
    expect(error).to.be.instanceOf(JsonFormatError);
    return (error as Error).message;
  }
}

describe('documents of projects', () => {
  it('are about the recording that is open now', () => {
    const { kept, dismissed } = read(stored());
    expect([...kept, ...dismissed].map(({ sourceId }) => sourceId)).to.deep.equal(['source-7', 'source-7', 'source-7']);
  });

  it('come back as they were, whatever they hold', () => {
    const document = read(stored());
    expect(document.mask?.floor).to.equal(-Infinity);
    expect(document.kept[1].label).to.equal('<b>door</b> & “window”');
    expect(read(JSON.parse(JSON.stringify(documentToJson(document))))).to.deep.equal(document);
    expect(read(documentToJson(EMPTY_DOCUMENT))).to.deep.equal(EMPTY_DOCUMENT);
  });

  it('do without fields that they do not have, and drop those that nobody knows', () => {
    expect(read({})).to.deep.equal(EMPTY_DOCUMENT);
    const [region] = version1.document.kept;
    const { kept } = read({ kept: [{ ...region, onclick: 'alert(1)', __proto__: null }], zoom: 3 });
    expect(kept[0]).to.not.have.property('onclick');
  });

  it('say where the first thing stands that cannot be', () => {
    expect(complaint('kept.0.start', 'NaN')).to.equal('document.kept[0].start has to be a number from 0 to Infinity');
    expect(complaint('kept.0.start', null)).to.contain('document.kept[0].start');
    expect(complaint('kept.0.start', -1)).to.contain('document.kept[0].start');
    expect(complaint('kept.0.end', 3.25)).to.equal('document.kept[0].end has to be later than its start');
    expect(complaint('kept.1.label', 5)).to.contain('document.kept[1].label');
    expect(complaint('kept.1.label', 'x'.repeat(301))).to.contain('document.kept[1].label');
    expect(complaint('kept.1.status', 'deleted')).to.contain('“candidate” or “accepted” or “rejected”');
    expect(complaint('kept.1.id', version1.document.kept[0].id)).to.contain('twice');
    expect(complaint('kept.0.ucs', 'NOSUCHid')).to.contain('document.kept[0].ucs has to be a CatID');
    expect(complaint('kept', {})).to.equal('document.kept has to be a list');
    expect(complaint('prompts.0.color', 8)).to.contain('document.prompts[0].color');
    expect(complaint('prompts.1.id', 'prompt-a1-1')).to.contain('twice');
    expect(complaint('prompts.0.sensitivity', 1.5)).to.contain('document.prompts[0].sensitivity');
    expect(complaint('mask.attack', -1)).to.contain('document.mask.attack');
    expect(complaint('mask.floor', 3)).to.contain('document.mask.floor');
    expect(complaint('mask.drawn', [[]])).to.contain('document.mask.drawn[0] has to be a list of one point');
    expect(complaint('mask.drawn', [[{ time: 2, gain: 2 }]])).to.contain('document.mask.drawn[0][0].gain');
    const backwards = [
      { time: 2, gain: 1 },
      { time: 1, gain: 1 },
    ];
    expect(complaint('mask.drawn', [backwards])).to.contain('document.mask.drawn has to be sorted');
    const overlapping = [
      [
        { time: 1, gain: 1 },
        { time: 3, gain: 1 },
      ],
      [{ time: 2, gain: 1 }],
    ];
    expect(complaint('mask.drawn', overlapping)).to.contain('document.mask.drawn has to be sorted');
    expect(complaint('split.mode', 'both')).to.contain('document.split.mode');
    expect(complaint('split.switchingCost', -1)).to.contain('document.split.switchingCost');
    expect(complaint('split.classes.0.texts', [5])).to.contain('document.split.classes[0].texts[0]');
    expect(complaint('mask.promptIds', 'all')).to.contain('document.mask.promptIds has to be a list');
  });

  it('take numbers that JSON cannot hold for what they are', () => {
    const text = JSON.stringify(stored()).replace('"start":3.25', '"start":1e999');
    expect(() => read(JSON.parse(text))).to.throw(JsonFormatError, 'document.kept[0].start');
  });

  it('never cause anything but their own error', () => {
    const names = fc.constantFrom(...Object.keys(version1.document));
    fc.assert(
      fc.property(names, fc.jsonValue(), (name, value) => {
        try {
          read({ ...stored(), [name]: value });
        } catch (error) {
          expect(error).to.be.instanceOf(JsonFormatError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep prompts that are there already, and give them what was decided for the same words', () => {
    const asked: EditDocument['prompts'] = [
      { id: 'prompt-z-1', text: 'Dog Bark', polarity: 'target', color: 5, sensitivity: 0.5 },
      { id: 'prompt-z-2', text: 'thunder', polarity: 'target', color: 6, sensitivity: 0.5 },
    ];
    const { prompts, kept, dismissed, mask } = read(stored(), { prompts: asked });
    expect(prompts.map(({ id, text, sensitivity }) => [id, text, sensitivity])).to.deep.equal([
      ['prompt-z-1', 'dog bark', 0.6],
      ['prompt-a1-2', 'speech', 0.5],
      ['prompt-z-2', 'thunder', 0.5],
    ]);
    expect(kept[0]).to.include({ id: 'prompt-z-1@3.200-4.800', promptId: 'prompt-z-1' });
    expect(dismissed[0]).to.include({ id: 'prompt-z-1@16.000-17.600', promptId: 'prompt-z-1' });
    expect(mask?.promptIds).to.deep.equal(['prompt-z-1']);
  });
});
