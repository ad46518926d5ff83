import type { Hertz, Samples } from '../dsp/units.js';

/** Decoded audio at the source's own rate, readable by position; the engine's only view of a recording. */
export interface PcmSource {
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /**
   * Length of the recording. For a streamed container this is what the container says; a read that comes back short
   * tells the true end.
   */
  readonly length: Samples;
  /** SHA-256 (hex) over all of the audio data: the encoded file, or the samples of a buffer. */
  digest(signal?: AbortSignal): Promise<string>;
  /**
   * Planar samples −1…1 of `[start, start + count)`, one array a channel. The arrays belong to the caller (they are
   * transferred on). Shorter at the end of the recording, empty past it.
   *
   * Sequential reads are cheap; a jump may cost a seek.
   */
  read(start: Samples, count: Samples, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]>;
  /**
   * The same of one channel by itself, or of the mean of all, where that takes less than reading them all: an analysis
   * hears nothing else. Without it, all channels are read and mixed on the page.
   *
   * @param channel counted from 0; null for the mean, as `mixdown` makes it
   */
  readMono?(
    start: Samples,
    count: Samples,
    channel: number | null,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** Frees the decoder; reading afterwards rejects. */
  close(): void;
}
