import type { Samples } from '../dsp/units.js';
import { formatChunk, fourCharacters, viewOf, writeAscii } from './riff-chunks.js';

/** A named stretch of a WAV file. */
export interface WavMarker {
  readonly start: Samples;
  /** 0 for a point. */
  readonly length: Samples;
  readonly label: string;
}

/** Payloads of `cue ` and of `LIST` of type `adtl`, which belong together; null where there is none. */
export interface WavCues {
  readonly cue: Uint8Array | null;
  readonly adtl: Uint8Array | null;
}

const CUE_BYTES = 24;
const LIST_TYPE_BYTES = 4;
/** Cue points hold positions in 32 bits. */
const MAX_POSITION = 0xffffffff;

/**
 * Adds markers to those a file has already, which stay byte for byte. Markers beyond what 32 bits can count (a day at
 * 48 kHz) are left out.
 */
export function addMarkers({ cue, adtl }: WavCues, markers: readonly WavMarker[]): WavCues {
  const held = markers.filter(({ start }) => start <= MAX_POSITION);
  if (held.length === 0) return { cue, adtl };
  const old = cue ?? new Uint8Array(4);
  const oldCount = Math.min(viewOf(old).getUint32(0, true), Math.floor((old.length - 4) / CUE_BYTES));
  let lastId = 0;
  for (let i = 0; i < oldCount; i += 1) lastId = Math.max(lastId, viewOf(old).getUint32(4 + CUE_BYTES * i, true));
  const oldBytes = 4 + CUE_BYTES * oldCount;
  const points = new Uint8Array(oldBytes + CUE_BYTES * held.length);
  const view = viewOf(points);
  points.set(old.subarray(0, oldBytes));
  view.setUint32(0, oldCount + held.length, true);
  const labels: Uint8Array[] = [];
  const lengths: Uint8Array[] = [];
  held.forEach(({ start, length, label }, i) => {
    const id = lastId + 1 + i;
    const at = oldBytes + CUE_BYTES * i;
    view.setUint32(at, id, true);
    view.setUint32(at + 4, start, true);
    writeAscii(points, at + 8, 'data');
    view.setUint32(at + 20, start, true);
    labels.push(formatLabel(id, label));
    if (length > 0) lengths.push(formatLength(id, length));
  });
  // libsndfile and ffmpeg read no labels behind the first length.
  return { cue: points, adtl: joined([adtl ?? new TextEncoder().encode('adtl'), ...labels, ...lengths]) };
}

/** The markers of a file. Labels are read as UTF-8, as most programs write them. */
export function parseMarkers({ cue, adtl }: WavCues): WavMarker[] {
  if (cue === null || cue.length < 4) return [];
  const labels = new Map<number, string>();
  const lengths = new Map<number, number>();
  for (const { id, payload } of subChunks(adtl ?? new Uint8Array())) {
    if (payload.length < 4) continue;
    const cueId = viewOf(payload).getUint32(0, true);
    if (id === 'labl') labels.set(cueId, text(payload.subarray(4)));
    if (id === 'ltxt' && payload.length >= 8) lengths.set(cueId, viewOf(payload).getUint32(4, true));
  }
  const view = viewOf(cue);
  const count = Math.min(view.getUint32(0, true), Math.floor((cue.length - 4) / CUE_BYTES));
  return Array.from({ length: count }, (_, i) => {
    const at = 4 + CUE_BYTES * i;
    const id = view.getUint32(at, true);
    return { start: view.getUint32(at + 20, true), length: lengths.get(id) ?? 0, label: labels.get(id) ?? '' };
  });
}

function formatLabel(id: number, label: string): Uint8Array {
  const name = new TextEncoder().encode(label.replaceAll('\0', ''));
  const payload = new Uint8Array(4 + name.length + 1);
  viewOf(payload).setUint32(0, id, true);
  payload.set(name, 4);
  return formatChunk('labl', payload);
}

/** A region is a cue point whose `ltxt` has a length and the purpose `rgn `; country, language and the like are 0. */
function formatLength(id: number, length: Samples): Uint8Array {
  const payload = new Uint8Array(20);
  viewOf(payload).setUint32(0, id, true);
  viewOf(payload).setUint32(4, length, true);
  writeAscii(payload, 8, 'rgn ');
  return formatChunk('ltxt', payload);
}

function* subChunks(adtl: Uint8Array): Generator<{ id: string; payload: Uint8Array }> {
  let at = LIST_TYPE_BYTES;
  while (at + 8 <= adtl.length) {
    const size = viewOf(adtl).getUint32(at + 4, true);
    yield { id: fourCharacters(adtl, at), payload: adtl.subarray(at + 8, at + 8 + size) };
    at += 8 + size + (size & 1);
  }
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Sub-chunks begin at even places; a list whose writer left out its last padding is evened out. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const even = parts.flatMap((part) => (part.length & 1 ? [part, new Uint8Array(1)] : [part]));
  const output = new Uint8Array(even.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of even) {
    output.set(part, offset);
    offset += part.length;
  }
  return output;
}
