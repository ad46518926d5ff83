/** Remainders of the reversed polynomial 0xEDB88320 for each byte (ISO 3309), followed by those with zero bytes behind it. */
const TABLES = makeTables();

function makeTables(): readonly Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    first[byte] = value;
  }
  const tables = [first];
  for (let i = 1; i < 4; i += 1) tables.push(tables[i - 1].map((value) => first[value & 255] ^ (value >>> 8)));
  return tables;
}

/**
 * The CRC-32 of ZIP files.
 *
 * @param crc of the bytes before these
 * @returns unsigned
 */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  let value = ~crc;
  let i = 0;
  // Four bytes at a time ("slicing by 4"), which is three times as fast as one.
  for (const end = bytes.length - 3; i < end; i += 4) {
    value ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    value = t3[value & 255] ^ t2[(value >>> 8) & 255] ^ t1[(value >>> 16) & 255] ^ t0[value >>> 24];
  }
  for (; i < bytes.length; i += 1) value = t0[(value ^ bytes[i]) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}
