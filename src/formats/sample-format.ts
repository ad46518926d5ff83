/** How a WAV file stores a sample, little-endian: as a signed integer of 16 or 24 bits, or as a 32-bit IEEE float. */
export type SampleFormat = 'pcm16' | 'pcm24' | 'float32';

export const SAMPLE_FORMATS: readonly SampleFormat[] = ['pcm16', 'pcm24', 'float32'];

export const SAMPLE_BYTES: Readonly<Record<SampleFormat, number>> = { pcm16: 2, pcm24: 3, float32: 4 };
