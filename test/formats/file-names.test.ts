import { expect } from '@open-wc/testing';
import { array, assert, property, record, string } from 'fast-check';
import { fileNames, type NamePlaces, unknownPlaces } from '../../src/formats/file-names.js';

const TEMPLATE = '{ucs}_{label} {n}_{source}';
const name = (template: string, places: NamePlaces) => fileNames(template, [places], '.wav')[0];

describe('fileNames', () => {
  it('fills every place', () => {
    const places = { ucs: 'ANMLDog', prompt: 'dog bark', n: 7, start: 83.4564, label: 'Rex', source: 'street' };
    expect(name('{ucs}_{prompt} {n}_{start}_{label}_{source}', places)).to.equal(
      'ANMLDog_dog bark 07_00-01-23.456_Rex_street.wav',
    );
  });

  it('leaves a place without a value out, with what separates it', () => {
    expect(name(TEMPLATE, { label: 'Rex', n: 1, source: 'street' })).to.equal('Rex 01_street.wav');
    expect(name(TEMPLATE, { ucs: 'ANMLDog', n: 1 })).to.equal('ANMLDog 01.wav');
    expect(name(TEMPLATE, { ucs: 'ANMLDog', label: '  ', source: 'street' })).to.equal('ANMLDog_street.wav');
    expect(name(TEMPLATE, {})).to.equal('untitled.wav');
  });

  it('pads the number to what the largest needs', () => {
    const names = fileNames('{n}', [{ n: 1 }, { n: 5000 }], '.wav');
    expect(names).to.deep.equal(['0001.wav', '5000.wav']);
  });

  it('makes twins tell apart, also where case does not count', () => {
    expect(fileNames('{label}', [{ label: 'Dog' }, { label: 'dog' }, { label: 'DOG' }], '.wav')).to.deep.equal([
      'Dog.wav',
      'dog (2).wav',
      'DOG (3).wav',
    ]);
  });

  it('has nothing in a name that a file system or a reader could stumble over', () => {
    expect(name('{label}', { label: '../a:b*c?"<d>|e\\f' })).to.equal('-a-b-c-d-e-f.wav');
    expect(name('{label}', { label: 'con' })).to.equal('con_.wav');
    expect(name('{label}', { label: 'invoice\u202Efdp.exe\u0007' })).to.equal('invoice-fdp.exe-.wav');
    expect(name('{label}', { label: '. hidden. ' })).to.equal('hidden.wav');
  });

  it('names what a template asks for in vain', () => {
    expect(unknownPlaces('{size} {n} {}')).to.deep.equal(['{size}', '{}']);
    expect(unknownPlaces(TEMPLATE)).to.deep.equal([]);
  });

  it('gives safe, different names of bounded length for any labels', () => {
    const label = string({ unit: 'binary', maxLength: 300 });
    assert(
      property(array(record({ label, source: label }), { maxLength: 20 }), (files) => {
        const names = fileNames(TEMPLATE, files, '.wav');
        expect(new Set(names.map((text) => text.toLowerCase())).size).to.equal(files.length);
        for (const text of names) {
          expect(text).to.not.match(/[<>:"/\\|?*\p{Cc}\p{Cf}]/u);
          expect(text).to.match(/[^.\s]\.wav$/);
          expect(new TextEncoder().encode(text).length).to.be.at.most(180);
        }
        expect(fileNames(TEMPLATE, files, '.wav')).to.deep.equal(names);
      }),
    );
  });
});
