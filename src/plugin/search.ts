import type { Detection } from '../detection/detection.js';
import type { EmbeddingEngine } from '../engine/embedding-engine.js';
import type { EncodedPrompt } from './analysis-session.js';
import { EMPTY_DOCUMENT, type DocumentEdit, type EditDocument } from './edit-document.js';
import { commit, emptyHistory, redo, undo, type History } from './history.js';
import type { HostHistory } from './host/timeline-host.js';
import { PromptEmbeddings } from './prompt-embeddings.js';
import { NOTHING_FOUND_YET, type PromptFinding } from './prompt-finding.js';
import { PromptStates } from './prompt-states.js';
import { mergeRegions } from './regions.js';
import { splitPrompts, type Split, type SplitState } from './split.js';
import type { StateStore } from './store.js';

/** What is to be scored. */
type AskedPrompt = Pick<EncodedPrompt, 'id' | 'polarity'> & { readonly text: string };

/** Makes the state of a split from what was found; see `SplitDerivation`. */
export type DeriveSplit = (split: Split | null, findings: ReadonlyMap<string, PromptFinding>) => SplitState | null;

function askedPrompts({ prompts, split }: EditDocument): AskedPrompt[] {
  return [...prompts, ...splitPrompts(split)];
}

/**
 * What is searched for, what has been found, and what the user made of it: prompts, regions and history in the state
 * are derived here from the document and the findings.
 */
export class Search {
  readonly #store: StateStore;
  readonly #engine: () => Promise<EmbeddingEngine>;
  readonly #onPrompts: () => void;
  readonly #hostHistory: HostHistory | undefined;
  readonly #embeddings = new PromptEmbeddings((id) => this.#encodingChanged(id));
  readonly #promptStates = new PromptStates();
  readonly #findings = new Map<string, PromptFinding>();
  #history: History<EditDocument> = emptyHistory(EMPTY_DOCUMENT);
  #deriveSplit: DeriveSplit = () => null;

  /**
   * @param onPrompts called when {@link encodedPrompts} may have changed
   * @param hostHistory where undo and redo happen instead of here
   */
  constructor(
    store: StateStore,
    engine: () => Promise<EmbeddingEngine>,
    onPrompts: () => void,
    hostHistory?: HostHistory,
  ) {
    this.#hostHistory = hostHistory;
    this.#store = store;
    this.#engine = engine;
    this.#onPrompts = onPrompts;
  }

  get document(): EditDocument {
    return this.#history.present;
  }

  /** From now on the split is part of what is derived. */
  setDeriveSplit(derive: DeriveSplit): void {
    this.#deriveSplit = derive;
  }

  /** The prompts, and those of the split, that can be scored by now. */
  get encodedPrompts(): EncodedPrompt[] {
    return askedPrompts(this.document).flatMap(({ id, polarity }) => {
      const encoding = this.#embeddings.get(id);
      return encoding.phase === 'ready' ? [{ id, polarity, embedding: encoding.embedding }] : [];
    });
  }

  finding(promptId: string): PromptFinding | undefined {
    return this.#findings.get(promptId);
  }

  /** @param complete whether the detection speaks of the whole recording */
  setDetection(promptId: string, detection: Detection, complete: boolean): void {
    const finding = this.#findings.get(promptId);
    if (!finding) return;
    this.#findings.set(promptId, { ...finding, detection, complete });
    // What is heard of classes makes no region.
    if (this.document.prompts.some(({ id }) => id === promptId)) this.publish();
    else this.publishSplit();
  }

  apply(edit: DocumentEdit): void {
    if (!edit) return;
    const before = this.#history.past.at(-1)?.id;
    this.#travel(commit(this.#history, edit));
    const { id, name } = this.#history.past.at(-1) ?? { name: '' };
    if (id === before) return;
    this.#hostHistory?.push({
      name,
      undo: () => this.#history.past.at(-1)?.id === id && this.#travel(undo(this.#history)),
      redo: () => this.#history.future.at(-1)?.id === id && this.#travel(redo(this.#history)),
    });
  }

  undo(): void {
    if (this.#hostHistory) this.#hostHistory.undo();
    else this.#travel(undo(this.#history));
  }

  redo(): void {
    if (this.#hostHistory) this.#hostHistory.redo();
    else this.#travel(redo(this.#history));
  }

  /** What was found and decided about the recording goes; prompts and classes stay, to be asked of the next one. */
  forgetRecording(): void {
    const { prompts, split } = this.document;
    this.#history = emptyHistory({ ...EMPTY_DOCUMENT, prompts, split });
    this.forgetDetections();
  }

  /** What was found goes; what was decided stays. */
  forgetDetections(): void {
    for (const [id, finding] of this.#findings) {
      this.#findings.set(id, { ...finding, detection: null, complete: false });
    }
  }

  /** Encodes all prompts again: embeddings belong to the engine that made them. */
  encodeAgain(): void {
    this.#embeddings.clear();
    this.#embeddings.update(askedPrompts(this.document), this.#engine);
  }

  /** Tries the prompts again that could not be encoded. */
  retryFailed(): void {
    this.#embeddings.forgetFailed();
    this.#embeddings.update(askedPrompts(this.document), this.#engine);
  }

  /** Derives what views see. */
  publish(): void {
    const { state } = this.#store;
    const prompts = this.#promptStates.update(this.document.prompts, this.#findings);
    const regions = mergeRegions(
      this.document,
      state.source?.id ?? '',
      this.#promptStates.hits,
      state.regions,
      state.channel,
    );
    const ids = new Set(regions.map((region) => region.id));
    const selected = [...state.selectedRegionIds].filter((id) => ids.has(id));
    const activeIsThere = state.activeRegionId !== null && ids.has(state.activeRegionId);
    const names = { undo: this.#history.past.at(-1)?.name ?? null, redo: this.#history.future.at(-1)?.name ?? null };
    const sameNames = names.undo === state.history.undo && names.redo === state.history.redo;
    this.#store.update({
      prompts,
      regions,
      selectedRegionIds: selected.length === state.selectedRegionIds.size ? state.selectedRegionIds : new Set(selected),
      activeRegionId: activeIsThere ? state.activeRegionId : null,
      looping: state.looping && activeIsThere,
      mask: this.document.mask,
      maskBypassed: state.maskBypassed && this.document.mask !== null,
      gainEnvelope: this.document.mask && state.gainEnvelope,
      history: sameNames ? state.history : names,
    });
    this.publishSplit();
  }

  /** Derives the split alone. */
  publishSplit(): void {
    this.#store.update({ split: this.#deriveSplit(this.document.split, this.#findings) });
  }

  #travel(history: History<EditDocument>): void {
    const before = this.document;
    this.#history = history;
    const { prompts, split } = this.document;
    if (prompts !== before.prompts || split !== before.split) {
      const asked = askedPrompts(this.document);
      const texts = new Map(asked.map(({ id, text }) => [id, text]));
      for (const { id, text } of askedPrompts(before)) if (texts.get(id) !== text) this.#findings.delete(id);
      this.#embeddings.update(asked, this.#engine);
      this.#onPrompts();
    }
    this.publish();
  }

  #encodingChanged(id: string): void {
    const encoding = this.#embeddings.get(id);
    const { understood, detection, complete } = this.#findings.get(id) ?? NOTHING_FOUND_YET;
    const { phase } = encoding;
    const known = { phase, understood, detection, complete };
    if (phase === 'ready') this.#findings.set(id, { ...known, understood: encoding.embedding.understood });
    else if (phase === 'failed') this.#findings.set(id, { ...known, error: encoding.error });
    else this.#findings.set(id, known);
    if (phase === 'ready') this.#onPrompts();
    this.publish();
  }
}
