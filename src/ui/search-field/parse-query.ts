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
  const match = /^(.*?)(?:^|\s+)but not(?:\s+(.*))?$/is.exec(input.trim());
  const [target, contrast] = match === null ? [input, ''] : [match[1] ?? '', match[2] ?? ''];
  const parts: QueryPart[] = [
    { text: target.trim(), polarity: 'target' },
    { text: contrast.trim(), polarity: 'contrast' },
  ];
  return parts.filter(({ text }) => text !== '');
}
