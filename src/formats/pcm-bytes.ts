/** Planar integers as interleaved bytes, little-endian. The integers have to be in the range of their bits. */
export function integerBytes(channels: readonly Int32Array[], bits: 16 | 24): Uint8Array<ArrayBuffer> {
  return bits === 16 ? integers16(channels) : integers24(channels);
}

/** Planar floats as interleaved bytes, little-endian, bit for bit. */
export function floatBytes(channels: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  // Typed arrays have the machine's byte order, which is little-endian wherever browsers run.
  return new Uint8Array(interleave(channels, new Float32Array(lengthOf(channels))).buffer);
}

function lengthOf(channels: readonly { readonly length: number }[]): number {
  return channels.reduce((sum, { length }) => sum + length, 0);
}

function interleave<T extends Int16Array | Float32Array>(
  channels: readonly (Int32Array | Float32Array)[],
  output: T,
): T {
  const step = channels.length;
  channels.forEach((samples, channel) => {
    for (let i = 0, j = channel; i < samples.length; i += 1, j += step) output[j] = samples[i];
  });
  return output;
}

function integers16(channels: readonly Int32Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(interleave(channels, new Int16Array(lengthOf(channels))).buffer);
}

function integers24(channels: readonly Int32Array[]): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(3 * lengthOf(channels));
  const step = 3 * channels.length;
  channels.forEach((samples, channel) => {
    for (let i = 0, j = 3 * channel; i < samples.length; i += 1, j += step) {
      const value = samples[i];
      output[j] = value;
      output[j + 1] = value >> 8;
      output[j + 2] = value >> 16;
    }
  });
  return output;
}
