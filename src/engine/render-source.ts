// Part of the render worker, which carries the demuxer; import it from nowhere else.
import type { InputAudioTrack } from 'mediabunny';
import { readWavMetadata } from '../formats/wav-metadata.js';
import { BlockReader } from './block-reader.js';
import { decodeFrom } from './decode-track.js';
import { probeFile } from './probe-file.js';
import { depthOfCodec, formatThatHolds } from './render-format.js';
import type { RenderSource } from './render.js';

const NO_METADATA = { chunks: [], leftOut: [] };
/** Loudspeakers by number of channels, as FLAC orders them (RFC 9639, 9.1.3), which is the order of WAV. */
const FLAC_MASKS: Readonly<Record<number, number>> = { 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3f, 7: 0x70f, 8: 0x63f };

/**
 * Opens a file to render it.
 *
 * @returns null where it cannot be decoded here
 * @throws EarmarkError see {@link probeFile}
 */
export async function openRenderSource(file: Blob): Promise<RenderSource | null> {
  const { probe, recording } = await probeFile(file);
  if (!probe.canRead) return null;
  const reader = new BlockReader({ ...recording, decodeFrom: (position) => decodeFrom(recording, position) });
  const { codec, sampleRate, channelCount, length } = probe;
  const metadata = await readWavMetadata(file);
  const depth = metadata?.format?.validBits ?? (await depthOf(codec, recording.track));
  return {
    sampleRate,
    channelCount,
    length,
    read: (start, count, signal) => reader.read(start, count, signal),
    sampleFormat: formatThatHolds(codec, depth),
    channelMask: metadata?.format?.channelMask ?? (codec === 'flac' ? (FLAC_MASKS[channelCount] ?? null) : null),
    metadata: metadata ?? NO_METADATA,
  };
}

/** Bits a sample; null where the codec has none to tell. */
async function depthOf(codec: string, track: InputAudioTrack): Promise<number | null> {
  const stated = depthOfCodec(codec);
  if (stated !== null) return stated;
  const description = codec === 'flac' ? (await track.getDecoderConfig())?.description : undefined;
  if (description === undefined) return null;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  // "fLaC", the head of the block and STREAMINFO, where 5 bits of the depth straddle two bytes.
  return bytes.length < 42 ? null : (((bytes[20] & 1) << 4) | (bytes[21] >> 4)) + 1;
}
