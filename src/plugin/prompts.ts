import { EarmarkError } from '../engine/errors.js';
import { MAX_PROMPT_LENGTH } from '../engine/prompt-length.js';
import { checkArgument, TEXT } from './argument-rules.js';
import type { Prompt, PromptPolarity } from './prompt.js';

/** Colours in the palette; see {@link Prompt.color}. */
export const PALETTE_SIZE = 8;

/** "not speech", "but not speech", as one would type it after the first prompt. */
const CONTRAST_WORDS = /^(?:but\s+)?not\s+(?=\S)/i;

/**
 * Checks what was typed.
 *
 * @param polarity as chosen elsewhere; without it "but not …" makes a contrast prompt
 * @throws EarmarkError `empty-prompt`, `prompt-too-long`, `bad-option` for what is no text
 */
export function parsePrompt(typed: unknown, polarity?: PromptPolarity): { text: string; polarity: PromptPolarity } {
  checkArgument('A prompt', TEXT, typed);
  const trimmed = (typed as string).trim().replace(/\s+/gu, ' ');
  if (trimmed === '') {
    throw new EarmarkError('empty-prompt', 'There is nothing to look for. Type a sound, for example “dog bark”.');
  }
  if (trimmed.length > MAX_PROMPT_LENGTH) {
    throw new EarmarkError(
      'prompt-too-long',
      `The prompt has ${trimmed.length} characters; at most ${MAX_PROMPT_LENGTH} are read. Describe one sound in a few words.`,
    );
  }
  if (polarity) return { text: trimmed, polarity };
  const text = trimmed.replace(CONTRAST_WORDS, '');
  return { text, polarity: text === trimmed ? 'target' : 'contrast' };
}

/** The prompt that asks for the same, letter case aside. */
export function findPrompt(prompts: readonly Prompt[], text: string): Prompt | undefined {
  const key = text.toLowerCase();
  return prompts.find((prompt) => prompt.text.toLowerCase() === key);
}

/** The first colour that none of these has; when all are taken, the one that fewest have. */
export function freeColor(colored: readonly Pick<Prompt, 'color'>[]): number {
  const uses = Array.from({ length: PALETTE_SIZE }, (_, color) => colored.filter((one) => one.color === color).length);
  return uses.indexOf(Math.min(...uses));
}
