import type { SplitClass, SplitClassInit } from '../../../plugin/split.js';

/**
 * Class names as they are typed, separated by commas, semicolons or line breaks. A class that is there already stays
 * what it is known by.
 */
export function parseClassNames(typed: string, known: readonly SplitClass[]): SplitClassInit[] {
  return typed
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const same = known.find(({ label }) => label.toLowerCase() === name.toLowerCase());
      return same ? { label: same.label, texts: same.texts, silence: same.silence } : name;
    });
}
