import { crc32 } from '../../src/formats/crc32.js';

/** The files of an archive by name, their checksums verified. */
export async function readZip(archive: Blob): Promise<Map<string, Blob>> {
  const view = new DataView(await archive.slice(-22).arrayBuffer());
  const [count, directoryBytes, directoryOffset] = [
    view.getUint16(10, true),
    view.getUint32(12, true),
    view.getUint32(16, true),
  ];
  const directory = new DataView(await archive.slice(directoryOffset, directoryOffset + directoryBytes).arrayBuffer());
  const files = new Map<string, Blob>();
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const [crc, size, nameBytes] = [
      directory.getUint32(at + 16, true),
      directory.getUint32(at + 24, true),
      directory.getUint16(at + 28, true),
    ];
    const offset = directory.getUint32(at + 42, true);
    const name = new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, nameBytes));
    const header = new DataView(await archive.slice(offset, offset + 30).arrayBuffer());
    if (header.getUint32(14, true) !== crc) throw new Error(`${name}: the two headers have different checksums`);
    const content = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    const file = archive.slice(content, content + size);
    if (crc32(new Uint8Array(await file.arrayBuffer())) !== crc) throw new Error(`${name}: wrong checksum`);
    files.set(name, file);
    at += 46 + nameBytes + directory.getUint16(at + 30, true);
  }
  return files;
}
