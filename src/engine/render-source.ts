// Part of the render worker, which carries the demuxer; import it from nowhere else.
import { readWavMetadata } from '../formats/wav-metadata.js';
import { BlockReader } from './block-reader.js';
import { decodeFrom } from './decode-track.js';
import { probeFile } from './probe-file.js';
import type { RenderSource } from './render.js';

/** A render reads nothing twice, a separation the edges of what lies close together. */
const HISTORY_SECONDS = 1;
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
  const reader = new BlockReader({
    ...recording,
    history: HISTORY_SECONDS,
    decodeFrom: (position) => decodeFrom(recording, position),
  });
  const { codec, sampleRate, channelCount, length, sampleFormat } = probe;
  const metadata = await readWavMetadata(file);
  return {
    sampleRate,
    channelCount,
    length,
    read: (start, count, signal, into) => reader.read(start, count, signal, into),
    sampleFormat,
    channelMask: metadata?.format?.channelMask ?? (codec === 'flac' ? (FLAC_MASKS[channelCount] ?? null) : null),
    metadata: metadata ?? NO_METADATA,
  };
}
