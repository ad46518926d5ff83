import { EarmarkError } from '../engine/errors.js';
import type { ActionContext } from './actions.js';
import { clearSplit, hideClass, mergeClasses, renameClass, setSplit, splitToRegions } from './reduce-split.js';
import type { SplitRequest } from './requests.js';
import { deletePreset, savedPresets, savePreset } from './saved-presets.js';
import { SplitDerivation } from './split-derivation.js';
import type { SplitOptions, SplitSegment, SplitState } from './split.js';
import { waitForState } from './wait-for-state.js';

/** Splits by class: requests change the document, what was heard makes the segments. */
export class Splitting {
  readonly #context: ActionContext;
  readonly #derivation: SplitDerivation;

  constructor(context: ActionContext) {
    this.#context = context;
    const { store, heard, deriveSplit, publishSplit } = context;
    this.#derivation = new SplitDerivation({ store, track: () => heard()?.track ?? null, onChange: publishSplit });
    deriveSplit((split, findings) => this.#derivation.derive(split, findings));
    publishSplit();
  }

  /** @throws EarmarkError why it is refused */
  handle(request: SplitRequest): void {
    const { apply, document, store, freshId } = this.#context;
    switch (request.type) {
      case 'split-set':
        return apply(setSplit(document(), request, () => freshId('class')));
      case 'split-clear':
        return apply(clearSplit(document()));
      case 'split-class-rename':
        return apply(renameClass(document(), request.id, request.label));
      case 'split-class-merge':
        return apply(mergeClasses(document(), request.ids));
      case 'split-class-hide':
        return apply(hideClass(document(), request.id, request.hidden));
      case 'split-to-regions':
        return apply(splitToRegions(document(), store.state.split, store.state.source?.id ?? ''));
      case 'split-preset-save':
        savePreset({
          name: request.name,
          classes: this.#classes().map(({ label, texts, silence }) => ({ label, texts, silence })),
        });
        break;
      case 'split-preset-delete':
        deletePreset(request.name);
        break;
      case 'split-preset-list':
        break;
    }
    store.update({ splitPresets: savedPresets() });
  }

  /** As `Earmark.split`. */
  async split({ signal, ...options }: SplitOptions): Promise<readonly SplitSegment[]> {
    signal?.throwIfAborted();
    const { store, life, analysed } = this.#context;
    this.handle({ type: 'split-set', ...options });
    await analysed(signal);
    const split = await waitForState(store, (state) => finished(state.split), [signal, life]);
    return split.segments;
  }

  destroy(): void {
    this.#derivation.destroy();
  }

  #classes(): SplitState['classes'] {
    const { split } = this.#context.store.state;
    if (!split) throw new EarmarkError('bad-option', 'There are no classes to save. Split the recording first.');
    return split.classes;
  }
}

/** For {@link waitForState}. */
function finished(split: SplitState | null): SplitState | undefined {
  if (!split) throw new EarmarkError('bad-option', 'The split was cleared before it was finished.');
  const failed = split.classes.find(({ phase }) => phase === 'failed');
  if (failed) throw new EarmarkError('bad-option', `“${failed.label}” could not be searched: ${failed.message ?? ''}`);
  return split.complete ? split : undefined;
}
