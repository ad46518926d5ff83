import { mixdown } from '../dsp/mixdown.js';
import { Resampler } from '../dsp/resample.js';
import type { Hertz, Samples } from '../dsp/units.js';
import { GrowingBuffer } from './growing-buffer.js';
import type { AnalyseSpan } from './protocol.js';
import { releaseSeen } from './release-memory.js';

/** The audio of span after span as a model hears it: mono, at the model's rate. */
export class SpanSamples {
  readonly #source = new GrowingBuffer();
  readonly #resampled = new GrowingBuffer();
  #mono: Float32Array<ArrayBuffer> = this.#source.take(0);
  #span: Pick<AnalyseSpan, 'start' | 'sourceLength'> = { start: 0, sourceLength: 0 };
  #resampler: Resampler;

  constructor(private readonly rate: Hertz) {
    this.#resampler = new Resampler(rate, rate);
  }

  /** Samples of the whole recording. */
  get total(): Samples {
    return this.#resampler.outputLength(this.#span.sourceLength);
  }

  /** Takes another span, and the memory of its pieces from the caller. */
  open({ pieces, sourceRate, start, sourceLength }: AnalyseSpan): void {
    // The filter takes a while to make.
    if (this.#resampler.sourceRate !== sourceRate) this.#resampler = new Resampler(sourceRate, this.rate);
    this.#span = { start, sourceLength };
    this.#mono = this.#source.take(pieces.reduce((sum, [first]) => sum + first.length, 0));
    let position = 0;
    for (const piece of pieces) {
      mixdown(piece, this.#mono.subarray(position, position + piece[0].length));
      position += piece[0].length;
    }
    releaseSeen(new Set(pieces.flat().map(({ buffer }) => buffer)));
  }

  /**
   * The samples `[start, end)` of the recording; every one depends on the recording alone, not on the span. Overwritten
   * by the next call.
   */
  read(start: Samples, end: Samples): Float32Array {
    const input = this.#resampler.neededInput(start, end - start);
    const { start: spanStart, sourceLength } = this.#span;
    // The resampler takes what it is not given for silence, which is right at the ends of the recording only.
    if (input.start < spanStart || Math.min(input.end, sourceLength) > spanStart + this.#mono.length)
      throw new RangeError(`A span lacks audio: ${input.start} to ${input.end} is needed, it begins at ${spanStart}.`);
    return this.#resampler.resample(this.#mono, spanStart, start, end - start, this.#resampled.take(end - start));
  }
}
