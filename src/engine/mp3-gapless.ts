import type { Samples } from '../dsp/units.js';
import { parseMp3FrameHeader } from './mp3-frame-header.js';

/** What the first frame of an MP3 file says about the file. */
export interface Mp3Gapless {
  /** Silence that encoder and decoder put before the recording. */
  readonly delay: Samples;
  /** Length of the recording without that silence and without the encoder's padding; null when not stated. */
  readonly length: Samples | null;
  /** Bytes of the audio as the encoder wrote them, from this frame on; null when not stated. */
  readonly byteLength: number | null;
}

/** Samples by which every MP3 decoder is late (LAME tag specification: the polyphase filter bank's 528, and one). */
const DECODER_DELAY = 529;
const ID3_HEADER_BYTES = 10;
/** Long enough for the frame header, the longest side information and the tag. */
const TAG_FRAME_BYTES = 200;

async function bytesAt(file: Blob, offset: number, count: number): Promise<DataView> {
  return new DataView(await file.slice(offset, offset + count).arrayBuffer());
}

function ascii(view: DataView, offset: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, offset, 4));
}

/** Where the audio begins, behind any ID3v2 tags. */
export async function firstFrameOffset(file: Blob): Promise<number> {
  let offset = 0;
  for (;;) {
    const view = await bytesAt(file, offset, ID3_HEADER_BYTES);
    if (view.byteLength < ID3_HEADER_BYTES || !ascii(view, 0).startsWith('ID3')) return offset;
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (view.getUint8(i) & 0x7f), 0);
    offset += ID3_HEADER_BYTES + size;
  }
}

/**
 * Reads the Xing/Info frame with its LAME extension, which players use to play without gaps.
 *
 * @param byteOffset of the first frame
 * @returns null when the file has none
 */
export async function readMp3Gapless(file: Blob, byteOffset: number): Promise<Mp3Gapless | null> {
  const view = await bytesAt(file, byteOffset, TAG_FRAME_BYTES);
  if (view.byteLength < TAG_FRAME_BYTES) return null;
  const frame = parseMp3FrameHeader(view.getUint32(0));
  if (frame === null || !['Xing', 'Info'].includes(ascii(view, frame.tagOffset))) return null;
  const flags = view.getUint32(frame.tagOffset + 4);
  let offset = frame.tagOffset + 8;
  const field = (flag: number, bytes: number): number | null => {
    if ((flags & flag) === 0) return null;
    offset += bytes;
    return view.getUint32(offset - bytes);
  };
  const frameCount = field(1, 4);
  const byteLength = field(2, 4);
  field(4, 100);
  field(8, 4);
  const encoder = ascii(view, offset);
  if (!['LAME', 'Lavf', 'Lavc'].includes(encoder)) return { delay: 0, length: null, byteLength };
  const packed = view.getUint32(offset + 20) & 0xffffff;
  const delay = packed >> 12;
  const padding = packed & 0xfff;
  return {
    delay: delay + DECODER_DELAY,
    length: frameCount === null ? null : Math.max(0, frameCount * frame.samples - delay - padding),
    byteLength,
  };
}
