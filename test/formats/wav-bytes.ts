import { wavData, type WavFormat } from '../helpers/wav.js';
import { formatChunk } from '../../src/formats/riff-chunks.js';
import { layOutWav, type WavFile } from '../../src/formats/wav-layout.js';

/** A WAV file with chunks around its audio. `channels` are planar samples −1…1. */
export function wavFile(
  channels: readonly Float32Array[],
  options: Pick<WavFile, 'sampleRate' | 'before' | 'after'> & { format?: WavFormat; channelMask?: number | null },
): File {
  const { format = 'pcm16', channelMask = null, ...rest } = options;
  const frameCount = channels[0]?.length ?? 0;
  const { head, tail } = layOutWav({
    ...rest,
    channelCount: channels.length,
    sampleFormat: format,
    channelMask,
    frameCount,
  });
  return new File([head, wavData(channels, format), tail], 'street.wav', { type: 'audio/wav' });
}

/** A `bext` chunk: a description and the number of the first sample since midnight. */
export function bextChunk(description: string, timeReference: bigint): Uint8Array {
  const payload = new Uint8Array(602);
  payload.set(new TextEncoder().encode(description));
  new DataView(payload.buffer).setBigUint64(338, timeReference, true);
  return formatChunk('bext', payload);
}

export function textChunk(id: string, text: string): Uint8Array {
  return formatChunk(id, new TextEncoder().encode(text));
}
