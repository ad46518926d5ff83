import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { JsonFormatError } from '../../src/formats/json-reader.js';
import { formatProject, type Migration, parseProject } from '../../src/formats/project-json.js';
import version1 from '../fixtures/projects/version-1.earmark.json' with { type: 'json' };
import version2 from '../fixtures/projects/version-2.earmark.json' with { type: 'json' };

const SOURCE = { name: 'street.flac', duration: 32, sampleRate: 48_000, channelCount: 2, digest: 'ab'.repeat(32) };
const MODEL = { id: 'pocket', revision: '1' };

/** What is wrong with a file that differs from a good one. */
function complaint(change: (file: Record<string, unknown>) => unknown): string {
  const file = structuredClone(version2) as Record<string, unknown>;
  const changed = change(file) ?? file;
  try {
    parseProject(JSON.stringify(changed));
    return '';
  } catch (error) {
    expect(error).to.be.instanceOf(JsonFormatError);
    return (error as Error).message;
  }
}

describe('project files', () => {
  for (const [file, heard] of [
    [version1, null],
    [version2, 1],
  ] as const) {
    it(`of version ${file.version} can be read for good`, () => {
      const { source, channel, model, document } = parseProject(JSON.stringify(file));
      expect(source).to.deep.equal(file.source);
      expect(channel).to.equal(heard);
      expect(model).to.deep.equal(file.model);
      expect(document).to.deep.equal({ value: file.document, path: 'document' });
    });
  }

  it('give back what they were made of, byte order mark or not', () => {
    const text = formatProject({ source: SOURCE, channel: 1, model: MODEL, document: { prompts: [1] } });
    for (const file of [text, `\uFEFF${text}`]) {
      const { document, ...facts } = parseProject(file);
      expect({ ...facts, document: document.value }).to.deep.equal({
        source: SOURCE,
        channel: 1,
        model: MODEL,
        document: { prompts: [1] },
      });
    }
  });

  it('may know neither the digest nor the model', () => {
    const text = formatProject({ source: { ...SOURCE, digest: null }, channel: null, model: null, document: {} });
    expect(parseProject(text)).to.deep.include({ source: { ...SOURCE, digest: null }, model: null });
  });

  it('are refused when they are something else, and say why', () => {
    expect(() => parseProject('not JSON')).to.throw(JsonFormatError, 'it is no JSON');
    expect(() => parseProject('null')).to.throw(JsonFormatError, 'the file has to be an object');
    expect(() => parseProject('[]')).to.throw(JsonFormatError, 'the file has to be an object');
    expect(complaint(() => ({ format: 'audacity' }))).to.equal('it was not saved by Earmark');
    expect(complaint((file) => void delete file['format'])).to.equal('it was not saved by Earmark');
    expect(complaint((file) => void (file['version'] = '1'))).to.contain('version has to be a whole number');
    expect(complaint((file) => void (file['version'] = 0))).to.contain('version has to be');
    expect(complaint((file) => void (file['source'] = null))).to.equal('source has to be an object');
    expect(complaint((file) => void (file['source'] = { ...SOURCE, digest: '../..' }))).to.contain('source.digest');
    expect(complaint((file) => void (file['source'] = { ...SOURCE, duration: '32' }))).to.contain('source.duration');
    expect(complaint((file) => void (file['source'] = { ...SOURCE, duration: null }))).to.contain('source.duration');
    expect(complaint((file) => void (file['source'] = { ...SOURCE, channelCount: 1.5 }))).to.contain('channelCount');
    expect(complaint((file) => void (file['channel'] = 2))).to.equal('channel has to be a number from 0 to 1');
    expect(complaint((file) => void delete file['channel'])).to.contain('channel has to be a whole number');
    expect(complaint((file) => void (file['model'] = 'pocket'))).to.equal('model has to be an object');
  });

  it('of a version to come are refused, because what they know would be lost', () => {
    expect(complaint((file) => void (file['version'] = 3))).to.equal(
      'it was saved by a newer Earmark (version 3; this one reads up to 2)',
    );
  });

  it('of earlier versions go through every step since then', () => {
    const rename: Migration = ({ recording, ...file }) => ({ ...file, source: recording });
    const wrap: Migration = ({ regions, ...file }) => ({ ...file, document: { kept: regions } });
    const old = { format: 'earmark-project', recording: SOURCE, channel: null, model: null, regions: ['a'] };
    const read = (version: number, file: object) => parseProject(JSON.stringify({ ...file, version }), [rename, wrap]);
    expect(read(1, old).document.value).to.deep.equal({ kept: ['a'] });
    const { recording, ...newer } = old;
    expect(read(2, { ...newer, source: recording }).document.value).to.deep.equal({ kept: ['a'] });
    expect(read(3, version2).source).to.deep.equal(version2.source);
    expect(() => read(4, version2)).to.throw(JsonFormatError, 'up to 3');
  });

  it('never cause anything but their own error', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('version', 'source', 'model', 'document'), (json, name) => {
        const file = JSON.stringify({ ...version2, [name]: JSON.parse(json) as unknown });
        try {
          parseProject(file);
        } catch (error) {
          expect(error).to.be.instanceOf(JsonFormatError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
