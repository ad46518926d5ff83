const RECORDER = `registerProcessor('tap', class extends AudioWorkletProcessor {
  process([[channel]]) {
    this.port.postMessage(channel === undefined ? new Float32Array(128) : channel.slice());
    return true;
  }
});`;

/** Hears what the page's audio graphs give to the loudspeakers, from {@link listen} on. */
export class OutputTap {
  readonly #last: { node: AudioNode | null } = { node: null };
  readonly #connect: AudioNode['connect'];
  readonly #blocks: Float32Array[] = [];

  constructor() {
    // oxlint-disable-next-line typescript/unbound-method -- it is called on the node that it is called for
    const connect = AudioNode.prototype.connect;
    const last = this.#last;
    this.#connect = connect;
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) last.node = this;
      return Reflect.apply(connect, this, to) as AudioNode;
    } as AudioNode['connect'];
  }

  /** The node that was connected to a destination last. */
  get node(): AudioNode | null {
    return this.#last.node;
  }

  async listen(): Promise<void> {
    const node = this.#last.node;
    if (node === null) throw new Error('Nothing has been connected to a destination.');
    const url = URL.createObjectURL(new Blob([RECORDER], { type: 'text/javascript' }));
    await node.context.audioWorklet.addModule(url);
    URL.revokeObjectURL(url);
    const recorder = new AudioWorkletNode(node.context, 'tap');
    recorder.port.addEventListener('message', ({ data }) => this.#blocks.push(data as Float32Array));
    recorder.port.start();
    node.connect(recorder);
  }

  /** The samples of the first channel that have been heard. */
  get samples(): Float32Array {
    const samples = new Float32Array(this.#blocks.length * 128);
    this.#blocks.forEach((block, i) => samples.set(block, 128 * i));
    return samples;
  }

  remove(): void {
    AudioNode.prototype.connect = this.#connect;
  }
}
