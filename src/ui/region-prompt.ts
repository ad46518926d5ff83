import type { Region } from '../plugin/region.js';
import type { PromptState } from '../plugin/state.js';

/** Whether a region is a hit of the prompt: found by it, or drawn by the user under its name. */
export function belongsTo(region: Region, { id, text }: Pick<PromptState, 'id' | 'text'>): boolean {
  return region.promptId === undefined ? region.label === text : region.promptId === id;
}

/** The palette index of every region's prompt; undefined where it has none. */
export function colorLookup(prompts: readonly PromptState[]): (region: Region) => number | undefined {
  const byId = new Map(prompts.map(({ id, color }) => [id, color]));
  const byText = new Map(prompts.map(({ text, color }) => [text, color]));
  return ({ promptId, label }) => (promptId === undefined ? byText.get(label) : byId.get(promptId));
}
