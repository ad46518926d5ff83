import { mixdown } from '../dsp/mixdown.js';
import type { Resampler } from '../dsp/resample.js';
import type { Samples } from '../dsp/units.js';
import type { AnalyseSpan } from './protocol.js';
import { releaseMemory } from './release-memory.js';

/** The audio of one span as a model hears it: mono, at the model's rate. */
export class SpanSamples {
  /** Samples of the whole recording. */
  readonly total: Samples;
  readonly #mono: Float32Array<ArrayBuffer>;

  constructor(
    private readonly resampler: Resampler,
    private readonly span: AnalyseSpan,
  ) {
    this.#mono = mixPieces(span.pieces);
    this.total = resampler.outputLength(span.sourceLength);
  }

  /** The samples `[start, end)` of the recording; every one depends on the recording alone, not on the span. */
  read(start: Samples, end: Samples): Float32Array {
    const input = this.resampler.neededInput(start, end - start);
    const { start: spanStart, sourceLength } = this.span;
    // The resampler takes what it is not given for silence, which is right at the ends of the recording only.
    if (input.start < spanStart || Math.min(input.end, sourceLength) > spanStart + this.#mono.length)
      throw new RangeError(`A span lacks audio: ${input.start} to ${input.end} is needed, it begins at ${spanStart}.`);
    return this.resampler.resample(this.#mono, spanStart, start, end - start);
  }
}

function mixPieces(pieces: AnalyseSpan['pieces']): Float32Array<ArrayBuffer> {
  const mono = new Float32Array(pieces.reduce((sum, [first]) => sum + first.length, 0));
  let position = 0;
  for (const piece of pieces) {
    const mixed = mixdown(piece);
    mono.set(mixed, position);
    position += mixed.length;
    releaseMemory([mixed]);
  }
  return mono;
}
