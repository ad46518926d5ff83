import { expect } from '@open-wc/testing';
import { DIGEST_CHUNK_BYTES, digestFile } from '../../src/engine/audio-digest.js';

describe('digestFile', () => {
  /** Parts that make up more than a few chunks, and no whole number of them. */
  const file = new Blob(Array.from({ length: 13 }, (_, i) => new Uint8Array(1_900_000).fill(i)));

  it('is the same however the bytes lie', async () => {
    const joined = new Blob([await file.arrayBuffer()]);
    expect(await digestFile(file)).to.equal(await digestFile(joined));
  });

  it('depends on every byte', async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const whole = await digestFile(file);
    for (const position of [0, DIGEST_CHUNK_BYTES, bytes.length - 1]) {
      bytes[position]! ^= 1;
      expect(await digestFile(new Blob([bytes]))).to.not.equal(whole);
      bytes[position]! ^= 1;
    }
  });

  it('comes to its end while garbage is collected', async () => {
    const { gc } = globalThis as { gc?: () => void };
    if (gc === undefined) throw new Error('The browser has to be started with --js-flags=--expose-gc.');
    const collector = setInterval(gc, 1);
    try {
      const digests = await Promise.all(Array.from({ length: 8 }, () => digestFile(file)));
      expect(new Set(digests).size).to.equal(1);
    } finally {
      clearInterval(collector);
    }
  });
});
