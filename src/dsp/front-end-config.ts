import type { MelScale } from './mel-filterbank.js';
import type { Hertz, Samples } from './units.js';

/** What a log-mel front end computes; every number that changes its output. */
export interface FrontEndConfig {
  /** Rate of the mono samples it is given. */
  readonly sampleRate: Hertz;
  /** Samples from one frame's centre to the next. */
  readonly hop: Samples;
  /** Samples transformed a frame, a power of two. */
  readonly fftSize: number;
  /** Samples under the Hann window in the middle of the frame, at most `fftSize`. */
  readonly windowLength: Samples;
  /** Periodic or symmetric Hann window. */
  readonly windowPeriodic: boolean;
  /** Coefficient *a* of the pre-emphasis 1 − a·z⁻¹, applied as |1 − a·e^(−jω)|² to the power spectrum; 0 is none. */
  readonly preemphasis: number;
  readonly melBands: number;
  readonly lowFrequency: Hertz;
  readonly highFrequency: Hertz;
  readonly melScale: MelScale;
  readonly melNorm: 'slaney' | 'none';
  /** The axis along which the mel triangles' slopes are straight. */
  readonly melSlopes: 'hertz' | 'mel';
  /** Mel power below this counts as this; 1e-10 is −100 dB. */
  readonly powerFloor: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** What `ClapFeatureExtractor` of transformers computes whatever its file says. */
const CLAP_FIELDS: Fields = {
  center: true,
  log_mel: 'dB',
  mel_floor: 1e-10,
  mel_scale: 'slaney',
  norm: 'slaney',
  pad_mode: 'reflect',
  power: 2,
  preemphasis: null,
  triangularize_in_mel_space: false,
  window: 'hann',
  window_periodic: true,
  zero_nyquist_bin: false,
};

/** Fields of a `PocketClapFeatureExtractor` file that say nothing about how a frame is computed. */
const POCKET_DESCRIPTIVE_FIELDS = new Set(['feature_shape', 'padding', 'return_attention_mask', 'truncation']);

/**
 * Reads the `preprocessor_config.json` of a CLAP model.
 *
 * Two kinds are known, by `feature_extractor_type`: `ClapFeatureExtractor`, as the Hugging Face hub has it (its class
 * fixes most of the computation, so fields that it would ignore are ignored), and `PocketClapFeatureExtractor`, which
 * states everything; a field of it that is not known here is refused, because it may change the numbers.
 *
 * @param json the parsed file
 * @throws TypeError when a field is missing or of the wrong type
 * @throws RangeError when a value is not supported; both messages name the field
 */
export function parseFrontEndConfig(json: unknown): FrontEndConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('preprocessor_config.json must hold a JSON object.');
  const reader = new FieldReader(json as Fields);
  const type = reader.oneOf('feature_extractor_type', ['ClapFeatureExtractor', 'PocketClapFeatureExtractor']);
  if (type === 'PocketClapFeatureExtractor') return readConfig(reader, true);
  // 'fusion' stacks a shrunk and three random crops made with another filterbank.
  reader.oneOf('truncation', ['rand_trunc']);
  reader.absentOr('top_db', null);
  return readConfig(new FieldReader({ ...(json as Fields), ...CLAP_FIELDS }), false);
}

function readConfig(reader: FieldReader, strict: boolean): FrontEndConfig {
  const sampleRate = reader.integer('sampling_rate', 1000, 768_000);
  const fftSize = reader.integer('fft_window_size', 8, 1 << 16);
  if ((fftSize & (fftSize - 1)) !== 0) throw unsupported('fft_window_size', fftSize, 'a power of two');
  const lowFrequency = reader.number('frequency_min', 0, sampleRate / 2);
  const preemphasis = reader.has('preemphasis') ? reader.number('preemphasis', 0, 1) : 0;
  if (preemphasis > 0) reader.matching('preemphasis_mode', /^factor\b.*\bon the power spectrum$/);
  reader.oneOf('window', ['hann']);
  reader.oneOf('center', [true]);
  reader.oneOf('pad_mode', ['reflect']);
  reader.oneOf('power', [2]);
  reader.oneOf('log_mel', ['dB']);
  // Without effect: the last triangle ends at or below that bin's frequency, so it weighs nothing either way.
  reader.oneOf('zero_nyquist_bin', [true, false]);
  reader.absentOr('reference', 1);
  reader.absentOr('db_range', null);
  const melFloor = reader.number('mel_floor', Number.MIN_VALUE, 1);
  const powerFloor = reader.has('min_value') ? Math.max(melFloor, reader.number('min_value', 0, 1)) : melFloor;
  const config: FrontEndConfig = {
    sampleRate,
    hop: reader.integer('hop_length', 1, fftSize),
    fftSize,
    windowLength: reader.has('win_length') ? reader.integer('win_length', 2, fftSize) : fftSize,
    windowPeriodic: reader.oneOf('window_periodic', [true, false]),
    preemphasis,
    melBands: reader.integer('feature_size', 1, fftSize / 2),
    lowFrequency,
    highFrequency: reader.number('frequency_max', lowFrequency + 1, sampleRate / 2),
    melScale: reader.oneOf('mel_scale', ['slaney', 'htk', 'kaldi']),
    melNorm: reader.oneOf('norm', ['slaney', null]) ?? 'none',
    melSlopes: reader.oneOf('triangularize_in_mel_space', [true, false]) ? 'mel' : 'hertz',
    powerFloor,
  };
  if (config.melNorm === 'slaney' && config.melSlopes === 'mel')
    throw unsupported('norm', 'slaney', 'null when triangularize_in_mel_space is true');
  if (strict) reader.refuseUnread(POCKET_DESCRIPTIVE_FIELDS);
  return config;
}

/** Checks the fields of a file one by one and remembers which were asked for. */
class FieldReader {
  private readonly read = new Set<string>();

  constructor(private readonly fields: Fields) {}

  /** Whether the field is there; null is how these files say that it is not. */
  has(name: string): boolean {
    return (this.value(name) ?? null) !== null;
  }

  integer(name: string, least: number, most: number): number {
    const value = this.number(name, least, most);
    if (!Number.isInteger(value)) throw unsupported(name, value, 'an integer');
    return value;
  }

  number(name: string, least: number, most: number): number {
    const value = this.value(name);
    if (typeof value !== 'number') throw wrongType(name, value, 'a number');
    if (!(value >= least && value <= most)) throw unsupported(name, value, `from ${least} to ${most}`);
    return value;
  }

  oneOf<const T extends string | number | boolean | null>(name: string, allowed: readonly T[]): T {
    const value = this.value(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    if (value === undefined) throw wrongType(name, value, choice(allowed));
    throw unsupported(name, value, choice(allowed));
  }

  /** Refuses any value but the one that changes nothing. */
  absentOr(name: string, neutral: string | number | null): void {
    if (this.value(name) !== undefined) this.oneOf(name, [neutral]);
  }

  matching(name: string, pattern: RegExp): void {
    const value = this.value(name);
    if (typeof value !== 'string') throw wrongType(name, value, 'a string');
    if (!pattern.test(value)) throw unsupported(name, value, '"factor … on the power spectrum"');
  }

  refuseUnread(known: ReadonlySet<string>): void {
    for (const name of Object.keys(this.fields)) {
      if (!this.read.has(name) && !known.has(name))
        throw new RangeError(
          `preprocessor_config.json: the field "${name}" is not known, and it may change the result.`,
        );
    }
  }

  private value(name: string): unknown {
    this.read.add(name);
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }
}

function choice(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

function unsupported(name: string, value: unknown, wanted: string): RangeError {
  return new RangeError(
    `preprocessor_config.json: "${name}" is ${JSON.stringify(value)}, which is not supported; it must be ${wanted}.`,
  );
}

function wrongType(name: string, value: unknown, wanted: string): TypeError {
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new TypeError(`preprocessor_config.json: "${name}" ${found}; it must be ${wanted}.`);
}
