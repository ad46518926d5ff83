import type { PcmSource } from '../../src/engine/pcm-source.js';

/** A recording in memory that keeps book of what was asked of it. */
export class MemorySource implements PcmSource {
  readonly channelCount: number;
  readonly length: number;
  readonly reads: { start: number; count: number }[] = [];
  digests = 0;

  /** @param statedLength what the container says, where that differs from the truth */
  constructor(
    readonly channels: readonly Float32Array[],
    readonly sampleRate: number,
    statedLength = channels[0].length,
    private readonly name = 'memory',
  ) {
    this.channelCount = channels.length;
    this.length = statedLength;
  }

  async digest(): Promise<string> {
    this.digests += 1;
    return this.name;
  }

  async read(start: number, count: number, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    signal?.throwIfAborted();
    this.reads.push({ start, count });
    return this.channels.map((channel) => new Float32Array(channel.slice(start, start + count)));
  }

  close(): void {}
}

/** Noise that swells and fades, with a tone that glides: something to hear in every window. Made from a seed. */
export function syntheticRecording(seconds: number, sampleRate: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const time = i / sampleRate;
    const noise = (state / 2 ** 31) * 0.3 * (1 + Math.sin(time * 1.7)) * 0.5;
    return noise + 0.2 * Math.sin(2 * Math.PI * (300 * time + 40 * Math.sin(time * 2.3)));
  });
}
