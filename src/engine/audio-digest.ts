/**
 * Bytes hashed at a time. WebCrypto hashes only what lies in memory as a whole, so the digest of a recording is the
 * SHA-256 over a little-endian header and the SHA-256 of each chunk in order. This bounds the memory however long the
 * recording is, and still depends on every byte.
 */
export const DIGEST_CHUNK_BYTES = 4 * 2 ** 20;

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The digest of a recording that is given chunk by chunk.
 *
 * @param header what identifies the recording besides the bytes of its chunks: their total length, their meaning
 * @param chunks one after another; each is read only when the one before has been hashed
 * @returns lower-case hex, 64 characters
 */
export async function digestChunks(
  header: readonly number[],
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): Promise<string> {
  const parts: Uint8Array[] = [new Uint8Array(new Float64Array(header).buffer)];
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    parts.push(new Uint8Array(await crypto.subtle.digest('SHA-256', chunk)));
  }
  signal?.throwIfAborted();
  const joined = Uint8Array.from(parts.flatMap((part) => Array.from(part)));
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', joined)));
}

/** The digest of an encoded file: the header is its length in bytes. */
export function digestFile(file: Blob, signal?: AbortSignal): Promise<string> {
  return digestChunks([file.size], chunksOf(file), signal);
}

/**
 * Chromium collects a stream that is read into one's own buffers when nothing but the pending read leads to it, and the
 * read then never ends. These are held.
 */
const readersInUse = new Set<ReadableStreamBYOBReader>();

/**
 * Reads through one buffer, which is used again for every chunk: as arrays of their own they would pile up before they
 * are collected.
 */
async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>, void, unknown> {
  const reader = byteReader(file);
  if (reader === null) {
    for (let start = 0; start < file.size; start += DIGEST_CHUNK_BYTES)
      yield new Uint8Array(await file.slice(start, start + DIGEST_CHUNK_BYTES).arrayBuffer());
    return;
  }
  readersInUse.add(reader);
  try {
    let buffer = new ArrayBuffer(DIGEST_CHUNK_BYTES);
    let filled = 0;
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(buffer, filled));
      if (done) break;
      ({ buffer } = value);
      filled += value.byteLength;
      if (filled < DIGEST_CHUNK_BYTES) continue;
      yield new Uint8Array(buffer);
      filled = 0;
    }
    // The end of the stream keeps the buffer that it was given.
    if (filled > 0) yield new Uint8Array(await file.slice(file.size - filled).arrayBuffer());
  } finally {
    readersInUse.delete(reader);
    await reader.cancel();
  }
}

/** Null where files are no streams of bytes. */
function byteReader(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

/** The digest of decoded samples: the header is rate, channels and length; the chunks are those of each channel in turn. */
export function digestSamples(
  channels: readonly Float32Array<ArrayBuffer>[],
  sampleRate: number,
  signal?: AbortSignal,
): Promise<string> {
  function* chunks() {
    for (const channel of channels) {
      for (let start = 0; start < channel.byteLength; start += DIGEST_CHUNK_BYTES) {
        const bytes = Math.min(DIGEST_CHUNK_BYTES, channel.byteLength - start);
        yield new Uint8Array(channel.buffer, channel.byteOffset + start, bytes);
      }
    }
  }
  return digestChunks([sampleRate, channels.length, channels[0].length], chunks(), signal);
}
