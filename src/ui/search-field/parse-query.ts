import type { PromptPolarity } from '../../plugin/prompt.js';

export interface QueryPart {
  readonly text: string;
  readonly polarity: PromptPolarity;
}

/**
 * What was typed, as prompts: "dog bark" asks for one, "but not wind" for a contrast, "dog bark but not wind" for both.
 * Blank input asks for nothing.
 */
export function parseQuery(input: string): QueryPart[] {
  const words = input.trim().replace(/\s+/gu, ' ');
  const match = /^(.*?)(?:^| )but not(?: (.*))?$/i.exec(words);
  const [target, contrast] = match === null ? [words, ''] : [match[1] ?? '', match[2] ?? ''];
  const parts: QueryPart[] = [
    { text: target, polarity: 'target' },
    { text: contrast, polarity: 'contrast' },
  ];
  return parts.filter(({ text }) => text !== '');
}
