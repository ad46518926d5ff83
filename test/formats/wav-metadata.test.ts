import { expect } from '@open-wc/testing';
import { formatChunk, readChunk, readRiffChunks } from '../../src/formats/riff-chunks.js';
import { addMarkers, parseMarkers, type WavMarker } from '../../src/formats/wav-cues.js';
import { chunksOfSlice, chunksOfWhole, readWavMetadata } from '../../src/formats/wav-metadata.js';
import { noise } from '../audio/audio-fixtures.js';
import { bextChunk, textChunk, wavFile } from './wav-bytes.js';

const HIGH = '<BWF_TIME_REFERENCE_HIGH>0</BWF_TIME_REFERENCE_HIGH>';
const LOW = '<BWF_TIME_REFERENCE_LOW>4294967290</BWF_TIME_REFERENCE_LOW>';
const IXML = `<?xml version="1.0"?><BWFXML><NOTE>Stra\u00dfe</NOTE><BEXT>${HIGH} ${LOW}</BEXT></BWFXML>`;
const INFO = formatChunk('LIST', new TextEncoder().encode('INFOIART\x04\0\0\0Ann\0'));

/** A field recorder's file, with an editor's cue points behind the audio. */
function recorderFile(): File {
  const cues = addMarkers({ cue: null, adtl: null }, [{ start: 7, length: 0, label: 'slate' }]);
  return wavFile([noise(20, 1)], {
    sampleRate: 48_000,
    before: [bextChunk('Take 3', 4_294_967_290n), textChunk('iXML', IXML), INFO],
    after: [formatChunk('cue ', cues.cue!), formatChunk('LIST', cues.adtl!), textChunk('PEAK', 'stale')],
  });
}

async function metadata(file: Blob) {
  const read = await readWavMetadata(file);
  if (read === null) throw new Error('no WAV file');
  return read;
}

const idOf = (chunk: Uint8Array) => String.fromCharCode(...chunk.subarray(0, 4));

describe('Chunks of a WAV file', () => {
  it('go into a file of the same timeline byte for byte, where they were', async () => {
    const source = recorderFile();
    const { before, after } = chunksOfWhole(await metadata(source), []);
    expect(before.map(idOf)).to.deep.equal(['bext', 'iXML', 'LIST']);
    expect(after.map(idOf)).to.deep.equal(['cue ', 'LIST']);
    const originals = await Promise.all(
      (await readRiffChunks(source))!
        .filter(({ id }) => !['fmt ', 'data', 'PEAK'].includes(id))
        .map(async (chunk) => Array.from(formatChunk(chunk.id, await readChunk(source, chunk)))),
    );
    expect([...before, ...after].map((chunk) => Array.from(chunk))).to.deep.equal(originals);
  });

  it('tell a stretch when it began: bext and iXML move on, over 32 bits too; what points into the old timeline stays', async () => {
    const { before, after } = chunksOfSlice(await metadata(recorderFile()), 10);
    expect(before.map(idOf)).to.deep.equal(['bext', 'iXML', 'LIST']);
    expect(after).to.deep.equal([]);
    const view = new DataView(before[0].buffer, before[0].byteOffset);
    expect(view.getBigUint64(8 + 338, true)).to.equal(4_294_967_300n);
    const shifted = new TextDecoder().decode(before[1].subarray(8)).replace(/\0$/, '');
    expect(shifted).to.equal(IXML.replace('>0<', '>1<').replace('4294967290', '4'));
  });

  it('take on markers behind those that are there', async () => {
    const markers: WavMarker[] = [
      { start: 2, length: 5, label: 'dog bark' },
      { start: 9, length: 0, label: 'Stra\u00dfe' },
    ];
    const { after } = chunksOfWhole(await metadata(recorderFile()), markers);
    expect(after.map(idOf)).to.deep.equal(['cue ', 'LIST']);
    expect(parseMarkers({ cue: after[0].subarray(8), adtl: after[1].subarray(8) })).to.deep.equal([
      { start: 7, length: 0, label: 'slate' },
      ...markers,
    ]);
  });

  it('say the channel mask and how many bits mean something', async () => {
    const file = wavFile([noise(4, 1), noise(4, 2)], { sampleRate: 8000, channelMask: 0x30, format: 'pcm24' });
    expect((await metadata(file)).format).to.include({ channelMask: 0x30, validBits: 24 });
    expect(await readWavMetadata(new Blob(['fLaC']))).to.equal(null);
  });
});
