import { wavFile } from './wav-file.js';

export interface RecorderOptions {
  /** Where `recorder.worklet.js` is. */
  readonly worklet: URL;
  /** The loudest sample of the last tenth of a second or so, 0…1. */
  readonly onLevel?: (peak: number) => void;
  /** The microphone was unplugged or taken away; `stop` still gives what has been recorded. */
  readonly onEnded?: () => void;
}

/** What browsers do for calls would remove the very sounds that are looked for. */
const UNPROCESSED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** Samples are handed to the browser in Blobs of this size, which it may keep on disk. */
const BLOB_BYTES = 2 ** 20;

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError:
    "The microphone may not be used. Allow it in the address bar or in the browser's settings, and record again.",
  NotFoundError: 'There is no microphone. Connect one and record again.',
  NotReadableError: 'The microphone is in use by another program, or switched off. Free it and record again.',
};

async function openMicrophone(): Promise<MediaStream> {
  // Browsers hide the microphone from pages that are not served safely.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) {
    throw new Error('Recording needs a page served over https:// or from localhost. Open a file instead.');
  }
  try {
    return await devices.getUserMedia({ audio: UNPROCESSED });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new Error(REASONS[name] ?? `The microphone could not be opened (${String(error)}).`, { cause: error });
  }
}

/**
 * A recording under way, from the microphone into a WAV file: unlike what MediaRecorder writes, it keeps each sample,
 * and players know its length.
 */
export class Recorder {
  readonly #chunks: Int16Array<ArrayBuffer>[] = [];
  readonly #blobs: Blob[] = [];
  #bytes = 0;
  readonly #finished: Promise<void>;

  /** Asks for the microphone (so call it on a click) and begins. */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const stream = await openMicrophone();
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(options.worklet);
      await context.resume();
      return new Recorder(stream, context, options);
    } catch (error) {
      release(stream, context);
      throw new Error('The recorder could not be started. Reload the page, or open a file instead.', { cause: error });
    }
  }

  readonly #tap: AudioWorkletNode;
  readonly #channelCount: number;

  private constructor(
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
    options: RecorderOptions,
  ) {
    const [track] = stream.getAudioTracks();
    this.#channelCount = track.getSettings().channelCount ?? 1;
    this.#tap = new AudioWorkletNode(context, 'microphone-tap', {
      numberOfOutputs: 0,
      channelCount: this.#channelCount,
      channelCountMode: 'explicit',
      channelInterpretation: 'discrete',
    });
    this.#finished = new Promise((resolve) => {
      this.#tap.port.addEventListener('message', ({ data }: MessageEvent<Float32Array | null>) => {
        if (data === null) resolve();
        else this.#keep(data, options.onLevel);
      });
    });
    this.#tap.port.start();
    if (options.onEnded) track.addEventListener('ended', options.onEnded, { once: true });
    context.createMediaStreamSource(stream).connect(this.#tap);
  }

  /** Length of the recording so far. */
  get seconds(): number {
    return this.#bytes / (2 * this.#channelCount * this.context.sampleRate);
  }

  /** Ends the recording and lets go of the microphone. */
  async stop(): Promise<Blob> {
    this.#tap.port.postMessage('stop');
    await this.#finished;
    release(this.stream, this.context);
    return wavFile(new Blob([...this.#blobs, ...this.#chunks]), this.context.sampleRate, this.#channelCount);
  }

  /** Lets go of the microphone and of what has been recorded. */
  cancel(): void {
    this.#tap.port.close();
    release(this.stream, this.context);
  }

  #keep(samples: Float32Array, onLevel: ((peak: number) => void) | undefined): void {
    let peak = 0;
    const integers = new Int16Array(samples.length);
    for (let i = 0; i < samples.length; i += 1) {
      peak = Math.max(peak, Math.abs(samples[i]));
      integers[i] = Math.max(-0x8000, Math.min(0x7fff, Math.round(samples[i] * 0x8000)));
    }
    this.#chunks.push(integers);
    this.#bytes += integers.byteLength;
    if (this.#chunks.length * integers.byteLength >= BLOB_BYTES) this.#blobs.push(new Blob(this.#chunks.splice(0)));
    onLevel?.(Math.min(1, peak));
  }
}

function release(stream: MediaStream, context: AudioContext): void {
  for (const track of stream.getTracks()) track.stop();
  void context.close();
}
