import type { Hertz, Samples } from '../dsp/units.js';
import type { SampleFormat } from '../formats/sample-format.js';
import type { EarmarkErrorCode } from './errors.js';

/** What a file turned out to be, found without decoding more than its first packet. */
export interface AudioProbe {
  /** The codec's short name, e.g. "pcm-s16", "flac", "mp3", "aac". */
  readonly codec: string;
  /** As the decoder gives it, which for some AAC is twice what the container says. */
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** What of the formats of WAV files holds its samples as they are. */
  readonly sampleFormat: SampleFormat;
  /** From the beginning of the file's timeline, so silence before a late track counts; without encoder padding. */
  readonly length: Samples;
  /** Where the track begins on the file's timeline; before it there is silence. */
  readonly trackStart: Samples;
  readonly audioTrackCount: number;
  /** Whether the file ends before its header says it does. */
  readonly truncated: boolean;
  /** Whether this worker can decode the track. Where it cannot, `sampleRate` and `channelCount` are the container's. */
  readonly canRead: boolean;
}

/** Ids pair requests with replies. One worker serves one file. */
export type DecodeRequest =
  | { readonly id: number; readonly type: 'open'; readonly file: Blob }
  | { readonly id: number; readonly type: 'read'; readonly start: Samples; readonly count: Samples }
  /** Answered with one array: a channel, or for null the mean of all. */
  | {
      readonly id: number;
      readonly type: 'read-mono';
      readonly start: Samples;
      readonly count: Samples;
      readonly channel: number | null;
    }
  | { readonly id: number; readonly type: 'digest' }
  /** Gives up the request of this id; it gets no reply any more. */
  | { readonly id: number; readonly type: 'cancel' };

/** `ready` comes once, unasked, when the worker has been loaded. */
export type DecodeReply =
  | { readonly type: 'ready' }
  | { readonly type: 'opened'; readonly id: number; readonly probe: AudioProbe }
  | { readonly type: 'pcm'; readonly id: number; readonly channels: Float32Array<ArrayBuffer>[] }
  | { readonly type: 'digest'; readonly id: number; readonly digest: string }
  | { readonly type: 'failed'; readonly id: number; readonly code: EarmarkErrorCode; readonly message: string };
