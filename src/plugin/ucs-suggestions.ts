import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import { EarmarkError } from '../engine/errors.js';
import { UcsSuggester, type SuggestUcsOptions, type UcsSuggestion } from '../tasks/ucs-suggestion.js';

/** Suggests UCS categories with the engine as it is at the time. */
export class UcsSuggestions {
  /** What was encoded belongs to the engine that did it. */
  readonly #suggesters = new WeakMap<EmbeddingEngine, UcsSuggester>();

  /** @throws EarmarkError `bad-option`, `prompt-too-long`, or why the model cannot be used */
  async suggest(engine: EmbeddingEngine, label: string, options: SuggestUcsOptions = {}): Promise<UcsSuggestion[]> {
    const { limit } = options;
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      throw new EarmarkError('bad-option', `“limit” is a whole number of suggestions from 1, not ${String(limit)}.`);
    }
    let suggester = this.#suggesters.get(engine);
    if (!suggester) {
      suggester = new UcsSuggester((text, signal) => engine.embedText(text, signal));
      this.#suggesters.set(engine, suggester);
    }
    return suggester.suggest(label, options);
  }
}
