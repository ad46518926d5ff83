import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Of the demo recording, in Hz. */
export const RATE = 48_000;

/** The samples of the demo recording, 16 bits; the browser's decoder spreads the positive ones over 1/32,767. */
export async function decodeDemo(page: Page): Promise<Int16Array> {
  const address = new URL('media/demo.flac', page.url()).href;
  const base64 = await page.evaluate(
    async ({ url, rate }) => {
      const bytes = await (await fetch(url)).arrayBuffer();
      const audio = await new OfflineAudioContext(1, 1, rate).decodeAudioData(bytes);
      const samples = Int16Array.from(audio.getChannelData(0), (value) =>
        Math.round(value * (value < 0 ? 32_768 : 32_767)),
      );
      let text = '';
      for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
      return btoa(text);
    },
    { url: address, rate: RATE },
  );
  return new Int16Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** The samples of a WAV file of one channel and 16 bits. */
export function readWav(file: Buffer): Int16Array {
  assert.equal(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 12), 'RIFFWAVE');
  for (let at = 12; at < file.length; at += 8 + file.readUInt32LE(at + 4) + (file.readUInt32LE(at + 4) % 2)) {
    const [id, size] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    if (id === 'fmt ') {
      const [channels, rate, bits] = [
        file.readUInt16LE(at + 10),
        file.readUInt32LE(at + 12),
        file.readUInt16LE(at + 22),
      ];
      assert.deepEqual([channels, rate, bits], [1, RATE, 16]);
    }
    if (id === 'data') return new Int16Array(new Uint8Array(file.subarray(at + 8, at + 8 + size)).buffer);
  }
  throw new Error('The WAV file has no samples.');
}

/** Names of the files in a ZIP archive, from its directory. */
export function zipNames(file: Buffer): string[] {
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const [name, extra, comment] = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30), file.readUInt16LE(at + 32)];
    const text = file.toString('utf8', at + 46, at + 46 + name);
    at += 46 + name + extra + comment;
    return text;
  });
}
