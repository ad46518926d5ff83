/** A chunk of a RIFF file. The payload's bytes are `[start, start + size)` of the file. */
export interface RiffChunk {
  /** Four printable ASCII characters, e.g. "fmt " or "bext". */
  readonly id: string;
  readonly start: number;
  /** Without the byte that pads odd sizes; less than stated where the file is cut off. */
  readonly size: number;
}

/** A 32-bit size that stands for "too large, see ds64" in RF64 and BW64, and for "unknown" where a writer streamed. */
export const SIZE_ELSEWHERE = 0xffffffff;

/** Files have a dozen chunks; more than this is damage, and not worth walking to the end of. */
const MAX_CHUNKS = 4096;

/**
 * Lists the chunks of a WAVE file (RIFF, or RF64 and BW64 with 64-bit sizes: EBU Tech 3306, ITU-R BS.2088) without
 * reading its audio.
 *
 * @returns in the order of the file; null where it is no WAVE file
 */
export async function readRiffChunks(file: Blob): Promise<RiffChunk[] | null> {
  const head = await readBytes(file, 0, 12);
  const form = head.length === 12 ? fourCharacters(head, 0) : '';
  if (!['RIFF', 'RF64', 'BW64'].includes(form) || fourCharacters(head, 8) !== 'WAVE') return null;
  const chunks: RiffChunk[] = [];
  let longSizes = new Map<string, number>();
  let position = 12;
  while (chunks.length < MAX_CHUNKS) {
    const bytes = await readBytes(file, position, 8);
    if (bytes.length < 8) break;
    const id = fourCharacters(bytes, 0);
    // Whoever left out a size or a padding byte has put us in the middle of something else.
    if (!/^[ -~]{4}$/.test(id)) break;
    const start = position + 8;
    const stated = viewOf(bytes).getUint32(4, true);
    const size = stated === SIZE_ELSEWHERE ? (longSizes.get(id) ?? Infinity) : stated;
    const chunk = { id, start, size: Math.min(size, file.size - start) };
    chunks.push(chunk);
    if (id === 'ds64' && form !== 'RIFF') longSizes = readLongSizes(await readBytes(file, start, chunk.size));
    position = start + chunk.size + (chunk.size & 1);
  }
  return chunks;
}

/** The payload of a chunk. */
export function readChunk(file: Blob, { start, size }: RiffChunk): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(file, start, size);
}

/** A chunk with its head and, behind an odd size, its padding. */
export function formatChunk(id: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + payload.length + (payload.length & 1));
  writeAscii(bytes, 0, id);
  viewOf(bytes).setUint32(4, payload.length, true);
  bytes.set(payload, 8);
  return bytes;
}

export function fourCharacters(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

export function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i += 1) bytes[offset + i] = text.charCodeAt(i);
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

async function readBytes(file: Blob, start: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, start + size).arrayBuffer());
}

/** `ds64`: sizes of the file and of `data`, number of samples, and a table of other chunks with long sizes. */
function readLongSizes(payload: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  if (payload.length < 28) return sizes;
  const view = viewOf(payload);
  sizes.set('data', Number(view.getBigUint64(8, true)));
  const entries = Math.min(view.getUint32(24, true), Math.floor((payload.length - 28) / 12));
  for (let i = 0; i < entries; i += 1) {
    const offset = 28 + 12 * i;
    sizes.set(fourCharacters(payload, offset), Number(view.getBigUint64(offset + 4, true)));
  }
  return sizes;
}
