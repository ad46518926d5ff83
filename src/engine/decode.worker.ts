// Finds out what a file is and decodes its audio, in a worker of its own. The only module that uses the demuxer.
import {
  ADTS,
  type AudioSample,
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
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import { digestFile } from './audio-digest.js';
import { BlockReader, type PcmBlock } from './block-reader.js';
import type { AudioProbe, DecodeReply, DecodeRequest } from './decode-protocol.js';
import { EarmarkError, isAbortError } from './errors.js';
import { type Mp3Gapless, readMp3Gapless } from './mp3-gapless.js';
import { type PcmDeinterleaver, pcmDeinterleaver } from './pcm-codec.js';

const FORMATS = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];
/** Decoded and thrown away before a position that was jumped to, for codecs whose packets lean on the ones before. */
const PREROLL_SECONDS = 0.3;
/** A FLAC file up to this size is walked through to find its true end; beyond, the header is believed. */
const WALKED_FLAC_BYTES = 32 * 2 ** 20;
/** More than a decoder keeps in its queue (48 packets). */
const CAREFUL_SECONDS = 5;
const CONVERT = 'Convert it to WAV or FLAC and open that.';

interface OpenFile {
  readonly file: Blob;
  readonly probe: AudioProbe;
  readonly reader: BlockReader;
}

let open: OpenFile | null = null;
const pending = new Map<number, AbortController>();

function isLossless(codec: string): boolean {
  return codec === 'flac' || codec === 'ulaw' || codec === 'alaw' || codec.startsWith('pcm-');
}

function send(reply: DecodeReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
}

interface TrackPlace {
  readonly track: InputAudioTrack;
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** Position on the track's own timeline that is position 0 of the recording. */
  readonly origin: Samples;
  readonly length: Samples;
  readonly preroll: Seconds;
  /** For packets that need no decoder; null for the others. */
  readonly toPlanar: PcmDeinterleaver | null;
}

function toBlock(sample: AudioSample, { sampleRate, origin }: TrackPlace): PcmBlock {
  const start = Math.round(sample.timestamp * sampleRate) - origin;
  const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
  sample.close();
  return { start, channels };
}

async function* decodeRun(place: TrackPlace, position: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin, toPlanar } = place;
  const from = position === 0 ? -Infinity : (position + origin) / sampleRate - place.preroll;
  if (toPlanar !== null) {
    const packets = new EncodedPacketSink(track);
    const first = position === 0 ? null : await packets.getPacket(from);
    for await (const packet of packets.packets(first ?? undefined)) {
      yield { start: Math.round(packet.timestamp * sampleRate), channels: toPlanar(packet.data, place.channelCount) };
    }
    return;
  }
  for await (const sample of new AudioSampleSink(track).samples(from)) yield toBlock(sample, place);
}

/** Decodes `[start, end)` with a new decoder for each packet and leaves out those that cannot be decoded. */
async function* decodeSingly(place: TrackPlace, start: Samples, end: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin } = place;
  const packets = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  let packet = await packets.getPacket((start + origin) / sampleRate, options);
  while (packet !== null && packet.timestamp * sampleRate - origin < end) {
    const sample = await new AudioSampleSink(track).getSample(packet.timestamp).catch(() => null);
    if (sample !== null) yield toBlock(sample, place);
    packet = await packets.getNextPacket(packet, options);
  }
}

/**
 * Decodes from a position to the end. A decoder that gives up takes with it what it had decoded ahead, so the stretch
 * after that is decoded packet by packet: damage costs no more than the packets that it hit.
 */
async function* decodeFrom(place: TrackPlace, position: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  let reached = position;
  while (reached < place.length) {
    try {
      for await (const block of decodeRun(place, reached)) {
        reached = Math.max(reached, block.start + block.channels[0].length);
        yield block;
      }
      return;
    } catch (error) {
      const end = reached + CAREFUL_SECONDS * place.sampleRate;
      let decoded = 0;
      for await (const block of decodeSingly(place, reached, end)) {
        decoded += 1;
        yield block;
      }
      if (decoded === 0) throw error;
      reached = end;
    }
  }
}

/** RIFF states its length up front; a writer that streamed left 0 or the highest number there. */
async function isTruncatedWave(file: Blob): Promise<boolean> {
  const view = new DataView(await file.slice(0, 8).arrayBuffer());
  const stated = view.getUint32(4, String.fromCharCode(view.getUint8(3)) === 'F');
  return stated !== 0 && stated < 0xfffffff0 && stated + 8 > file.size + 1;
}

async function chooseTrack(input: Input): Promise<InputAudioTrack> {
  const track = await input.getPrimaryAudioTrack();
  if (track !== null) return track;
  if ((await input.getVideoTracks()).length > 0) {
    throw new EarmarkError('not-audio', 'This video has no audio track. Open a file that has sound.');
  }
  throw new EarmarkError('truncated-audio', `This file is damaged or cut off: it has no audio in it. Get it anew.`);
}

async function probeFile(file: Blob): Promise<OpenFile> {
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  if (file.size === 0 || !(await input.canRead())) {
    throw new EarmarkError(
      'not-audio',
      file.size === 0
        ? 'This file is empty (0 bytes). Open an audio or video file.'
        : 'This is not an audio or video file of a known kind. Open WAV, FLAC, MP3, M4A, Ogg, WebM, MP4, MOV or MKV.',
    );
  }
  const format = await input.getFormat();
  try {
    const track = await chooseTrack(input);
    const [codec, canRead] = await Promise.all([track.getCodec(), track.canDecode()]);
    if (codec === null) {
      const internal = await track.getInternalCodecId();
      const name = typeof internal === 'string' ? `"${internal}"` : 'of an unknown kind';
      throw new EarmarkError('unsupported-codec', `The audio in this ${format.name} file is ${name}. ${CONVERT}`);
    }
    const first = canRead ? await firstBlock(track) : null;
    const sampleRate = first?.sampleRate ?? (await track.getSampleRate());
    const channelCount = first?.channelCount ?? (await track.getNumberOfChannels());
    const gapless = format instanceof Mp3InputFormat ? await readMp3Gapless(file) : null;
    const truncated = await isTruncated(file, track, gapless);
    const origin = gapless?.delay ?? 0;
    const length = await trackLength(track, sampleRate, truncated, gapless);
    if (length === 0 && !truncated) {
      throw new EarmarkError('empty-audio', 'This file has 0 seconds of audio. Open one that has sound in it.');
    }
    if (length === 0 || (canRead && first === null)) {
      throw new EarmarkError('truncated-audio', 'This file is cut off before its audio begins. Get it anew.');
    }
    const lossless = isLossless(codec);
    const preroll = lossless ? 0 : PREROLL_SECONDS;
    const toPlanar = format instanceof WaveInputFormat ? pcmDeinterleaver(codec) : null;
    const place = { track, sampleRate, channelCount, origin, length, preroll, toPlanar };
    const probe: AudioProbe = {
      container: format.name,
      codec,
      lossless,
      sampleRate,
      channelCount,
      length,
      trackStart: Math.max(0, Math.round((await track.getFirstTimestamp()) * sampleRate)),
      audioTrackCount: (await input.getAudioTracks()).length,
      hasVideo: (await input.getVideoTracks()).length > 0,
      truncated,
      canRead,
    };
    const reader = new BlockReader({
      sampleRate,
      channelCount,
      length,
      decodeFrom: (position) => decodeFrom(place, position),
    });
    return { file, probe, reader };
  } catch (error) {
    input.dispose();
    if (error instanceof EarmarkError) throw error;
    throw new EarmarkError(
      'truncated-audio',
      `This ${format.name} file is damaged or cut off and nothing in it can be read. Get it anew.`,
      { cause: error },
    );
  }
}

/** What the decoder makes of the first packet; null when there is none. */
async function firstBlock(track: InputAudioTrack): Promise<{ sampleRate: number; channelCount: number } | null> {
  for await (const sample of new AudioSampleSink(track).samples()) {
    const { sampleRate, numberOfChannels: channelCount } = sample;
    sample.close();
    return { sampleRate, channelCount };
  }
  return null;
}

async function isTruncated(file: Blob, track: InputAudioTrack, gapless: Mp3Gapless | null): Promise<boolean> {
  const format = await track.input.getFormat();
  if (format instanceof WaveInputFormat) return isTruncatedWave(file);
  if (gapless?.byteLength) return gapless.byteOffset + gapless.byteLength > file.size;
  if (format instanceof FlacInputFormat && file.size <= WALKED_FLAC_BYTES) {
    const last = await new EncodedPacketSink(track).getPacket(Infinity, { metadataOnly: true });
    const stated = await track.getDurationFromMetadata();
    if (stated === null) return false;
    return last === null || last.timestamp + 2 * last.duration < stated;
  }
  return false;
}

/** What the header says where it can be trusted, else the end of the last packet. */
async function trackLength(
  track: InputAudioTrack,
  sampleRate: Hertz,
  truncated: boolean,
  gapless: Mp3Gapless | null,
): Promise<Samples> {
  if (gapless?.length && !truncated) return gapless.length;
  const format = await track.input.getFormat();
  const isStated = format instanceof WaveInputFormat || (format instanceof FlacInputFormat && !truncated);
  const seconds = (isStated ? await track.getDurationFromMetadata() : null) ?? (await track.computeDuration());
  return Math.max(0, Math.round(seconds * sampleRate) - (gapless?.delay ?? 0));
}

function opened(): OpenFile {
  if (open === null) throw new EarmarkError('no-source', 'No file has been opened.');
  return open;
}

async function answer(request: DecodeRequest, signal: AbortSignal): Promise<void> {
  const { id } = request;
  if (request.type === 'open') {
    open = await probeFile(request.file);
    if (!signal.aborted) send({ type: 'opened', id, probe: open.probe });
  } else if (request.type === 'read') {
    const channels = await opened().reader.read(request.start, request.count, signal);
    send(
      { type: 'pcm', id, channels },
      channels.map((channel) => channel.buffer),
    );
  } else if (request.type === 'digest') {
    send({ type: 'digest', id, digest: await digestFile(opened().file, signal) });
  }
}

function fail(id: number, error: unknown): void {
  if (isAbortError(error)) return;
  if (error instanceof EarmarkError) {
    send({ type: 'failed', id, code: error.code, message: error.message });
  } else if (error instanceof RangeError) {
    const message = 'There is not enough memory to decode this file. Close other pages, or open a shorter file.';
    send({ type: 'failed', id, code: 'out-of-memory', message });
  } else {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `This file cannot be decoded any further (${reason}). ${CONVERT}`;
    send({ type: 'failed', id, code: 'truncated-audio', message });
  }
}

self.addEventListener('message', (event: MessageEvent<DecodeRequest>) => {
  const request = event.data;
  if (request.type === 'cancel') {
    pending.get(request.id)?.abort();
    return;
  }
  const controller = new AbortController();
  pending.set(request.id, controller);
  void answer(request, controller.signal)
    .catch((error: unknown) => fail(request.id, error))
    .finally(() => pending.delete(request.id));
});

send({ type: 'ready' });
