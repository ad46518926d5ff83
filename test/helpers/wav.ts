/** How the samples of a WAV file are stored. */
export type WavFormat = 'pcm16' | 'pcm24' | 'float32';

const BYTES: Record<WavFormat, number> = { pcm16: 2, pcm24: 3, float32: 4 };

export interface WavHeaderOptions {
  readonly sampleRate: number;
  readonly channelCount: number;
  readonly format: WavFormat;
  /** Samples a channel that the header promises. */
  readonly frameCount: number;
}

/** The bytes of a canonical RIFF/WAVE header, up to and including the head of the `data` chunk. */
export function wavHeader({ sampleRate, channelCount, format, frameCount }: WavHeaderOptions): Uint8Array<ArrayBuffer> {
  const blockBytes = channelCount * BYTES[format];
  const dataBytes = frameCount * blockBytes;
  const view = new DataView(new ArrayBuffer(44));
  const ascii = (offset: number, text: string) =>
    Array.from(text).forEach((character, i) => view.setUint8(offset + i, character.charCodeAt(0)));
  ascii(0, 'RIFF');
  view.setUint32(4, 36 + dataBytes + (dataBytes & 1), true);
  ascii(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, format === 'float32' ? 3 : 1, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * blockBytes, true);
  view.setUint16(32, blockBytes, true);
  view.setUint16(34, BYTES[format] * 8, true);
  ascii(36, 'data');
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/** Interleaved sample bytes. Integers are rounded to nearest (full scale 2^15 or 2^23) and clipped. */
export function wavData(channels: readonly Float32Array[], format: WavFormat = 'pcm16'): Uint8Array<ArrayBuffer> {
  const frameCount = channels[0]?.length ?? 0;
  const view = new DataView(new ArrayBuffer(frameCount * channels.length * BYTES[format]));
  const fullScale = format === 'pcm16' ? 2 ** 15 : 2 ** 23;
  let offset = 0;
  for (let i = 0; i < frameCount; i += 1) {
    for (const channel of channels) {
      if (format === 'float32') {
        view.setFloat32(offset, channel[i], true);
      } else {
        const value = Math.max(-fullScale, Math.min(fullScale - 1, Math.round(channel[i] * fullScale)));
        view.setInt16(offset, format === 'pcm16' ? value : value & 0xffff, true);
        if (format === 'pcm24') view.setInt8(offset + 2, value >> 16);
      }
      offset += BYTES[format];
    }
  }
  return new Uint8Array(view.buffer);
}

/** A WAV file. `channels` are planar samples −1…1, all of one length; at least one channel, which may be empty. */
export function wavBlob(channels: readonly Float32Array[], sampleRate: number, format: WavFormat = 'pcm16'): Blob {
  const frameCount = channels[0]?.length ?? 0;
  const header = wavHeader({ sampleRate, channelCount: channels.length, format, frameCount });
  const data = wavData(channels, format);
  const padding = new Uint8Array(data.length & 1);
  return new Blob([header, data, padding], { type: 'audio/wav' });
}

/**
 * A long WAV file that costs the memory of one repetition: `channels` over and over.
 * The header's 32-bit sizes limit it to 4 GiB.
 */
export function repeatedWavBlob(
  channels: readonly Float32Array[],
  sampleRate: number,
  repetitions: number,
  format: WavFormat = 'pcm16',
): Blob {
  const frameCount = (channels[0]?.length ?? 0) * repetitions;
  const header = wavHeader({ sampleRate, channelCount: channels.length, format, frameCount });
  const part = new Blob([wavData(channels, format)]);
  return new Blob([header, ...Array.from({ length: repetitions }, () => part)], { type: 'audio/wav' });
}
