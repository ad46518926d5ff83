import type { SplitState } from '../../../plugin/split.js';

/** Fills that tell classes apart where colours do not. */
export type StripPattern = 'plain' | 'rising' | 'falling' | 'dots';

const PATTERNS: readonly StripPattern[] = ['plain', 'rising', 'falling', 'dots'];

/** How a class looks: 8 colours with 4 patterns each. */
export function patternOf(classIndex: number): StripPattern {
  return PATTERNS[classIndex % PATTERNS.length]!;
}

/**
 * The shortest beginnings of the labels that tell them apart, up to three letters, for segments too narrow for a word.
 */
export function initialsOf(classes: SplitState['classes']): string[] {
  const labels = classes.map(({ label }) => Array.from(label.toLocaleUpperCase()));
  return labels.map((letters, i) => {
    for (const length of [1, 2]) {
      const start = letters.slice(0, length).join('');
      if (labels.every((other, j) => j === i || other.slice(0, length).join('') !== start)) return start;
    }
    return letters.slice(0, 3).join('');
  });
}
