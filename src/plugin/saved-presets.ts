import { EarmarkError } from '../engine/errors.js';
import type { SplitPreset } from './split.js';

const KEY = 'earmark split presets';

/** Null where the browser denies the page to store anything: even touching it throws there. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function isPreset(value: unknown): value is SplitPreset {
  const { name, classes } = Object(value) as Partial<SplitPreset>;
  return typeof name === 'string' && Array.isArray(classes) && classes.every((one) => typeof one?.label === 'string');
}

/** The user's own presets, sorted by name; what cannot be read counts as none. */
export function savedPresets(): readonly SplitPreset[] {
  try {
    const saved: unknown = JSON.parse(storage()?.getItem(KEY) ?? '[]');
    return Object.freeze(Array.isArray(saved) ? saved.filter(isPreset) : []);
  } catch {
    return [];
  }
}

function write(presets: readonly SplitPreset[]): void {
  try {
    const target = storage();
    if (!target) throw new Error('Storage is denied.');
    target.setItem(KEY, JSON.stringify(presets));
  } catch (cause) {
    throw new EarmarkError('storage-denied', 'The browser keeps no presets for this page. Allow it to store data.', {
      cause,
    });
  }
}

/** @throws EarmarkError `bad-option` without a name, `storage-denied` */
export function savePreset(preset: SplitPreset): void {
  const name = preset.name.trim();
  if (name === '') throw new EarmarkError('bad-option', 'A preset needs a name.');
  const others = savedPresets().filter((other) => other.name !== name);
  write([...others, { ...preset, name }].sort((a, b) => a.name.localeCompare(b.name)));
}

/** @throws EarmarkError `storage-denied` */
export function deletePreset(name: string): void {
  write(savedPresets().filter((other) => other.name !== name));
}
