// Part of the decode and render workers, which carry the demuxer; import it from nowhere else.
import type { InputAudioTrack } from 'mediabunny';
import { readRiffChunks, readChunk } from '../formats/riff-chunks.js';
import type { SampleFormat } from '../formats/sample-format.js';
import { parseWavFormat } from '../formats/wav-format.js';

/**
 * The format that holds what a file decodes to. Lossy codecs decode to floats, often beyond full scale, so that any
 * integers would change them; integers of 32 bits and floats of 64 were rounded to floats of 32 when they were read.
 *
 * @param codec short name, e.g. "pcm-s16"
 */
export async function losslessFormat(file: Blob, codec: string, track: InputAudioTrack): Promise<SampleFormat> {
  if (codec === 'ulaw' || codec === 'alaw') return 'pcm16';
  const depth = codec === 'flac' ? await flacDepth(track) : await pcmDepth(file, codec);
  if (depth === null || depth > 24) return 'float32';
  return depth <= 16 ? 'pcm16' : 'pcm24';
}

/** Bits a sample of integers; null for other codecs. */
async function pcmDepth(file: Blob, codec: string): Promise<number | null> {
  const stated = /^pcm-[us](\d+)/.exec(codec)?.[1];
  if (stated === undefined) return null;
  const chunk = (await readRiffChunks(file))?.find(({ id }) => id === 'fmt ');
  // WAV files may mean fewer bits than they store.
  const format = chunk && parseWavFormat(await readChunk(file, chunk));
  return format?.validBits ?? Number(stated);
}

async function flacDepth(track: InputAudioTrack): Promise<number | null> {
  const description = (await track.getDecoderConfig())?.description;
  if (description === undefined) return null;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  // "fLaC", the head of the block and STREAMINFO, where the 5 bits of the depth lie across two bytes.
  return bytes.length < 42 ? null : (((bytes[20] & 1) << 4) | (bytes[21] >> 4)) + 1;
}
