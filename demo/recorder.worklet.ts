// Runs on the audio thread: hands the microphone's samples on in batches, interleaved.

/** What the audio thread offers; TypeScript's DOM library leaves it out. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const FRAMES_A_BATCH = 4096;

/** Posts `Float32Array`s of interleaved samples; after any message to it, what is left of them and then `null`. */
class MicrophoneTap extends AudioWorkletProcessor {
  #batch = new Float32Array(0);
  #filled = 0;
  #stopping = false;

  constructor() {
    super();
    this.port.addEventListener('message', () => {
      this.#stopping = true;
      this.#flush();
      this.port.postMessage(null);
    });
    this.port.start();
  }

  process([channels]: Float32Array[][]): boolean {
    if (this.#stopping) return false;
    for (let i = 0; i < (channels[0]?.length ?? 0); i += 1) {
      if (this.#filled === this.#batch.length) this.#flush(channels.length);
      for (const channel of channels) {
        this.#batch[this.#filled] = channel[i];
        this.#filled += 1;
      }
    }
    return true;
  }

  #flush(channelCount = 0): void {
    const full = this.#batch.slice(0, this.#filled);
    if (full.length > 0) this.port.postMessage(full, [full.buffer]);
    this.#batch = new Float32Array(FRAMES_A_BATCH * channelCount);
    this.#filled = 0;
  }
}

registerProcessor('microphone-tap', MicrophoneTap);
