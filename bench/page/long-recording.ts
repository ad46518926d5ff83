import { wavData, wavHeader } from '../../test/helpers/wav.js';

/**
 * A 16-bit mono WAV file of some length: the recording over and over, each time at another level, so that no two
 * passes are the same.
 *
 * @param samples −1…1
 * @param duration seconds
 */
export async function longRecording(samples: Float32Array, sampleRate: number, duration: number): Promise<Blob> {
  const frameCount = Math.round(duration * sampleRate);
  const parts = [wavHeader({ sampleRate, channelCount: 1, format: 'pcm16', frameCount })];
  for (let start = 0, pass = 0; start < frameCount; start += samples.length, pass++) {
    const gain = 10 ** (-((pass * 7) % 12) / 20);
    parts.push(wavData([samples.subarray(0, frameCount - start).map((sample) => gain * sample)], 'pcm16'));
  }
  const blob = new Blob(parts, { type: 'audio/wav' });
  // The browser takes it over in the background.
  await blob.slice(-1).arrayBuffer();
  return blob;
}
