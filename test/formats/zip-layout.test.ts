import { expect } from '@open-wc/testing';
import { crc32 } from '../../src/formats/crc32.js';
import { centralDirectory, layOutZip, localHeader, type ZipEntry } from '../../src/formats/zip-layout.js';

const TIME = new Date(2026, 10, 22, 13, 14, 16);
const encode = (text: string) => new TextEncoder().encode(text);

describe('crc32', () => {
  it('gives the check value of the standard, in one go and in pieces', () => {
    expect(crc32(encode('123456789'))).to.equal(0xcbf43926);
    expect(crc32(encode('6789'), crc32(encode('12345')))).to.equal(0xcbf43926);
    expect(crc32(new Uint8Array())).to.equal(0);
  });
});

describe('layOutZip', () => {
  it('fits the headers and contents together without gaps', () => {
    const contents = ['bark', '', 'Straße'].map(encode);
    const entries = contents.map((content, i) => ({ name: `hund ${i} – ß.wav`, size: content.length }));
    const layout = layOutZip(entries);
    const crcs = contents.map((content) => crc32(content));
    let offset = 0;
    entries.forEach((entry, i) => {
      expect(layout.headerOffsets[i]).to.equal(offset);
      offset += localHeader(entry, crcs[i], TIME).length;
      expect(layout.contentOffsets[i]).to.equal(offset);
      offset += entry.size;
    });
    expect(layout.directoryOffset).to.equal(offset);
    expect(offset + centralDirectory(entries, crcs, layout, TIME).length).to.equal(layout.byteLength);
  });

  it('writes an entry as PKWARE lays it down', () => {
    const header = localHeader({ name: 'a', size: 5 }, 0x01020304, TIME);
    const expected = '504b0304 1400 0008 0000 c869 765d 04030201 05000000 05000000 0100 0000 61';
    expect(hex(header)).to.equal(expected.replaceAll(' ', ''));
  });

  it('moves sizes and offsets beyond 4 GiB to ZIP64 fields', () => {
    const entries: ZipEntry[] = [
      { name: 'a', size: 2 ** 32 },
      { name: 'b', size: 3 },
    ];
    const layout = layOutZip(entries);
    const local = new DataView(localHeader(entries[0], 1, TIME).buffer);
    expect(local.getUint32(18, true)).to.equal(0xffffffff);
    expect(local.getBigUint64(31 + 4, true)).to.equal(2n ** 32n);
    expect(layout.headerOffsets[1]).to.equal(30 + 1 + 20 + 2 ** 32);
    const directory = centralDirectory(entries, [1, 2], layout, TIME);
    const view = new DataView(directory.buffer);
    const second = 46 + 1 + 20;
    expect(view.getUint32(second + 24, true)).to.equal(3);
    expect(view.getUint32(second + 42, true)).to.equal(0xffffffff);
    expect(view.getBigUint64(second + 47 + 4, true)).to.equal(BigInt(layout.headerOffsets[1]));
    const ending = directory.length - 98;
    expect(view.getUint32(ending, true)).to.equal(0x06064b50);
    expect(view.getBigUint64(ending + 48, true)).to.equal(BigInt(layout.directoryOffset));
    expect(view.getBigUint64(ending + 56 + 8, true)).to.equal(BigInt(layout.directoryOffset + ending));
    expect(layout.directoryOffset + directory.length).to.equal(layout.byteLength);
  });

  it('counts more files than 16 bits can', () => {
    const entries = Array.from({ length: 70_000 }, (_, i) => ({ name: `${i}`, size: 0 }));
    const layout = layOutZip(entries);
    const directory = centralDirectory(entries, new Array<number>(70_000).fill(0), layout, TIME);
    const view = new DataView(directory.buffer);
    expect(view.getBigUint64(directory.length - 98 + 24, true)).to.equal(70_000n);
    expect(view.getUint16(directory.length - 22 + 8, true)).to.equal(0xffff);
  });
});

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
