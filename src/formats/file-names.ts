import type { Seconds } from '../dsp/units.js';

/** What a file name can be made of. */
export interface NamePlaces {
  /** CatID of the Universal Category System, e.g. "ANMLDog". */
  readonly ucs?: string | undefined;
  readonly prompt?: string | undefined;
  readonly label?: string | undefined;
  /** Name of the recording, without its extension. */
  readonly source?: string | undefined;
  readonly start?: Seconds | undefined;
  /** Counts from 1. */
  readonly n?: number | undefined;
}

export const NAME_PLACES = ['ucs', 'prompt', 'n', 'start', 'label', 'source'] as const;

/** Bytes of UTF-8; file systems take 255, and some programs put something behind a name. */
const MAX_NAME_BYTES = 180;
const PLACE = /\{(\w*)\}/g;
/** Stands for a place that has nothing to say, together with what separates it from its neighbours. */
const NOTHING = '\0';
/** Not allowed by Windows, or invisible: controls, zero-width and direction marks. */
const UNSAFE = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** Names of devices on Windows, whatever the extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\.)/i;

/** Names in a template, e.g. "{size}", that stand for nothing; empty when it is fine. */
export function unknownPlaces(template: string): string[] {
  const names = Array.from(template.matchAll(PLACE), ([, name]) => name);
  return names.filter((name) => !(NAME_PLACES as readonly string[]).includes(name)).map((name) => `{${name}}`);
}

/**
 * Makes file names of a template such as `{ucs}_{label} {n}_{source}`: safe on every file system, unique also where
 * case is ignored, and the same for the same input. A place without a value is left out with the separator before it.
 *
 * @param extension with its point, e.g. ".wav"
 */
export function fileNames(template: string, files: readonly NamePlaces[], extension: string): string[] {
  const digits = Math.max(2, String(Math.max(0, ...files.map(({ n }) => n ?? 0))).length);
  const taken = new Set<string>();
  return files.map((places) => {
    const base = safeName(fill(template, places, digits));
    for (let copy = 1; ; copy += 1) {
      const suffix = copy === 1 ? '' : ` (${copy})`;
      const name = shortened(base, MAX_NAME_BYTES - byteLength(suffix + extension)) + suffix + extension;
      const key = name.toLowerCase().toUpperCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return name;
    }
  });
}

/** A text as a part of a file's name. */
export function safeName(text: string): string {
  const plain = text.normalize('NFC').replace(UNSAFE, '-').replace(/\s+/g, ' ');
  const trimmed = plain.replace(/^[\s.]+|[\s.]+$/g, '').replace(RESERVED, '$1_');
  return trimmed === '' ? 'untitled' : trimmed;
}

function fill(template: string, places: NamePlaces, digits: number): string {
  const filled = template.replaceAll(PLACE, (_, name: string) => valueOf(name, places, digits) || NOTHING);
  return filled
    .replace(new RegExp(`^(?:[ _.-]*${NOTHING})+[ _.-]*`), '')
    .replaceAll(new RegExp(`[ _.-]*${NOTHING}`, 'g'), '');
}

function valueOf(name: string, { n, start, ...texts }: NamePlaces, digits: number): string {
  if (name === 'n') return n === undefined ? '' : String(n).padStart(digits, '0');
  if (name === 'start') return start === undefined ? '' : formatStart(start);
  const text = texts[name as keyof typeof texts]?.replaceAll(NOTHING, '').trim() ?? '';
  return text === '' ? '' : safeName(text);
}

/** Like "00-01-23.456": sorts by time, and has no colon. */
function formatStart(time: Seconds): string {
  const milliseconds = Math.round(time * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const fraction = String(milliseconds % 1000).padStart(3, '0');
  return `${two(milliseconds / 3_600_000)}-${two((milliseconds / 60_000) % 60)}-${two((milliseconds / 1000) % 60)}.${fraction}`;
}

/** Cuts between characters, not inside of one. */
function shortened(name: string, bytes: number): string {
  if (byteLength(name) <= bytes) return name;
  let kept = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(name)) {
    used += byteLength(segment);
    if (used > bytes) break;
    kept += segment;
  }
  return kept.trimEnd();
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
