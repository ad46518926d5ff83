// Part of the decode worker, which carries the demuxer; import it from nowhere else.
import { type AudioSample, AudioSampleSink, EncodedPacketSink, type InputAudioTrack } from 'mediabunny';
import type { Hertz, Samples, Seconds } from '../dsp/units.js';
import type { PcmBlock } from './block-reader.js';
import type { PcmDeinterleaver } from './pcm-codec.js';

/** More than a decoder keeps in its queue (48 packets). */
const CAREFUL_SECONDS = 5;

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
}

function toBlock(sample: AudioSample, { sampleRate, origin }: TrackRecording): PcmBlock {
  const start = Math.round(sample.timestamp * sampleRate) - origin;
  const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { planeIndex, format: 'f32-planar' });
    return plane;
  });
  sample.close();
  return { start, channels };
}

async function* decodeRun(recording: TrackRecording, position: Samples): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin, toPlanar } = recording;
  const from = position === 0 ? -Infinity : (position + origin) / sampleRate - recording.preroll;
  if (toPlanar !== null) {
    const packets = new EncodedPacketSink(track);
    const first = position === 0 ? null : await packets.getPacket(from);
    for await (const packet of packets.packets(first ?? undefined)) {
      yield {
        start: Math.round(packet.timestamp * sampleRate),
        channels: toPlanar(packet.data, recording.channelCount),
      };
    }
    return;
  }
  for await (const sample of new AudioSampleSink(track).samples(from)) yield toBlock(sample, recording);
}

/** Decodes `[start, end)` with a new decoder for each packet and leaves out those that cannot be decoded. */
async function* decodeSingly(
  recording: TrackRecording,
  start: Samples,
  end: Samples,
): AsyncGenerator<PcmBlock, void, unknown> {
  const { track, sampleRate, origin } = recording;
  const packets = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  let packet = await packets.getPacket((start + origin) / sampleRate, options);
  while (packet !== null && packet.timestamp * sampleRate - origin < end) {
    const sample = await new AudioSampleSink(track).getSample(packet.timestamp).catch(() => null);
    if (sample !== null) yield toBlock(sample, recording);
    packet = await packets.getNextPacket(packet, options);
  }
}

/**
 * Decodes from a position to the end. A decoder that gives up takes with it what it had decoded ahead, so the stretch
 * after that is decoded packet by packet: damage costs no more than the packets that it hit. Yields what a decoder needs
 * to warm up too, which lies before the position.
 */
export async function* decodeFrom(
  recording: TrackRecording,
  position: Samples,
): AsyncGenerator<PcmBlock, void, unknown> {
  let reached = position;
  while (reached < recording.length) {
    try {
      for await (const block of decodeRun(recording, reached)) {
        reached = Math.max(reached, block.start + block.channels[0].length);
        yield block;
      }
      return;
    } catch (error) {
      const end = reached + CAREFUL_SECONDS * recording.sampleRate;
      let decoded = 0;
      for await (const block of decodeSingly(recording, reached, end)) {
        decoded += 1;
        yield block;
      }
      if (decoded === 0 && end < recording.length) throw error;
      reached = end;
    }
  }
}
