import { mixdown } from '../../dsp/mixdown.js';
import { digestSamples } from '../../engine/audio-digest.js';
import { abortError } from '../../engine/errors.js';
import type { PcmSource } from '../../engine/pcm-source.js';

export interface SampleSourceOptions {
  /** Silence before the first sample, in samples (default 0). */
  readonly leadIn?: number;
  /** Default: the digest of the samples. */
  readonly digest?: (signal?: AbortSignal) => Promise<string>;
  /** Called once when the source is closed. */
  readonly onClose?: () => void;
}

/** A recording that is in memory as a whole. */
export function sampleSource(buffer: AudioBuffer, options: SampleSourceOptions = {}): PcmSource {
  const { leadIn = 0, onClose } = options;
  const { sampleRate, numberOfChannels: channelCount } = buffer;
  const length = leadIn + buffer.length;
  let channels: readonly Float32Array<ArrayBuffer>[] | null = Array.from({ length: channelCount }, (_, index) =>
    buffer.getChannelData(index),
  );
  // Calls that are under way when the source is closed reject like those that come after.
  const closing = new AbortController();
  const whileOpen = async <T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>) => {
    const either = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
    if (either.aborted) throw abortError();
    const result = await work(either).catch((error: unknown) => {
      throw either.aborted ? abortError() : error;
    });
    if (either.aborted) throw abortError();
    return result;
  };
  const samplesOf = (): readonly Float32Array<ArrayBuffer>[] => channels ?? [];
  const digest = options.digest ?? ((signal) => digestSamples(samplesOf(), sampleRate, signal));
  return {
    sampleRate,
    channelCount,
    length,
    digest: (signal) => whileOpen(signal, digest),
    read: (start, count, signal) =>
      whileOpen(signal, async () => {
        const end = Math.max(start, Math.min(start + count, length));
        return samplesOf().map((samples) => {
          const output = new Float32Array(end - start);
          const from = Math.max(start, leadIn);
          if (from < end) output.set(samples.subarray(from - leadIn, end - leadIn), from - start);
          return output;
        });
      }),
    readMono: (start, count, channel, signal) =>
      whileOpen(signal, async () => {
        const end = Math.max(start, Math.min(start + count, length));
        const output = new Float32Array(end - start);
        const from = Math.max(start, leadIn);
        if (from >= end) return output;
        const heard = channel === null ? samplesOf() : [samplesOf()[channel]];
        mixdown(
          heard.map((samples) => samples.subarray(from - leadIn, end - leadIn)),
          output.subarray(from - start),
        );
        return output;
      }),
    close() {
      if (channels === null) return;
      channels = null;
      closing.abort(abortError('The recording was closed.'));
      onClose?.();
    },
  };
}
