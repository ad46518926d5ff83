import type { Decibels, Score, Seconds } from '../dsp/units.js';

/** How evidence becomes events. None of these depends on the sensitivity. */
export interface DetectionOptions {
  /**
   * Length of the step filter that finds boundaries (τ of cSEBB). Longer: fewer, smoother events. For models with frames
   * of more than 160 ms the default is four of them.
   */
  readonly stepFilter: Seconds;
  /** Neighbouring events become one if both peaks are less than this many times the lowest score between them. */
  readonly mergeRatio: number;
  /** How much of a prompt's elevated baseline is taken off its logits; 0: none. */
  readonly baselineWeight: number;
  /** Smallest change of level that an edge moves to; Infinity: edges stay on the model's frame grid. */
  readonly levelStep: Decibels;
  /** A frame that nowhere reaches this level holds no event; digital silence never does. */
  readonly silence: Decibels;
  /** Boxes below this confidence are dropped: there are dozens a minute, and nobody would look at them. */
  readonly weakest: Score;
}

/** What an option may be. */
export interface OptionRange {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 's' | 'dB' | 'dBFS' | '';
}

/** Defaults were chosen by measurement on recordings that the model has not seen: docs/detection.md has the tables. */
export const DETECTION_OPTIONS: Readonly<Record<keyof DetectionOptions, OptionRange>> = {
  stepFilter: { default: 0.64, min: 0.16, max: 10, unit: 's' },
  mergeRatio: { default: 2, min: 1, max: Infinity, unit: '' },
  baselineWeight: { default: 0.3, min: 0, max: 1, unit: '' },
  levelStep: { default: 6, min: 1, max: Infinity, unit: 'dB' },
  silence: { default: -80, min: -Infinity, max: 0, unit: 'dBFS' },
  weakest: { default: 0.1, min: 0, max: 1, unit: '' },
};

/**
 * Fills in the defaults.
 *
 * @throws RangeError naming the option and its range when one is not a number in its range
 */
export function detectionOptions(options: Partial<DetectionOptions> = {}): DetectionOptions {
  const value = (name: keyof DetectionOptions): number => {
    const range = DETECTION_OPTIONS[name];
    const chosen = options[name] ?? range.default;
    if (!(chosen >= range.min && chosen <= range.max))
      throw new RangeError(
        `Detection option ${name} is ${chosen}; it must be ${range.min} to ${range.max} ${range.unit}`.trimEnd() + '.',
      );
    return chosen;
  };
  return {
    stepFilter: value('stepFilter'),
    mergeRatio: value('mergeRatio'),
    baselineWeight: value('baselineWeight'),
    levelStep: value('levelStep'),
    silence: value('silence'),
    weakest: value('weakest'),
  };
}
