import { selectHits } from '../detection/sensitivity.js';
import type { SoundEventBox } from '../detection/sound-event-box.js';
import type { Prompt } from './prompt.js';
import { NOTHING_FOUND_YET, type PromptFinding } from './prompt-finding.js';
import type { PromptHits } from './regions.js';
import type { PromptState } from './state.js';

interface Joined {
  readonly prompt: Prompt;
  readonly finding: PromptFinding;
  readonly hits: readonly SoundEventBox[];
  readonly state: PromptState;
}

/** Joins what the user asked (prompts) with what was found; what did not change keeps its identity. */
export class PromptStates {
  #joined = new Map<string, Joined>();
  #states: readonly PromptState[] = [];

  update(prompts: readonly Prompt[], findings: ReadonlyMap<string, PromptFinding>): readonly PromptState[] {
    const joined = prompts.map((prompt) => {
      const finding = findings.get(prompt.id) ?? NOTHING_FOUND_YET;
      const before = this.#joined.get(prompt.id);
      return before?.prompt === prompt && before.finding === finding ? before : join(prompt, finding);
    });
    this.#joined = new Map(joined.map((entry) => [entry.prompt.id, entry]));
    const states = joined.map((entry) => entry.state);
    if (states.length !== this.#states.length || states.some((state, i) => state !== this.#states[i])) {
      this.#states = states;
    }
    return this.#states;
  }

  /** The hits of the prompts that were given last. */
  get hits(): PromptHits[] {
    return [...this.#joined.values()].flatMap(({ prompt, finding: { detection }, hits }) =>
      detection ? [{ prompt, hits, curve: detection.curve }] : [],
    );
  }
}

function join(prompt: Prompt, finding: PromptFinding): Joined {
  const { phase, error, understood, detection, complete } = finding;
  const isTarget = prompt.polarity === 'target';
  const hits = detection && isTarget ? selectHits(detection, prompt.sensitivity).hits : [];
  const state: PromptState = Object.freeze({
    ...prompt,
    phase,
    ...(error ? { message: error.message } : {}),
    understood,
    curve: detection?.curve ?? null,
    boxes: detection?.boxes ?? [],
    presence: detection && complete ? detection.presence : null,
    hitCount: hits.length,
  });
  return { prompt, finding, hits, state };
}
