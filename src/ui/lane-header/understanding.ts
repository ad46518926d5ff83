import type { PromptState } from '../../plugin/state.js';

type Understood = PromptState['understood'];

/** A share below which a class says little about what the model took a prompt for. */
const LEADING_SHARE = 0.1;
const MAX_CLASSES = 3;
/** The class of texts that mean no sound. */
const NO_SOUND = 'no sound';
/** From this share of "no sound" on, or below this share of the best class, Pocket mostly guesses. */
const MUCH_NO_SOUND = 0.25;
const LITTLE_BEST = 0.4;

/** The classes worth naming, best first. */
export function leadingClasses(understood: Understood): string[] {
  return understood
    .filter(({ label, share }) => share >= LEADING_SHARE && label !== NO_SOUND)
    .slice(0, MAX_CLASSES)
    .map(({ label }) => label);
}

/** Whether the model took the prompt for nothing in particular; never for models that cannot tell. */
export function knowsLittle(understood: Understood): boolean {
  const best = understood[0];
  const noSound = understood.find(({ label }) => label === NO_SOUND);
  return best !== undefined && (best.share < LITTLE_BEST || (noSound?.share ?? 0) >= MUCH_NO_SOUND);
}
