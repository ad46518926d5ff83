import type { Page } from 'playwright-core';
import { wavHeader } from '../helpers/wav.js';

/** Seconds of the part that a long file consists of. */
const PART_SECONDS = 10;
const RATE = 48_000;

/** Drops a WAV file of 48 kHz, 16 bit, stereo on the demo: the beginning of a soundscape over and over. */
export async function dropLongFile(page: Page, name: string, minutes: number): Promise<void> {
  const header = wavHeader({ sampleRate: RATE, channelCount: 2, format: 'pcm16', frameCount: minutes * 60 * RATE });
  const transfer = await page.evaluateHandle(
    async ({ header, name, repetitions, rate, length }) => {
      const context = new OfflineAudioContext(2, length, rate);
      const buffer = await context.decodeAudioData(await (await fetch('/soundscapes/storm.flac')).arrayBuffer());
      const samples = buffer.getChannelData(0);
      const part = new Int16Array(length * 2);
      for (let i = 0; i < length; i += 1) part.fill(Math.round(samples[i]! * 32_767), 2 * i, 2 * i + 2);
      // The page holds one part, however long the file is.
      const block = new Blob([part]);
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(header), ...Array.from({ length: repetitions }, () => block)], name));
      return data;
    },
    { header: [...header], name, repetitions: (minutes * 60) / PART_SECONDS, rate: RATE, length: PART_SECONDS * RATE },
  );
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}
