/** 16-bit mono WAV with a 44-byte header, as Python's soundfile writes it, to samples −1…1. */
export async function readGoldenWav(url: string): Promise<Float32Array> {
  const bytes = await (await fetch(url)).arrayBuffer();
  return Float32Array.from(new Int16Array(bytes, 44), (value) => value / 32768);
}

/** The values of a float32 `.npy` file, in C order. */
export async function readFloat32Npy(url: string): Promise<Float32Array> {
  const bytes = await (await fetch(url)).arrayBuffer();
  const headerLength = new DataView(bytes).getUint16(8, true);
  return new Float32Array(bytes.slice(10 + headerLength));
}
