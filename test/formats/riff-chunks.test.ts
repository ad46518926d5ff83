import { expect } from '@open-wc/testing';
import { formatChunk, readRiffChunks } from '../../src/formats/riff-chunks.js';
import { noise } from '../audio/audio-fixtures.js';
import { textChunk, wavFile } from './wav-bytes.js';

const ids = async (file: Blob) => (await readRiffChunks(file))?.map(({ id }) => id);

describe('readRiffChunks', () => {
  it('lists what is there, odd sizes and what stands behind the audio included', async () => {
    const file = wavFile([noise(3, 1)], {
      sampleRate: 8000,
      format: 'pcm24',
      before: [textChunk('bext', 'odd')],
      after: [textChunk('iXML', '<a/>')],
    });
    const chunks = await readRiffChunks(file);
    expect(chunks?.map(({ id, size }) => [id, size])).to.deep.equal([
      ['fmt ', 16],
      ['bext', 3],
      ['data', 9],
      ['iXML', 4],
    ]);
    const last = chunks!.at(-1)!;
    expect(await file.slice(last.start, last.start + last.size).text()).to.equal('<a/>');
  });

  it('reads 64-bit sizes of RF64 and BW64, those of the table too', async () => {
    for (const form of ['RF64', 'BW64']) {
      const ds64 = new Uint8Array(40);
      const view = new DataView(ds64.buffer);
      view.setBigUint64(8, 5n, true);
      view.setUint32(24, 1, true);
      ds64.set(new TextEncoder().encode('axml'), 28);
      view.setBigUint64(32, 2n, true);
      const long = (id: string, text: string) => {
        const chunk = textChunk(id, text);
        new DataView(chunk.buffer).setUint32(4, 0xffffffff, true);
        return chunk;
      };
      const parts = [
        `${form}\xff\xff\xff\xffWAVE`,
        formatChunk('ds64', ds64),
        long('data', '12345'),
        long('axml', 'ab'),
      ];
      const file = new Blob(parts.map((part) => (typeof part === 'string' ? bytes(part) : new Uint8Array(part))));
      const chunks = await readRiffChunks(file);
      expect(chunks?.map(({ id, size }) => [id, size])).to.deep.equal([
        ['ds64', 40],
        ['data', 5],
        ['axml', 2],
      ]);
    }
  });

  it('takes audio of unknown length up to the end of the file, as it does what is cut off', async () => {
    const streamed = new Blob([bytes('RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff12345678')]);
    expect(await readRiffChunks(streamed)).to.deep.equal([{ id: 'data', start: 20, size: 8 }]);
    const cut = wavFile([noise(100, 2)], { sampleRate: 8000 }).slice(0, 60);
    expect((await readRiffChunks(cut))?.at(-1)).to.deep.equal({ id: 'data', start: 44, size: 16 });
  });

  it('is no list for other files, and ends where there is no chunk any more', async () => {
    expect(await readRiffChunks(new Blob([]))).to.equal(null);
    expect(await readRiffChunks(new Blob([bytes('RIFF\0\0\0\0AVI LIST')]))).to.equal(null);
    expect(
      await ids(new Blob([bytes('RIFF\0\0\0\0WAVEfmt \x02\0\0\0ab\x01\x02\x03\x04\x05\x06\x07\x08')])),
    ).to.deep.equal(['fmt ']);
  });
});

function bytes(latin1: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}
