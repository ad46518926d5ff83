/**
 * Discrete Fourier transform of real frames whose length is a power of two.
 *
 * A frame of N real samples is transformed as N/2 complex ones (even samples real, odd samples imaginary) and the
 * spectrum is split afterwards. The complex transform reads its input in bit-reversed order and decimates in time: one
 * pass of radix 4 or 8 without multiplications, then passes of radix 4. All arithmetic is float64: in float32 the
 * log-mel of a real recording is off by up to 0.02 dB and no faster.
 */
export class RealFft {
  /** Samples in a frame. */
  readonly size: number;
  private readonly half: number;
  private readonly order: Uint32Array;
  private readonly passes: readonly Pass[];
  /** e^(−2πik/N) for k = 0…N/4, real and imaginary part in turn. */
  private readonly splitTwiddles: Float64Array;
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  /**
   * @param size samples in a frame, a power of two from 8 up
   * @throws RangeError for another size
   */
  constructor(size: number) {
    if (!Number.isInteger(size) || size < 8 || (size & (size - 1)) !== 0)
      throw new RangeError(`RealFft: size must be a power of two and at least 8, not ${size}.`);
    this.size = size;
    this.half = size / 2;
    this.order = bitReversedOrder(this.half);
    this.passes = radix4Passes(this.half);
    this.splitTwiddles = twiddles(size, 1, size / 4 + 1);
    this.re = new Float64Array(this.half);
    this.im = new Float64Array(this.half);
  }

  /**
   * The spectrum X[k] = Σ x[n]·e^(−2πikn/N).
   *
   * @param frame `size` samples
   * @param re receives the real part of bins 0…size/2
   * @param im receives the imaginary part of bins 0…size/2
   */
  transform(frame: Float64Array, re: Float64Array, im: Float64Array): void {
    this.transformHalf(frame);
    const { half, splitTwiddles, re: zr, im: zi } = this;
    re[0] = zr[0]! + zi[0]!;
    im[0] = 0;
    re[half] = zr[0]! - zi[0]!;
    im[half] = 0;
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const evenRe = (zr[k]! + zr[mirrored]!) / 2;
      const evenIm = (zi[k]! - zi[mirrored]!) / 2;
      const oddRe = (zi[k]! + zi[mirrored]!) / 2;
      const oddIm = (zr[mirrored]! - zr[k]!) / 2;
      const wr = splitTwiddles[2 * k]!;
      const wi = splitTwiddles[2 * k + 1]!;
      const tr = wr * oddRe - wi * oddIm;
      const ti = wr * oddIm + wi * oddRe;
      re[k] = evenRe + tr;
      im[k] = evenIm + ti;
      re[mirrored] = evenRe - tr;
      im[mirrored] = ti - evenIm;
    }
  }

  /**
   * The power spectrum |X[k]|².
   *
   * @param frame `size` samples
   * @param power receives bins 0…size/2
   */
  power(frame: Float64Array, power: Float64Array): void {
    this.transformHalf(frame);
    const { half, splitTwiddles, re: zr, im: zi } = this;
    power[0] = (zr[0]! + zi[0]!) ** 2;
    power[half] = (zr[0]! - zi[0]!) ** 2;
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const ar = zr[k]!;
      const ai = zi[k]!;
      const br = zr[mirrored]!;
      const bi = zi[mirrored]!;
      // Twice the even and odd parts; the factor 4 of the power is taken out at the end.
      const evenRe = ar + br;
      const evenIm = ai - bi;
      const oddRe = ai + bi;
      const oddIm = br - ar;
      const wr = splitTwiddles[2 * k]!;
      const wi = splitTwiddles[2 * k + 1]!;
      const tr = wr * oddRe - wi * oddIm;
      const ti = wr * oddIm + wi * oddRe;
      const sumRe = evenRe + tr;
      const sumIm = evenIm + ti;
      const differenceRe = evenRe - tr;
      const differenceIm = evenIm - ti;
      power[k] = 0.25 * (sumRe * sumRe + sumIm * sumIm);
      power[mirrored] = 0.25 * (differenceRe * differenceRe + differenceIm * differenceIm);
    }
  }

  /**
   * The frame whose spectrum this is: x[n] = 1/N·Σ X[k]·e^(2πikn/N), with the bins above size/2 mirrored.
   *
   * @param re real part of bins 0…size/2
   * @param im imaginary part of bins 0…size/2; those of the first and the last bin count as 0
   * @param frame receives `size` samples
   */
  inverse(re: Float64Array, im: Float64Array, frame: Float64Array): void {
    const { half, splitTwiddles, re: zr, im: zi } = this;
    // The spectra of the even and the odd samples are joined to that of the pairs. Conjugated before and after, the
    // forward transform is the inverse one.
    frame[0] = re[0]! + re[half]!;
    frame[1] = re[half]! - re[0]!;
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const evenRe = re[k]! + re[mirrored]!;
      const evenIm = im[k]! - im[mirrored]!;
      const tr = re[k]! - re[mirrored]!;
      const ti = im[k]! + im[mirrored]!;
      const wr = splitTwiddles[2 * k]!;
      const wi = splitTwiddles[2 * k + 1]!;
      const oddRe = wr * tr + wi * ti;
      const oddIm = wr * ti - wi * tr;
      frame[2 * k] = evenRe - oddIm;
      frame[2 * k + 1] = -(evenIm + oddRe);
      frame[2 * mirrored] = evenRe + oddIm;
      frame[2 * mirrored + 1] = evenIm - oddRe;
    }
    this.transformHalf(frame);
    for (let n = 0; n < half; n++) {
      frame[2 * n] = zr[n]! / this.size;
      frame[2 * n + 1] = -zi[n]! / this.size;
    }
  }

  /** The complex transform of the frame's sample pairs, into `re` and `im`. */
  private transformHalf(frame: Float64Array): void {
    const { re, im } = this;
    if (Math.log2(this.half) % 2 === 0) firstPassRadix4(frame, this.order, re, im);
    else firstPassRadix8(frame, this.order, re, im);
    for (const pass of this.passes) radix4Pass(re, im, pass);
  }
}

/** Joins four transforms of `quarter` points each into one of `4·quarter`. */
interface Pass {
  readonly quarter: number;
  /** For k = 0…quarter−1: w^k, w^2k, w^3k with w = e^(−2πi/(4·quarter)), real and imaginary part in turn. */
  readonly twiddles: Float64Array;
}

function bitReversedOrder(length: number): Uint32Array {
  const bits = Math.log2(length);
  const order = new Uint32Array(length);
  for (let i = 1; i < length; i++) order[i] = (order[i >> 1]! >> 1) | ((i & 1) << (bits - 1));
  return order;
}

/** e^(−2πi·step·k/period) for k = 0…count−1, real and imaginary part in turn. */
function twiddles(period: number, step: number, count: number): Float64Array {
  const table = new Float64Array(2 * count);
  for (let k = 0; k < count; k++) {
    const angle = (-2 * Math.PI * step * k) / period;
    table[2 * k] = Math.cos(angle);
    table[2 * k + 1] = Math.sin(angle);
  }
  return table;
}

function radix4Passes(length: number): Pass[] {
  const passes: Pass[] = [];
  for (let quarter = Math.log2(length) % 2 === 0 ? 4 : 8; quarter < length; quarter *= 4) {
    const table = new Float64Array(6 * quarter);
    for (const step of [1, 2, 3]) {
      const powers = twiddles(4 * quarter, step, quarter);
      for (let k = 0; k < quarter; k++) table.set(powers.subarray(2 * k, 2 * k + 2), 6 * k + 2 * (step - 1));
    }
    passes.push({ quarter, twiddles: table });
  }
  return passes;
}

/** Reads the sample pairs in bit-reversed order and transforms every four of them. */
function firstPassRadix4(frame: Float64Array, order: Uint32Array, re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < order.length; i += 4) {
    const a = 2 * order[i]!;
    const b = 2 * order[i + 1]!;
    const c = 2 * order[i + 2]!;
    const d = 2 * order[i + 3]!;
    const s0r = frame[a]! + frame[b]!;
    const s0i = frame[a + 1]! + frame[b + 1]!;
    const s1r = frame[a]! - frame[b]!;
    const s1i = frame[a + 1]! - frame[b + 1]!;
    const s2r = frame[c]! + frame[d]!;
    const s2i = frame[c + 1]! + frame[d + 1]!;
    const s3r = frame[c]! - frame[d]!;
    const s3i = frame[c + 1]! - frame[d + 1]!;
    re[i] = s0r + s2r;
    im[i] = s0i + s2i;
    re[i + 1] = s1r + s3i;
    im[i + 1] = s1i - s3r;
    re[i + 2] = s0r - s2r;
    im[i + 2] = s0i - s2i;
    re[i + 3] = s1r - s3i;
    im[i + 3] = s1i + s3r;
  }
}

/** Reads the sample pairs in bit-reversed order and transforms every eight of them. */
function firstPassRadix8(frame: Float64Array, order: Uint32Array, re: Float64Array, im: Float64Array): void {
  for (let i = 0; i < order.length; i += 8) {
    const a = 2 * order[i]!;
    const b = 2 * order[i + 1]!;
    const c = 2 * order[i + 2]!;
    const d = 2 * order[i + 3]!;
    const e = 2 * order[i + 4]!;
    const f = 2 * order[i + 5]!;
    const g = 2 * order[i + 6]!;
    const h = 2 * order[i + 7]!;
    const s0r = frame[a]! + frame[b]!;
    const s0i = frame[a + 1]! + frame[b + 1]!;
    const s1r = frame[a]! - frame[b]!;
    const s1i = frame[a + 1]! - frame[b + 1]!;
    const s2r = frame[c]! + frame[d]!;
    const s2i = frame[c + 1]! + frame[d + 1]!;
    const s3r = frame[c]! - frame[d]!;
    const s3i = frame[c + 1]! - frame[d + 1]!;
    const s4r = frame[e]! + frame[f]!;
    const s4i = frame[e + 1]! + frame[f + 1]!;
    const s5r = frame[e]! - frame[f]!;
    const s5i = frame[e + 1]! - frame[f + 1]!;
    const s6r = frame[g]! + frame[h]!;
    const s6i = frame[g + 1]! + frame[h + 1]!;
    const s7r = frame[g]! - frame[h]!;
    const s7i = frame[g + 1]! - frame[h + 1]!;
    const u0r = s0r + s2r;
    const u0i = s0i + s2i;
    const u1r = s1r + s3i;
    const u1i = s1i - s3r;
    const u2r = s0r - s2r;
    const u2i = s0i - s2i;
    const u3r = s1r - s3i;
    const u3i = s1i + s3r;
    const v0r = s4r + s6r;
    const v0i = s4i + s6i;
    const v1r = s5r + s7i;
    const v1i = s5i - s7r;
    const v2r = s4r - s6r;
    const v2i = s4i - s6i;
    const v3r = s5r - s7i;
    const v3i = s5i + s7r;
    // The odd half turned by e^(−iπ/4), −i and e^(−3iπ/4).
    const w1r = Math.SQRT1_2 * (v1r + v1i);
    const w1i = Math.SQRT1_2 * (v1i - v1r);
    const w3r = Math.SQRT1_2 * (v3i - v3r);
    const w3i = -Math.SQRT1_2 * (v3r + v3i);
    re[i] = u0r + v0r;
    im[i] = u0i + v0i;
    re[i + 1] = u1r + w1r;
    im[i + 1] = u1i + w1i;
    re[i + 2] = u2r + v2i;
    im[i + 2] = u2i - v2r;
    re[i + 3] = u3r + w3r;
    im[i + 3] = u3i + w3i;
    re[i + 4] = u0r - v0r;
    im[i + 4] = u0i - v0i;
    re[i + 5] = u1r - w1r;
    im[i + 5] = u1i - w1i;
    re[i + 6] = u2r - v2i;
    im[i + 6] = u2i + v2r;
    re[i + 7] = u3r - w3r;
    im[i + 7] = u3i - w3i;
  }
}

function radix4Pass(re: Float64Array, im: Float64Array, { quarter, twiddles }: Pass): void {
  for (let block = 0; block < re.length; block += 4 * quarter) {
    for (let k = 0; k < quarter; k++) {
      // Bit reversal has put the transforms of samples 0, 2, 1, 3 (mod 4) side by side.
      const a = block + k;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const t = 6 * k;
      const cr = re[c]! * twiddles[t]! - im[c]! * twiddles[t + 1]!;
      const ci = re[c]! * twiddles[t + 1]! + im[c]! * twiddles[t]!;
      const br = re[b]! * twiddles[t + 2]! - im[b]! * twiddles[t + 3]!;
      const bi = re[b]! * twiddles[t + 3]! + im[b]! * twiddles[t + 2]!;
      const dr = re[d]! * twiddles[t + 4]! - im[d]! * twiddles[t + 5]!;
      const di = re[d]! * twiddles[t + 5]! + im[d]! * twiddles[t + 4]!;
      const s0r = re[a]! + br;
      const s0i = im[a]! + bi;
      const s1r = re[a]! - br;
      const s1i = im[a]! - bi;
      const s2r = cr + dr;
      const s2i = ci + di;
      const s3r = cr - dr;
      const s3i = ci - di;
      re[a] = s0r + s2r;
      im[a] = s0i + s2i;
      re[b] = s1r + s3i;
      im[b] = s1i - s3r;
      re[c] = s0r - s2r;
      im[c] = s0i - s2i;
      re[d] = s1r - s3i;
      im[d] = s1i + s3r;
    }
  }
}
