import type { Samples } from './units.js';

/** A low-pass filter, sampled at equally spaced fractions of a sample. */
export interface PolyphaseFilter {
  /**
   * `[(phaseCount + 1) × taps]`, row-major: row *p* is the filter for an output that stands *p/phaseCount* of a sample
   * after the input sample at its middle.
   */
  readonly rows: Float32Array;
  readonly phaseCount: number;
  /** Samples that a row spans, a multiple of {@link TAPS_A_STEP}. */
  readonly taps: number;
}

/** The inner loop takes four vectors of four samples a turn: as many sums as hide the latency of an addition. */
export const TAPS_A_STEP = 16;

/** Outputs computed between two copies into and out of the kernel's memory. */
const BLOCK: Samples = 4096;
const BYTES_A_SAMPLE = 4;
const PAGE_BYTES = 65536;

/** Where the outputs of a block stand: output *n* is at *(position + n·inputStep)/outputStep* input samples. */
export interface OutputGrid {
  /** An integer, 0 ≤ position < outputStep. */
  readonly position: number;
  readonly inputStep: number;
  readonly outputStep: number;
}

/**
 * Computes `out[n] = Σₖ input[first + q + k] · row(r)[k]`, where *q* and *r* are the whole and the fractional part of
 * the output's place on the grid. Where the filter has no row for *r*, the two nearest are interpolated.
 *
 * The sums are made in a WebAssembly SIMD kernel, in float32 and in a fixed order: the bits are the same in every
 * browser and whatever the span. (A browser that lacks WebAssembly SIMD cannot run a model either.)
 *
 * @param input what lies outside of it counts as zero
 * @param first index in `input` of the first tap of an output at 0; may be negative
 */
export function filterPolyphase(
  filter: PolyphaseFilter,
  input: Float32Array,
  first: number,
  grid: OutputGrid,
  out: Float32Array,
): void {
  const kernel = (sharedKernel ??= new PolyphaseKernel());
  const { inputStep, outputStep } = grid;
  kernel.prepare(filter, Math.ceil((BLOCK * inputStep) / outputStep) + filter.taps);
  for (let done = 0; done < out.length; done += BLOCK) {
    const count = Math.min(BLOCK, out.length - done);
    const turns = grid.position + done * inputStep;
    const begin = Math.floor(turns / outputStep);
    const position = turns - begin * outputStep;
    const span = Math.floor((position + (count - 1) * inputStep) / outputStep) + filter.taps;
    kernel.load(input, first + begin, span);
    const block = { position, inputStep, outputStep };
    out.set(filter.phaseCount === outputStep ? kernel.run(block, count) : kernel.interpolate(block, count), done);
  }
}

/** One for all resamplers: each WebAssembly memory reserves address space in gigabytes. */
let sharedKernel: PolyphaseKernel | undefined;

/** Addresses and sizes are in bytes. */
type KernelFunction = (
  input: number,
  rows: number,
  output: number,
  outputEnd: number,
  phase: number,
  phaseCount: number,
  rowBytes: number,
  sampleStep: number,
  phaseStep: number,
) => void;

/** The compiled inner loop and its memory: `[output block | input block | filter rows]`. */
class PolyphaseKernel {
  private readonly memory: WasmMemory;
  private readonly call: KernelFunction;
  private filter: PolyphaseFilter | undefined;
  private output = new Float32Array();
  private input = new Float32Array();
  private rowsAt = 0;
  private rowBytes = 0;

  constructor() {
    const { Module, Instance, Memory } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
    this.memory = new Memory({ initial: 1 });
    const instance = new Instance(new Module(assembleKernel()), { '': { '': this.memory } });
    this.call = instance.exports['']!;
  }

  /** Makes room for input blocks of `span` samples and copies the filter in, unless it is there from the last call. */
  prepare(filter: PolyphaseFilter, span: Samples): void {
    if (this.filter === filter) return;
    const inputAt = BLOCK * BYTES_A_SAMPLE;
    this.rowsAt = inputAt + span * BYTES_A_SAMPLE;
    this.rowBytes = filter.taps * BYTES_A_SAMPLE;
    const missing = this.rowsAt + filter.rows.byteLength - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.output = new Float32Array(this.memory.buffer, 0, BLOCK);
    this.input = new Float32Array(this.memory.buffer, inputAt, span);
    new Float32Array(this.memory.buffer, this.rowsAt, filter.rows.length).set(filter.rows);
    this.filter = filter;
  }

  /** Makes `source[begin … begin + count)` the input block; what lies outside of the source is zero. */
  load(source: Float32Array, begin: number, count: Samples): void {
    const from = Math.min(Math.max(begin, 0), source.length);
    const to = Math.min(Math.max(begin + count, from), source.length);
    const lead = Math.min(Math.max(-begin, 0), count);
    this.input.fill(0, 0, lead);
    this.input.set(source.subarray(from, to), lead);
    this.input.fill(0, lead + to - from, count);
  }

  /** The first `count` outputs of a grid each of whose phases has its row; valid until the next call. */
  run({ position, inputStep, outputStep }: OutputGrid, count: number): Float32Array {
    const sampleStep = Math.floor(inputStep / outputStep);
    this.call(
      this.input.byteOffset,
      this.rowsAt,
      0,
      count * BYTES_A_SAMPLE,
      position,
      outputStep,
      this.rowBytes,
      sampleStep * BYTES_A_SAMPLE,
      inputStep - sampleStep * outputStep,
    );
    return this.output.subarray(0, count);
  }

  /** The same for any grid, interpolating between the two rows next to the phase of each output. */
  interpolate({ position, inputStep, outputStep }: OutputGrid, count: number): Float32Array {
    const { phaseCount } = this.filter!;
    for (let n = 0; n < count; n++) {
      const turns = position + n * inputStep;
      const sample = Math.floor(turns / outputStep);
      const phase = ((turns - sample * outputStep) * phaseCount) / outputStep;
      const row = Math.floor(phase);
      this.convolve(sample, row, n);
      const below = this.output[n]!;
      this.convolve(sample, row + 1, n);
      this.output[n] = below + (phase - row) * (this.output[n]! - below);
    }
    return this.output.subarray(0, count);
  }

  /** Output `n` from the input at `sample` and one row. */
  private convolve(sample: number, row: number, n: number): void {
    const input = this.input.byteOffset + sample * BYTES_A_SAMPLE;
    const output = n * BYTES_A_SAMPLE;
    const rowAt = this.rowsAt + row * this.rowBytes;
    this.call(input, rowAt, output, output + BYTES_A_SAMPLE, 0, 1, this.rowBytes, 0, 0);
  }
}

/** The little of the WebAssembly API that is used here; this layer is typed without the DOM library. */
interface WasmApi {
  readonly Memory: new (descriptor: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, WasmMemory>>,
  ) => { readonly exports: Readonly<Record<string, KernelFunction>> };
}

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/**
 * Assembles the kernel's module. In words:
 *
 *     do {
 *       tap = rows + phase·rowBytes;  rowEnd = tap + rowBytes;  sample = input;  a = b = c = d = (0, 0, 0, 0)
 *       do {
 *         a += sample[0…3]·tap[0…3];   b += sample[4…7]·tap[4…7]
 *         c += sample[8…11]·tap[8…11]; d += sample[12…15]·tap[12…15];  sample += 16;  tap += 16
 *       } while (tap < rowEnd)
 *       *output = sum of the lanes of a + b + c + d
 *       phase += phaseStep;  carry = phase ≥ phaseCount;  phase −= carry·phaseCount
 *       input += sampleStep + carry;  output += 1
 *     } while (output < outputEnd)
 */
function assembleKernel(): Uint8Array {
  // Parameters and local variables, by index.
  const [input, rows, output, outputEnd, phase, phaseCount, rowBytes, sampleStep, phaseStep] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8,
  ];
  const [sample, tap, rowEnd, carry, a, b, c, d] = [9, 10, 11, 12, 13, 14, 15, 16];

  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const tee = (local: number) => [0x22, local];
  const constant = (value: number) => [0x41, ...leb128(value)];
  const add = [0x6a];
  const subtract = [0x6b];
  const multiply = [0x6c];
  const shiftLeft = [0x74];
  const isLess = [0x49];
  const isNotLess = [0x4f];
  const doWhile = (body: number[], condition: number[]) => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];
  const zeroVector = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  const loadVector = (offset: number) => [0xfd, 0x00, 2, offset];
  const addVectors = [0xfd, 0xe4, 0x01];
  const multiplyVectors = [0xfd, 0xe6, 0x01];
  const lane = (index: number) => [0xfd, 0x1f, index];
  const addFloats = [0x92];
  const storeFloat = [0x38, 2, 0];

  const increase = (local: number, by: number[]) => [get(local), by, add, set(local)].flat();
  const accumulate = (sum: number, offset: number) =>
    [
      [get(sum), get(sample), loadVector(offset), get(tap), loadVector(offset)],
      [multiplyVectors, addVectors, set(sum)],
    ].flat(2);
  const convolve = doWhile(
    [
      [accumulate(a, 0), accumulate(b, 16), accumulate(c, 32), accumulate(d, 48)],
      [increase(sample, constant(64)), increase(tap, constant(64))],
    ].flat(2),
    [get(tap), get(rowEnd), isLess].flat(),
  );
  const body = doWhile(
    [
      [get(rows), get(phase), get(rowBytes), multiply, add, tee(tap), get(rowBytes), add, set(rowEnd)],
      [get(input), set(sample)],
      [zeroVector, tee(a), tee(b), tee(c), set(d)],
      [convolve],
      [get(output)],
      [get(a), get(b), addVectors, get(c), get(d), addVectors, addVectors, tee(a), lane(0)],
      [get(a), lane(1), addFloats, get(a), lane(2), addFloats, get(a), lane(3), addFloats],
      [storeFloat],
      [get(phase), get(phaseStep), add, tee(phase), get(phaseCount), isNotLess, set(carry)],
      [get(phase), get(carry), get(phaseCount), multiply, subtract, set(phase)],
      [increase(input, [get(sampleStep), get(carry), constant(2), shiftLeft, add].flat())],
      [increase(output, constant(BYTES_A_SAMPLE))],
    ].flat(2),
    [get(output), get(outputEnd), isLess].flat(),
  );

  const i32 = 0x7f;
  const v128 = 0x7b;
  const section = (id: number, content: number[]) => [id, ...leb128(content.length), ...content];
  const locals = [2, 4, i32, 4, v128];
  const code = [...locals, ...body, 0x0b];
  return Uint8Array.from(
    [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, [1, 0x60, 9, ...new Array<number>(9).fill(i32), 0]), // a type: nine integers, no result
      section(2, [1, 0, 0, 2, 0, 1]), // an import: a memory of at least one page
      section(3, [1, 0]), // a function of type 0
      section(7, [1, 0, 0, 0]), // its export
      section(10, [1, ...leb128(code.length), ...code]),
    ].flat(),
  );
}

/** Signed variable-length integer of the WebAssembly format, for 0 ≤ value < 8192; unsigned ones read it the same. */
function leb128(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, value >> 7];
}
