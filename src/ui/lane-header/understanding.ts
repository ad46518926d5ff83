import type { PromptState } from '../../plugin/state.js';

type Understood = PromptState['understood'];

/** A share below which a class says little about what the model took a prompt for. */
const LEADING_SHARE = 0.1;
const MAX_CLASSES = 3;
/** Pocket's class for texts that mean no sound. */
const NO_SOUND = 'no sound';

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
  return best !== undefined && (best.label === NO_SOUND || best.share < 2 * LEADING_SHARE);
}
