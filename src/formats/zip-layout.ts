import { viewOf } from './riff-chunks.js';

/** A file in an archive that stores it as it is. */
export interface ZipEntry {
  /** Path with `/`, relative, any Unicode. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Where everything in an archive is, in bytes from its beginning, known before any content is. */
export interface ZipLayout {
  /** By entry. */
  readonly headerOffsets: readonly number[];
  /** By entry. */
  readonly contentOffsets: readonly number[];
  /** Where {@link centralDirectory} belongs. */
  readonly directoryOffset: number;
  readonly byteLength: number;
}

/** Sizes and offsets from here on do not fit 32 bits and move to ZIP64 fields. */
const LIMIT_32 = 0xffffffff;
const LIMIT_16 = 0xffff;
/** "Names are UTF-8." */
const UTF8_FLAG = 0x0800;
const VERSION = 20;
const VERSION_64 = 45;

/**
 * Lays out an archive of stored, uncompressed files (PKWARE APPNOTE 6.3.10; ZIP64 where a size, an offset or the number
 * of files needs it). All places are known beforehand, so that contents can be written in any order.
 */
export function layOutZip(entries: readonly ZipEntry[]): ZipLayout {
  const headerOffsets: number[] = [];
  const contentOffsets: number[] = [];
  let offset = 0;
  for (const entry of entries) {
    headerOffsets.push(offset);
    contentOffsets.push(offset + 30 + encode(entry.name).length + (entry.size >= LIMIT_32 ? 20 : 0));
    offset = contentOffsets[contentOffsets.length - 1] + entry.size;
  }
  const records = entries.map(
    (entry, i) => 46 + encode(entry.name).length + longFields(entry, headerOffsets[i]).length,
  );
  const directoryBytes = records.reduce((sum, bytes) => sum + bytes, 0);
  const ending = needsLongEnding(entries.length, offset, directoryBytes) ? 98 : 22;
  return { headerOffsets, contentOffsets, directoryOffset: offset, byteLength: offset + directoryBytes + ending };
}

/** What stands in front of an entry's content. */
export function localHeader({ name, size }: ZipEntry, crc: number, modified: Date): Uint8Array<ArrayBuffer> {
  const nameBytes = encode(name);
  const isLong = size >= LIMIT_32;
  const bytes = new Uint8Array(30 + nameBytes.length + (isLong ? 20 : 0));
  const view = viewOf(bytes);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, isLong ? VERSION_64 : VERSION, true);
  view.setUint16(6, UTF8_FLAG, true);
  writeTime(view, 10, modified);
  view.setUint32(14, crc, true);
  view.setUint32(18, isLong ? LIMIT_32 : size, true);
  view.setUint32(22, isLong ? LIMIT_32 : size, true);
  view.setUint16(26, nameBytes.length, true);
  view.setUint16(28, isLong ? 20 : 0, true);
  bytes.set(nameBytes, 30);
  if (isLong) bytes.set(longExtra([size, size]), 30 + nameBytes.length);
  return bytes;
}

/** What ends the archive: the list of its entries. */
export function centralDirectory(
  entries: readonly ZipEntry[],
  crcs: readonly number[],
  { headerOffsets, directoryOffset, byteLength }: ZipLayout,
  modified: Date,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength - directoryOffset);
  const view = viewOf(bytes);
  let at = 0;
  entries.forEach((entry, i) => {
    const nameBytes = encode(entry.name);
    const long = longFields(entry, headerOffsets[i]);
    view.setUint32(at, 0x02014b50, true);
    view.setUint16(at + 4, VERSION_64, true);
    view.setUint16(at + 6, long.length > 0 ? VERSION_64 : VERSION, true);
    view.setUint16(at + 8, UTF8_FLAG, true);
    writeTime(view, at + 12, modified);
    view.setUint32(at + 16, crcs[i], true);
    view.setUint32(at + 20, Math.min(entry.size, LIMIT_32), true);
    view.setUint32(at + 24, Math.min(entry.size, LIMIT_32), true);
    view.setUint16(at + 28, nameBytes.length, true);
    view.setUint16(at + 30, long.length, true);
    view.setUint32(at + 42, Math.min(headerOffsets[i], LIMIT_32), true);
    bytes.set(nameBytes, at + 46);
    bytes.set(long, at + 46 + nameBytes.length);
    at += 46 + nameBytes.length + long.length;
  });
  const directoryBytes = at;
  if (needsLongEnding(entries.length, directoryOffset, directoryBytes)) {
    view.setUint32(at, 0x06064b50, true);
    view.setBigUint64(at + 4, 44n, true);
    view.setUint16(at + 12, VERSION_64, true);
    view.setUint16(at + 14, VERSION_64, true);
    view.setBigUint64(at + 24, BigInt(entries.length), true);
    view.setBigUint64(at + 32, BigInt(entries.length), true);
    view.setBigUint64(at + 40, BigInt(directoryBytes), true);
    view.setBigUint64(at + 48, BigInt(directoryOffset), true);
    view.setUint32(at + 56, 0x07064b50, true);
    view.setBigUint64(at + 64, BigInt(directoryOffset + directoryBytes), true);
    view.setUint32(at + 72, 1, true);
    at += 76;
  }
  view.setUint32(at, 0x06054b50, true);
  view.setUint16(at + 8, Math.min(entries.length, LIMIT_16), true);
  view.setUint16(at + 10, Math.min(entries.length, LIMIT_16), true);
  view.setUint32(at + 12, Math.min(directoryBytes, LIMIT_32), true);
  view.setUint32(at + 16, Math.min(directoryOffset, LIMIT_32), true);
  return bytes;
}

function needsLongEnding(count: number, directoryOffset: number, directoryBytes: number): boolean {
  return count >= LIMIT_16 || directoryOffset >= LIMIT_32 || directoryBytes >= LIMIT_32;
}

/** The ZIP64 field of an entry in the central directory: only what does not fit its 32 bits. */
function longFields({ size }: ZipEntry, headerOffset: number): Uint8Array {
  const values = size >= LIMIT_32 ? [size, size] : [];
  if (headerOffset >= LIMIT_32) values.push(headerOffset);
  return values.length > 0 ? longExtra(values) : new Uint8Array();
}

function longExtra(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 8 * values.length);
  const view = viewOf(bytes);
  view.setUint16(0, 1, true);
  view.setUint16(2, 8 * values.length, true);
  values.forEach((value, i) => view.setBigUint64(4 + 8 * i, BigInt(value), true));
  return bytes;
}

/** MS-DOS time and date: local, in steps of two seconds, from 1980 to 2107. */
function writeTime(view: DataView, offset: number, time: Date): void {
  const year = Math.min(Math.max(time.getFullYear(), 1980), 2107) - 1980;
  view.setUint16(offset, (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1), true);
  view.setUint16(offset + 2, (year << 9) | ((time.getMonth() + 1) << 5) | time.getDate(), true);
}

function encode(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}
