import { Resampler } from '../dsp/resample.js';
import type { Hertz, Samples } from '../dsp/units.js';
import { GrowingBuffer } from './growing-buffer.js';
import type { AnalyseSpan } from './protocol.js';
import { releaseMemory } from './release-memory.js';

/** The audio of span after span as a model hears it: at the model's rate. */
export class SpanSamples {
  #span: Pick<AnalyseSpan, 'samples' | 'start' | 'sourceLength'> = {
    samples: new Float32Array(),
    start: 0,
    sourceLength: 0,
  };
  #resampler: Resampler;
  readonly #resampled = new GrowingBuffer();

  constructor(private readonly rate: Hertz) {
    this.#resampler = new Resampler(rate, rate);
  }

  /** Samples of the whole recording. */
  get total(): Samples {
    return this.#resampler.outputLength(this.#span.sourceLength);
  }

  /** Takes another span, and gives the memory of the former one back. */
  open(span: AnalyseSpan): void {
    releaseMemory([this.#span.samples.buffer]);
    this.#span = span;
    // The filter takes a while to make.
    if (this.#resampler.sourceRate !== span.sourceRate) this.#resampler = new Resampler(span.sourceRate, this.rate);
  }

  /**
   * The samples `[start, end)` of the recording; every one depends on the recording alone, not on the span. Overwritten
   * by the next call.
   */
  read(start: Samples, end: Samples): Float32Array {
    const { samples, start: spanStart, sourceLength } = this.#span;
    const input = this.#resampler.neededInput(start, end - start);
    // The resampler takes what it is not given for silence, which is right at the ends of the recording only.
    if (input.start < spanStart || Math.min(input.end, sourceLength) > spanStart + samples.length)
      throw new RangeError(`A span lacks audio: ${input.start} to ${input.end} is needed, it begins at ${spanStart}.`);
    return this.#resampler.resample(samples, spanStart, start, end - start, this.#resampled.take(end - start));
  }
}
