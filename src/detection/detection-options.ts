import type { Decibels, Score } from '../dsp/units.js';

/** How evidence becomes events. None of these depends on the sensitivity. */
export interface DetectionOptions {
  /** Score that all frames of an event reach: it begins and ends there. */
  readonly lowest: Score;
  /** How much of a prompt's elevated baseline is taken off its logits; 0: none. */
  readonly baselineWeight: number;
  /** Smallest change of level that an edge moves to; Infinity: edges stay on the model's frame grid. */
  readonly levelStep: Decibels;
  /** A frame that nowhere reaches this level holds no event; digital silence never does. */
  readonly silence: Decibels;
}

/** What an option may be. */
export interface OptionRange {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'dB' | 'dBFS' | '';
}

/** Defaults were chosen by measurement on recordings that the model has not seen: docs/detection.md has the tables. */
export const DETECTION_OPTIONS: Readonly<Record<keyof DetectionOptions, OptionRange>> = {
  lowest: { default: 0.2, min: 0.01, max: 1, unit: '' },
  baselineWeight: { default: 0.15, min: 0, max: 1, unit: '' },
  levelStep: { default: 6, min: 1, max: Infinity, unit: 'dB' },
  silence: { default: -80, min: -Infinity, max: 0, unit: 'dBFS' },
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
    lowest: value('lowest'),
    baselineWeight: value('baselineWeight'),
    levelStep: value('levelStep'),
    silence: value('silence'),
  };
}
