import type { PcmSource } from 'earmark';

/** What wavesurfer.js draws a recording from. */
export interface WaveformData {
  /** One array a drawn channel (at most two), −1…1: of each stretch the sample that is farthest from zero. */
  readonly peaks: Float32Array<ArrayBuffer>[];
  /** Seconds. */
  readonly duration: number;
}

/** Enough for a value a pixel at every zoom of the page. */
const PEAKS_PER_SECOND = 1000;
/** wavesurfer.js goes through all values for every drawing, so on long recordings the deepest zoom is coarser. */
const MAX_PEAKS = 600_000;
const BLOCK_SECONDS = 10;

/** An empty waveform, as long as the recording. */
export function emptyWaveform(source: PcmSource): WaveformData {
  const duration = source.length / source.sampleRate;
  const count = Math.max(1, Math.min(MAX_PEAKS, Math.ceil(duration * PEAKS_PER_SECOND), source.length));
  return { peaks: Array.from({ length: Math.min(2, source.channelCount) }, () => new Float32Array(count)), duration };
}

/** Raises `peaks` to the extremes of `samples`, whose first sample is sample `start` of the recording. */
function raise(peaks: Float32Array, samples: Float32Array, start: number, samplesPerPeak: number): void {
  for (let i = 0; i < samples.length; i += 1) {
    const peak = Math.floor((start + i) / samplesPerPeak);
    const value = samples[i]!;
    if (Math.abs(value) > Math.abs(peaks[peak]!)) peaks[peak] = value;
  }
}

/**
 * Fills in a waveform block by block, in bounded memory however long the recording is.
 *
 * @param onBlock called after each block
 * @throws EarmarkError when the recording cannot be decoded
 * @throws DOMException `AbortError`
 */
export async function fillWaveform(
  waveform: WaveformData,
  source: PcmSource,
  onBlock: () => void,
  signal: AbortSignal,
): Promise<void> {
  const samplesPerPeak = source.length / waveform.peaks[0]!.length;
  const blockLength = BLOCK_SECONDS * source.sampleRate;
  let read = 0;
  while (read < source.length) {
    const block = await source.read(read, Math.min(blockLength, source.length - read), signal);
    const count = block[0]?.length ?? 0;
    if (count === 0) break;
    for (const [channel, peaks] of waveform.peaks.entries()) raise(peaks, block[channel]!, read, samplesPerPeak);
    read += count;
    onBlock();
  }
}
