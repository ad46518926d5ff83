import { readChunk, readRiffChunks } from '../../src/formats/riff-chunks.js';
import { parseWavFormat, type WavFormat } from '../../src/formats/wav-format.js';

/** A WAV file as it lies on disk. */
export interface ReadWav {
  readonly format: WavFormat;
  /** Planar: integers as they are stored, or floats. */
  readonly channels: readonly (Int32Array | Float32Array)[];
  readonly chunkIds: readonly string[];
}

/** Reads a WAV file sample by sample, with nothing of the code that writes or decodes them. */
export async function readWav(file: Blob): Promise<ReadWav> {
  const chunks = (await readRiffChunks(file))!;
  const chunk = (id: string) =>
    readChunk(
      file,
      chunks.find((each) => each.id === id)!,
    );
  const format = parseWavFormat(await chunk('fmt '))!;
  const { channelCount, validBits, formatTag } = format;
  const data = new DataView((await chunk('data')).buffer);
  const bytes = validBits / 8;
  const length = data.byteLength / bytes / channelCount;
  const channels = Array.from({ length: channelCount }, () =>
    formatTag === 3 ? new Float32Array(length) : new Int32Array(length),
  );
  for (let i = 0, at = 0; i < length; i += 1) {
    for (const samples of channels) {
      if (formatTag === 3) samples[i] = data.getFloat32(at, true);
      else if (bytes === 2) samples[i] = data.getInt16(at, true);
      else samples[i] = data.getUint16(at, true) | (data.getInt8(at + 2) << 16);
      at += bytes;
    }
  }
  return { format, channels, chunkIds: chunks.map(({ id }) => id) };
}

/** Index of the first sample that differs, −1 for none; says more than two long lists do. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) if (!Object.is(a[i], b[i])) return i;
  return -1;
}
