// Part of the decode worker, which carries the demuxer; import it from nowhere else.
import {
  ADTS,
  AudioSampleSink,
  BlobSource,
  EncodedPacketSink,
  FLAC,
  FlacInputFormat,
  Input,
  type InputAudioTrack,
  MATROSKA,
  MP3,
  MP4,
  Mp3InputFormat,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WaveInputFormat,
  WEBM,
} from 'mediabunny';
import type { Hertz, Samples } from '../dsp/units.js';
import type { AudioProbe } from './decode-protocol.js';
import type { TrackRecording } from './decode-track.js';
import { EarmarkError } from './errors.js';
import { losslessFormat } from './lossless-format.js';
import { firstFrameOffset, type Mp3Gapless, readMp3Gapless } from './mp3-gapless.js';
import { Mp3Parts } from './mp3-parts.js';
import { pcmDeinterleaver } from './pcm-codec.js';

const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];
/** Decoded and thrown away before a position that was jumped to, for codecs whose packets lean on the ones before. */
const PREROLL_SECONDS = 0.3;
/** A FLAC file up to this size is walked through to find its true end; beyond, the header is believed. */
const WALKED_FLAC_BYTES = 32 * 2 ** 20;

/** What a file turned out to be, and how to decode it. */
export interface ProbedFile {
  readonly probe: AudioProbe;
  readonly recording: TrackRecording;
}

function isLossless(codec: string): boolean {
  return codec === 'flac' || codec === 'ulaw' || codec === 'alaw' || codec.startsWith('pcm-');
}

/** RIFF states its length up front; a writer that streamed left 0 or the highest number there. */
async function isTruncatedWave(file: Blob): Promise<boolean> {
  const view = new DataView(await file.slice(0, 8).arrayBuffer());
  const stated = view.getUint32(4, String.fromCharCode(view.getUint8(3)) === 'F');
  return stated !== 0 && stated < 0xfffffff0 && stated + 8 > file.size + 1;
}

/** Kinds of audio file that are not read, by their first bytes as Latin-1. */
const UNREAD_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^FORM....AIF[FC]/s, 'AIFF'],
  [/^RIFF....AVI /s, 'AVI'],
  [/^caff/, 'CAF'],
  [/^0&\xb2u/, 'WMA or WMV'],
  [/^#!AMR/, 'AMR'],
  [/^MThd/, 'MIDI'],
];

async function unknownFormat(file: Blob): Promise<EarmarkError> {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const name = UNREAD_FORMATS.find(([pattern]) => pattern.test(head))?.[1];
  return name === undefined
    ? new EarmarkError(
        'not-audio',
        'This is not an audio or video file of a known kind. Open WAV, FLAC, MP3, M4A, Ogg, WebM, MP4, MOV or MKV.',
      )
    : new EarmarkError('unsupported-codec', `${name} files cannot be read. Convert it to WAV or FLAC and open that.`);
}

async function chooseTrack(input: Input): Promise<InputAudioTrack> {
  const track = await input.getPrimaryAudioTrack();
  if (track !== null) return track;
  if ((await input.getVideoTracks()).length > 0) {
    throw new EarmarkError('not-audio', 'This video has no audio track. Open a file that has sound.');
  }
  throw new EarmarkError('truncated-audio', 'This file is damaged or cut off: it has no audio in it. Get it anew.');
}

/**
 * Finds the audio of a file.
 *
 * @throws EarmarkError `not-audio`, `truncated-audio`, `empty-audio`, `unsupported-codec`
 */
export async function probeFile(file: Blob): Promise<ProbedFile> {
  if (file.size === 0) {
    throw new EarmarkError('not-audio', 'This file is empty (0 bytes). Open an audio or video file.');
  }
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  if (!(await input.canRead())) throw await unknownFormat(file);
  const format = await input.getFormat();
  try {
    const track = await chooseTrack(input);
    const codec = await track.getCodec();
    if (codec === null) {
      const internal = await track.getInternalCodecId();
      const name = typeof internal === 'string' ? `"${internal}"` : 'of an unknown kind';
      throw new EarmarkError(
        'unsupported-codec',
        `The audio in this ${format.name} file is ${name}. Convert it to WAV or FLAC and open that.`,
      );
    }
    const first = await firstSample(track);
    const sampleRate = first?.sampleRate ?? (await track.getSampleRate());
    const channelCount = first?.channelCount ?? (await track.getNumberOfChannels());
    const mp3 = format instanceof Mp3InputFormat ? await openMp3(file) : null;
    const truncated = mp3 === null ? await isTruncated(file, track) : mp3.isTruncated;
    const origin = mp3?.gapless?.delay ?? 0;
    const length = await (mp3 === null ? trackLength(track, sampleRate, truncated) : mp3Length(mp3));
    if (length === 0 && !truncated) {
      throw new EarmarkError('empty-audio', 'This file has 0 seconds of audio. Open one that has sound in it.');
    }
    if (length === 0) {
      throw new EarmarkError('truncated-audio', 'This file is cut off before its audio begins. Get it anew.');
    }
    const preroll = isLossless(codec) ? 0 : PREROLL_SECONDS;
    const toPlanar = format instanceof WaveInputFormat ? pcmDeinterleaver(codec) : null;
    const parts = mp3?.parts ?? null;
    const recording = { track, sampleRate, channelCount, origin, length, preroll, toPlanar, mp3: parts };
    const probe: AudioProbe = {
      codec,
      sampleRate,
      channelCount,
      sampleFormat: await losslessFormat(file, codec, track),
      length,
      trackStart: Math.max(0, Math.round((await track.getFirstTimestamp()) * sampleRate)),
      audioTrackCount: (await input.getAudioTracks()).length,
      truncated,
      canRead: first !== null,
    };
    return { probe, recording };
  } catch (error) {
    if (error instanceof EarmarkError || error instanceof DOMException) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.startsWith('Unsupported')) {
      throw new EarmarkError(
        'unsupported-codec',
        `The audio in this ${format.name} file cannot be decoded (${reason}). Convert it to plain WAV or FLAC.`,
        { cause: error },
      );
    }
    throw new EarmarkError(
      'truncated-audio',
      `This ${format.name} file is damaged or cut off and nothing in it can be read. Get it anew.`,
      { cause: error },
    );
  }
}

/** What the decoder makes of the first packet; null when it cannot decode it, or there is none. */
async function firstSample(track: InputAudioTrack): Promise<{ sampleRate: number; channelCount: number } | null> {
  if (!(await track.canDecode())) return null;
  try {
    for await (const sample of new AudioSampleSink(track).samples()) {
      const { sampleRate, numberOfChannels: channelCount } = sample;
      sample.close();
      return { sampleRate, channelCount };
    }
  } catch (error) {
    // Some browsers find out only now that they lack the codec; the page may know it nevertheless.
    if (!(error instanceof DOMException && error.name === 'EncodingError')) throw error;
  }
  return null;
}

/** An MP3 file without the demuxer, which would walk through all of it to tell how long it is. */
interface OpenedMp3 {
  readonly parts: Mp3Parts;
  readonly gapless: Mp3Gapless | null;
  readonly isTruncated: boolean;
}

async function openMp3(file: Blob): Promise<OpenedMp3> {
  const byteOffset = await firstFrameOffset(file);
  const gapless = await readMp3Gapless(file, byteOffset);
  return {
    parts: new Mp3Parts(file, byteOffset, PREROLL_SECONDS),
    gapless,
    isTruncated: byteOffset + (gapless?.byteLength ?? 0) > file.size,
  };
}

async function mp3Length({ parts, gapless, isTruncated }: OpenedMp3): Promise<Samples> {
  if (gapless?.length && !isTruncated) return gapless.length;
  return Math.max(0, (await parts.length()) - (gapless?.delay ?? 0));
}

async function isTruncated(file: Blob, track: InputAudioTrack): Promise<boolean> {
  const format = await track.input.getFormat();
  if (format instanceof WaveInputFormat) return isTruncatedWave(file);
  if (format instanceof FlacInputFormat && file.size <= WALKED_FLAC_BYTES) {
    const last = await new EncodedPacketSink(track).getPacket(Infinity, { metadataOnly: true });
    const stated = await track.getDurationFromMetadata();
    if (stated === null) return false;
    return last === null || last.timestamp + 2 * last.duration < stated;
  }
  return false;
}

/** What the header says where it can be trusted, else the end of the last packet. */
async function trackLength(track: InputAudioTrack, sampleRate: Hertz, truncated: boolean): Promise<Samples> {
  const format = await track.input.getFormat();
  const isStated = format instanceof WaveInputFormat || (format instanceof FlacInputFormat && !truncated);
  const seconds = (isStated ? await track.getDurationFromMetadata() : null) ?? (await track.computeDuration());
  return Math.max(0, Math.round(seconds * sampleRate));
}
