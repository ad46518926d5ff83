import type { Samples } from '../dsp/units.js';

/** The places of an iXML document that say when its recording begins, as the two halves of a 64-bit number. */
const TIME_REFERENCES = [
  ['BWF_TIME_REFERENCE_HIGH', 'BWF_TIME_REFERENCE_LOW'],
  ['TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI', 'TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO'],
] as const;

/** An `iXML` payload for a stretch of its recording: its time references move on by `start` samples. */
export function shiftIxmlTime(payload: Uint8Array, start: Samples): Uint8Array {
  // A character a byte, so that whatever the encoding is, all else stays as it was.
  let text = Array.from(payload, (byte) => String.fromCharCode(byte)).join('');
  for (const [high, low] of TIME_REFERENCES) {
    const [highValue, lowValue] = [valueOf(text, high), valueOf(text, low)];
    if (highValue === null || lowValue === null) continue;
    const reference = (highValue << 32n) + lowValue + BigInt(start);
    text = withValue(withValue(text, high, reference >> 32n), low, reference & 0xffffffffn);
  }
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function elementOf(name: string): RegExp {
  return new RegExp(`(<${name}>\\s*)(\\d{1,10})(\\s*</${name}>)`);
}

function valueOf(text: string, name: string): bigint | null {
  const digits = elementOf(name).exec(text)?.[2];
  return digits === undefined ? null : BigInt(digits);
}

function withValue(text: string, name: string, value: bigint): string {
  return text.replace(elementOf(name), (_, before: string, _digits, after: string) => `${before}${value}${after}`);
}
