// Part of the decode worker, which carries the demuxer; import it from nowhere else.
import {
  type AudioSample,
  AudioSampleSink,
  BlobSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  MatroskaInputFormat,
  MP3,
} from 'mediabunny';
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import type { PcmBlock } from './block-reader.js';
import { GrowingBuffer } from './growing-buffer.js';
import type { Mp3Part, Mp3Parts } from './mp3-parts.js';
import type { PcmDeinterleaver } from './pcm-codec.js';

/** More than a decoder keeps in its queue (48 packets). */
const CAREFUL_SECONDS = 5;
/** So many careful stretches in a row without a single sample, and decoding is given up. */
const MAX_BARREN_STRETCHES = 3;
/** Opus packets last a multiple of 2.5 ms, at 48 kHz. */
const OPUS_QUANTUM = 120;

/** A track as a recording: where on the track's timeline the recording is. */
export interface TrackRecording {
  readonly track: InputAudioTrack;
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** Position on the track's own timeline that is position 0 of the recording. */
  readonly origin: Samples;
  readonly length: Samples;
  readonly preroll: Seconds;
  /** For packets that need no decoder; null for the others. */
  readonly toPlanar: PcmDeinterleaver | null;
  /** What the track is read from instead, where it is that of an MP3 file. */
  readonly mp3: Mp3Parts | null;
}

/** One block after another, in the same arrays. */
class Blocks {
  readonly #planes: GrowingBuffer[] = [];

  constructor(private readonly recording: TrackRecording) {}

  ofSample(sample: AudioSample, swallowed: Samples): PcmBlock {
    const { sampleRate, origin } = this.recording;
    const start = Math.round(sample.timestamp * sampleRate) - origin + swallowed;
    const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
      const plane = this.#plane(planeIndex, sample.numberOfFrames);
      sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
      return plane;
    });
    sample.close();
    return { start, channels };
  }

  ofPacket({ timestamp, data }: EncodedPacket, toPlanar: PcmDeinterleaver): PcmBlock {
    const { sampleRate, channelCount } = this.recording;
    const channels = toPlanar(data, channelCount, (channel, length) => this.#plane(channel, length));
    return { start: Math.round(timestamp * sampleRate), channels };
  }

  #plane(channel: number, length: Samples): Float32Array<ArrayBuffer> {
    return (this.#planes[channel] ??= new GrowingBuffer()).take(length);
  }
}

/**
 * Samples that a decoder keeps to itself when it is started in the middle of a track, by which all that follows is
 * later than the sink says: Vorbis needs one packet to overlap the next with, and Chromium takes the encoder's delay
 * off Opus after every start.
 */
async function swallowedAfterJump({ track, sampleRate }: TrackRecording, from: Seconds, first: AudioSample) {
  const codec = await track.getCodec();
  if (codec !== 'vorbis' && codec !== 'opus') return 0;
  const packets = new EncodedPacketSink(track);
  const packet = await packets.getPacket(from, { metadataOnly: true });
  if (packet === null || packet.timestamp <= (await track.getFirstTimestamp())) return 0;
  if (codec === 'vorbis') {
    const next = await packets.getNextPacket(packet, { metadataOnly: true });
    return next === null ? 0 : Math.round((next.timestamp - packet.timestamp) * sampleRate);
  }
  // Matroska's timestamps count the delay too, which makes up for it.
  if ((await track.input.getFormat()) instanceof MatroskaInputFormat) return 0;
  const head = (await track.getDecoderConfig())?.description;
  if (head === undefined) return 0;
  const bytes = ArrayBuffer.isView(head) ? new Uint8Array(head.buffer, head.byteOffset) : new Uint8Array(head);
  const delay = bytes[10] | (bytes[11] << 8);
  const ahead = Math.round((first.timestamp - packet.timestamp) * sampleRate);
  // Whole packets tell of a browser that does not take it off.
  const isWhole = (ahead > 0 ? ahead : first.numberOfFrames) % OPUS_QUANTUM === 0 && delay % OPUS_QUANTUM !== 0;
  return isWhole ? 0 : delay;
}

async function* decodeRun(recording: TrackRecording, position: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin, toPlanar } = recording;
  const blocks = new Blocks(recording);
  const from = position === 0 ? -Infinity : (position + origin) / sampleRate - recording.preroll;
  if (toPlanar !== null) {
    const packets = new EncodedPacketSink(track);
    const first = position === 0 ? null : await packets.getPacket(from);
    for await (const packet of packets.packets(first ?? undefined)) yield blocks.ofPacket(packet, toPlanar);
    return;
  }
  let swallowed: Samples | null = position === 0 ? 0 : null;
  for await (const sample of new AudioSampleSink(track).samples(from)) {
    swallowed ??= await swallowedAfterJump(recording, from, sample);
    yield blocks.ofSample(sample, swallowed);
  }
}

/** Decodes `[start, end)` with a new decoder for each packet and leaves out those that cannot be decoded. */
async function* decodeSingly(
  recording: TrackRecording,
  start: Samples,
  end: Samples,
): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin } = recording;
  const blocks = new Blocks(recording);
  const packets = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  let packet = await packets.getPacket((start + origin) / sampleRate, options);
  while (packet !== null && packet.timestamp * sampleRate - origin < end) {
    const sample = await new AudioSampleSink(track).getSample(packet.timestamp).catch(() => null);
    if (sample !== null) yield blocks.ofSample(sample, 0);
    packet = await packets.getNextPacket(packet, options);
  }
}

/** Decodes from a position to the end. Yields what a decoder needs to warm up too, which lies before the position. */
export async function* decodeFrom(
  recording: TrackRecording,
  position: Samples,
): AsyncGenerator<PcmBlock, void, unknown> {
  const { mp3, origin } = recording;
  if (mp3 === null) {
    yield* decodeTrack(recording, position);
    return;
  }
  let part = await mp3.at(position + origin);
  for (let reached = position; part !== null; part = await mp3.at(reached + origin)) {
    yield* decodePart(recording, part, reached);
    reached = part.to - origin;
  }
}

async function* decodePart(
  recording: TrackRecording,
  part: Mp3Part,
  position: Samples,
): AsyncGenerator<PcmBlock, void, unknown> {
  const origin = recording.origin - part.start;
  const input = new Input({ source: new BlobSource(part.file), formats: [MP3] });
  try {
    const track = (await input.getPrimaryAudioTrack())!;
    yield* decodeTrack({ ...recording, track, origin, length: part.to - recording.origin }, position);
  } finally {
    input.dispose();
  }
}

/**
 * Decodes a track from a position to the end. A decoder that gives up takes with it what it had decoded ahead, so the stretch
 * after that is decoded packet by packet: damage costs no more than the packets that it hit.
 */
async function* decodeTrack(recording: TrackRecording, position: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  let reached = position;
  let barren = 0;
  while (reached < recording.length) {
    try {
      for await (const block of decodeRun(recording, reached)) {
        barren = 0;
        reached = Math.max(reached, block.start + block.channels[0].length);
        yield block;
      }
      return;
    } catch (error) {
      const end = reached + CAREFUL_SECONDS * recording.sampleRate;
      barren += 1;
      for await (const block of decodeSingly(recording, reached, end)) {
        barren = 0;
        yield block;
      }
      if (barren === MAX_BARREN_STRETCHES) throw error;
      reached = end;
    }
  }
}
