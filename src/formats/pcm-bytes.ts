/**
 * Planar integers as interleaved bytes, little-endian. The integers have to be in the range of their bits.
 *
 * @param buffer receives the bytes, from its beginning on; default: one of their length
 */
export function integerBytes(
  channels: readonly Int32Array[],
  bits: 16 | 24,
  buffer = new ArrayBuffer(lengthOf(channels) * (bits / 8)),
): Uint8Array<ArrayBuffer> {
  return bits === 16 ? integers16(channels, buffer) : integers24(channels, buffer);
}

/**
 * Planar floats as interleaved bytes, little-endian, bit for bit.
 *
 * @param buffer as in {@link integerBytes}
 */
export function floatBytes(
  channels: readonly Float32Array[],
  buffer = new ArrayBuffer(lengthOf(channels) * 4),
): Uint8Array<ArrayBuffer> {
  // Typed arrays have the machine's byte order, which is little-endian wherever browsers run.
  const { byteLength } = interleave(channels, new Float32Array(buffer, 0, lengthOf(channels)));
  return new Uint8Array(buffer, 0, byteLength);
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

function integers16(channels: readonly Int32Array[], buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const { byteLength } = interleave(channels, new Int16Array(buffer, 0, lengthOf(channels)));
  return new Uint8Array(buffer, 0, byteLength);
}

function integers24(channels: readonly Int32Array[], buffer: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(buffer, 0, 3 * lengthOf(channels));
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
