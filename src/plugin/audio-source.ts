import type { Hertz, Seconds } from '../dsp/units.js';
import { abortable } from '../engine/abortable.js';
import type { AudioProbe } from '../engine/decode-protocol.js';
import { abortError, EarmarkError } from '../engine/errors.js';
import type { SampleFormat } from '../formats/sample-format.js';
import type { PcmSource } from '../engine/pcm-source.js';
import { sharedDigest } from '../engine/shared-digest.js';
import { checkOptions, type FieldRules, FUNCTION, optional, SIGNAL, TEXT } from './argument-rules.js';
import { type CreateWorker, DecodeClient } from './audio/decode-client.js';
import { decodeWhole } from './audio/decode-whole.js';
import { fetchAudio } from './audio/fetch-audio.js';
import { sampleSource } from './audio/sample-source.js';
import { fileName } from './host/file-name.js';

/** What can be opened: an encoded file (audio or video), decoded samples, or where to fetch a file. */
export type AudioInput = Blob | AudioBuffer | URL | string;

export interface OpenAudioOptions {
  readonly signal?: AbortSignal;
  /** Where `decode.worker.js` is. */
  readonly assetBase: URL;
  /** Shown to the user; default: the file's name, or the last part of the address. */
  readonly name?: string;
  /** Starts the decode worker; default: a module worker. */
  readonly createWorker?: CreateWorker;
}

/** A recording that is ready to be read. Close `source` to free its decoder. */
export interface OpenedAudio {
  readonly source: PcmSource;
  /** What it was opened from, to be read again from the start by others: the encoded file, or the samples. */
  readonly data: Blob | AudioBuffer;
  readonly name: string;
  readonly duration: Seconds;
  readonly sampleRate: Hertz;
  readonly channelCount: number;
  /** The codec's short name, e.g. "flac" or "mp3"; null for decoded samples. */
  readonly codec: string | null;
  /** What of the formats of WAV files holds its samples as they are. Default `float32`. */
  readonly sampleFormat?: SampleFormat;
  /** What is wrong with the file without keeping it from being used, ready to show; usually empty. */
  readonly warnings: readonly string[];
}

const OPTIONS: FieldRules<OpenAudioOptions> = {
  signal: SIGNAL,
  assetBase: { must: 'be the URL of a folder', fits: (value) => value instanceof URL },
  name: optional(TEXT),
  createWorker: optional(FUNCTION),
};

/** A file that cannot be streamed is kept decoded up to this size: 256 MiB is 11 minutes of stereo at 48 kHz. */
const MAX_WHOLE_BYTES = 256 * 2 ** 20;

/**
 * Opens a recording at its own sample rate.
 *
 * @throws EarmarkError `not-audio`, `truncated-audio`, `empty-audio`, `unsupported-codec`, `source-unreachable`,
 *   `worker-missing`, `worker-crashed`, `out-of-memory`, `bad-option`
 * @throws DOMException `AbortError`
 */
export async function openAudio(input: AudioInput, options: OpenAudioOptions): Promise<OpenedAudio> {
  checkOptions('openAudio()', OPTIONS, options);
  const { signal } = options;
  if (signal?.aborted) throw abortError();
  if (isSamples(input)) return openSamples(input, options.name);
  const file = input instanceof Blob ? input : await fetchAudio(addressOf(input), signal);
  const createWorker = options.createWorker ?? ((url: URL) => new Worker(url, { type: 'module' }));
  const client = new DecodeClient(new URL('decode.worker.js', options.assetBase), createWorker);
  try {
    const probe = await client.open(file, signal);
    const source = await abortable(chooseSource(file, probe, client), signal);
    const opened = describe(source, file, options.name ?? nameOf(input), probe.codec, warningsAbout(probe));
    return { ...opened, sampleFormat: probe.sampleFormat };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** By what it can do: pages have AudioBuffers of other frames too. */
function isSamples(input: AudioInput): input is AudioBuffer {
  return 'getChannelData' in Object(input);
}

/** Programs that are not type-checked give anything; a path made of it would only be answered 404. */
function addressOf(input: URL | string): URL {
  if (input instanceof URL) return input;
  if (typeof input === 'string' && input !== '' && URL.canParse(input, document.baseURI)) {
    return new URL(input, document.baseURI);
  }
  throw new EarmarkError(
    'not-audio',
    'This is no recording. Give a File or another Blob (bytes: new Blob([bytes])), an AudioBuffer or a URL.',
  );
}

function openSamples(buffer: AudioBuffer, name = 'Recording'): OpenedAudio {
  if (buffer.length === 0) {
    throw new EarmarkError('empty-audio', 'This recording is 0 seconds long. Open one that has sound in it.');
  }
  return describe(sampleSource(buffer), buffer, name, null, []);
}

function describe(
  opened: PcmSource,
  data: Blob | AudioBuffer,
  name: string,
  codec: string | null,
  warnings: readonly string[],
): OpenedAudio {
  const { sampleRate, channelCount, length } = opened;
  // The analysis asks for it, and so does whoever keeps the work.
  const source: PcmSource = { ...opened, digest: sharedDigest((signal) => opened.digest(signal)) };
  return { source, data, name, duration: length / sampleRate, sampleRate, channelCount, codec, warnings };
}

/**
 * Streaming gives the first samples at once, in bounded memory, and decodes while the analysis runs; the browser's own
 * decoder of whole files is for what only it can decode (see docs/decisions/0004-decoding.md).
 */
async function chooseSource(file: Blob, probe: AudioProbe, client: DecodeClient): Promise<PcmSource> {
  const digest = (signal?: AbortSignal) => client.digest(signal);
  const close = () => client.close();
  const { sampleRate, channelCount, length } = probe;
  if (probe.canRead) {
    return {
      sampleRate,
      channelCount,
      length,
      digest,
      read: (start, count, signal) => client.read(start, count, signal),
      readMono: (start, count, channel, signal) => client.readMono(start, count, channel, signal),
      close,
    };
  }
  const fits = length * channelCount * Float32Array.BYTES_PER_ELEMENT <= MAX_WHOLE_BYTES;
  const buffer = fits ? await decodeWhole(file, sampleRate) : null;
  if (buffer === null) throw new EarmarkError('unsupported-codec', undecodableMessage(probe.codec, fits));
  return sampleSource(buffer, { leadIn: probe.trackStart, digest, onClose: close });
}

function undecodableMessage(codec: string, fits: boolean): string {
  const subject = `This browser cannot decode ${codec.toUpperCase()} audio`;
  return fits
    ? `${subject}, or the file is damaged. Convert it to WAV or FLAC, or try another browser.`
    : `${subject} of this length. Convert the file to WAV, split it, or use a browser that has WebCodecs.`;
}

function warningsAbout(probe: AudioProbe): string[] {
  const warnings: string[] = [];
  if (probe.truncated) warnings.push('This file is cut off: only what is there of it was opened.');
  if (probe.audioTrackCount > 1) {
    warnings.push(`This file has ${probe.audioTrackCount} audio tracks; its main one was opened.`);
  }
  return warnings;
}

function nameOf(input: Blob | URL | string): string {
  if (input instanceof File) return input.name;
  if (input instanceof Blob) return 'Recording';
  return fileName(new URL(input, document.baseURI));
}
