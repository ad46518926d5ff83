import type { SoundEventBox } from '../../detection/sound-event-box.js';
import type { PromptState } from '../../plugin/state.js';

const MAX_CANDIDATES = 5;
/** Below this confidence even a hint would mislead. */
const MIN_CONFIDENCE = 0.1;

/** The best boxes of a prompt that was not found, most confident first; empty for a prompt that was. */
export function weakCandidates(prompt: PromptState): readonly SoundEventBox[] {
  // A raised sensitivity lowers the bar for presence, too: then they are hits.
  if (prompt.presence?.present !== false || prompt.hitCount > 0) return [];
  return prompt.boxes
    .filter((box) => box.confidence >= MIN_CONFIDENCE)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_CANDIDATES);
}
