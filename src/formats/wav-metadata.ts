import type { Samples } from '../dsp/units.js';
import { shiftTimeReference } from './bext.js';
import { shiftIxmlTime } from './ixml.js';
import { formatChunk, fourCharacters, readChunk, readRiffChunks } from './riff-chunks.js';
import { addMarkers, type WavMarker } from './wav-cues.js';
import { parseWavFormat, type WavFormat } from './wav-format.js';

interface MetadataChunk {
  readonly id: string;
  readonly payload: Uint8Array;
  /** Whether it stands behind the audio. */
  readonly isBehind: boolean;
}

/** What a WAV file says besides its audio. */
export interface WavMetadata {
  readonly format: WavFormat | null;
  /** Chunks that can stand in another file too, in their order. */
  readonly chunks: readonly MetadataChunk[];
  /** Ids of chunks too large to be carried along. */
  readonly leftOut: readonly string[];
}

/** Chunks to stand in front of the audio and behind it, whole. */
export interface ChunksAround {
  readonly before: readonly Uint8Array[];
  readonly after: readonly Uint8Array[];
}

/**
 * Chunks that say how or what exactly this file stores, which is for each file to say itself: structure and padding,
 * sample formats, peaks, checksums, play order.
 */
const OWN_CHUNKS = new Set('fmt |data|fact|ds64|JUNK|junk|PAD |FLLR|fllr|PEAK|levl|MD5 |slnt|wavl|plst'.split('|'));
/** Carried in memory; a file has some kB of them as a rule, and pictures at most some MB. */
const MAX_METADATA_BYTES = 64 * 2 ** 20;

/** @returns null where the file is no WAV file */
export async function readWavMetadata(file: Blob): Promise<WavMetadata | null> {
  const list = await readRiffChunks(file);
  if (list === null) return null;
  const formatChunkOfFile = list.find(({ id }) => id === 'fmt ');
  const format = formatChunkOfFile ? parseWavFormat(await readChunk(file, formatChunkOfFile)) : null;
  const audioAt = list.find(({ id }) => id === 'data')?.start ?? Infinity;
  const chunks: MetadataChunk[] = [];
  const leftOut: string[] = [];
  let budget = MAX_METADATA_BYTES;
  for (const chunk of list.filter(({ id }) => !OWN_CHUNKS.has(id))) {
    if (chunk.size > budget) {
      leftOut.push(chunk.id.trim());
      continue;
    }
    budget -= chunk.size;
    chunks.push({ id: chunk.id, payload: await readChunk(file, chunk), isBehind: chunk.start > audioAt });
  }
  return { format, chunks, leftOut };
}

/** What goes with a file of the same timeline: every chunk as it is, and further markers. */
export function chunksOfWhole({ chunks }: Pick<WavMetadata, 'chunks'>, markers: readonly WavMarker[]): ChunksAround {
  if (markers.length === 0) return around(chunks);
  const cue = chunks.find(({ id }) => id === 'cue ');
  const adtl = chunks.find(isLabelList);
  const added = addMarkers({ cue: cue?.payload ?? null, adtl: adtl?.payload ?? null }, markers);
  const others = chunks.filter((chunk) => chunk !== cue && chunk !== adtl);
  const marks = [
    ...(added.cue ? [{ id: 'cue ', payload: added.cue, isBehind: true }] : []),
    ...(added.adtl ? [{ id: 'LIST', payload: added.adtl, isBehind: true }] : []),
  ];
  return around([...others, ...marks]);
}

/**
 * What goes with a stretch of the recording: who made it and when, the moment moved on by `start`. What points into the
 * old timeline (cues, labels, loops, tracks) stays behind.
 */
export function chunksOfSlice({ chunks }: Pick<WavMetadata, 'chunks'>, start: Samples): ChunksAround {
  return around(
    chunks.flatMap((chunk) => {
      if (chunk.id === 'bext') return [{ ...chunk, payload: shiftTimeReference(chunk.payload, start) }];
      if (chunk.id === 'iXML') return [{ ...chunk, payload: shiftIxmlTime(chunk.payload, start) }];
      return isInfoList(chunk) ? [chunk] : [];
    }),
  );
}

function isLabelList({ id, payload }: MetadataChunk): boolean {
  return id === 'LIST' && fourCharacters(payload, 0) === 'adtl';
}

function isInfoList({ id, payload }: MetadataChunk): boolean {
  return id === 'LIST' && fourCharacters(payload, 0) === 'INFO';
}

function around(chunks: readonly MetadataChunk[]): ChunksAround {
  const format = ({ id, payload }: MetadataChunk): Uint8Array => formatChunk(id, payload);
  return {
    before: chunks.filter(({ isBehind }) => !isBehind).map(format),
    after: chunks.filter(({ isBehind }) => isBehind).map(format),
  };
}
