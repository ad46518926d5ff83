import { html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PromptState } from '../../plugin/state.js';
import { actionButton } from '../action-button.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { styleProperties } from '../style-properties.js';
import { promptColor, theme } from '../theme.styles.js';
import { parseQuery } from './parse-query.js';
import { searchFieldStyles } from './search-field.styles.js';

const CHIP_FIELDS = ['id', 'text', 'polarity', 'phase', 'message', 'presence', 'hitCount'] as const;

/**
 * The prompts as chips and the field that adds more. Enter adds, "but not …" adds a contrast; Backspace in the empty
 * field goes to the last chip, where arrows move, F2 or a double click edits and Delete removes.
 */
export class SearchFieldElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, searchFieldStyles];

  @state() private editing: string | null = null;
  @query('input.query') private readonly field!: HTMLInputElement | null;

  /** What was asked for and is not among the prompts yet; the field keeps it until it is, so that a refusal loses nothing. */
  #asked: readonly string[] = [];

  #prompts: readonly PromptState[] = [];
  readonly #store = new StoreController(this, ({ prompts }) => {
    // A growing curve makes new prompt states many times a second; the chips show nothing of it.
    const same =
      prompts.length === this.#prompts.length &&
      prompts.every((prompt, index) => CHIP_FIELDS.every((field) => prompt[field] === this.#prompts[index]![field]));
    if (!same) this.#prompts = prompts;
    return { prompts: this.#prompts };
  });

  /** Puts the cursor into the field. */
  override focus(): void {
    this.field?.focus();
  }

  protected override updated(): void {
    if (this.#asked.length === 0 || this.field === null) return;
    const known = new Set(this.#prompts.map(({ text }) => text.toLowerCase()));
    if (!this.#asked.every((text) => known.has(text.toLowerCase()))) return;
    this.#asked = [];
    this.field.value = '';
  }

  protected override render() {
    const prompts = this.#store.value?.prompts ?? [];
    return html`<div class="field" part="search" @click=${this.#onFieldClick}>
      ${icons.search}
      ${
        prompts.length === 0
          ? nothing
          : html`<ul role="list" aria-label=${strings.prompts} @keydown=${this.#onChipKey}>
              ${repeat(
                prompts,
                ({ id }) => id,
                (prompt) => this.#chip(prompt),
              )}
            </ul>`
      }
      <input
        class="query"
        part="input"
        type="text"
        enterkeyhint="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-label=${strings.searchLabel}
        aria-keyshortcuts="/"
        placeholder=${prompts.length === 0 ? strings.searchPlaceholder : strings.searchMore}
        @keydown=${this.#onFieldKey}
        @input=${() => (this.#asked = [])}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>`;
  }

  #chip(prompt: PromptState) {
    const isTarget = prompt.polarity === 'target';
    const count =
      isTarget && prompt.phase === 'ready' && (prompt.presence !== null || prompt.hitCount > 0)
        ? prompt.hitCount
        : null;
    const text = isTarget ? prompt.text : strings.butNot(prompt.text);
    return html`<li class="chip ${prompt.phase}" part="chip" data-id=${prompt.id} title=${prompt.message ?? nothing}>
      ${
        this.editing === prompt.id
          ? html`<input
              class="edit"
              aria-label=${strings.editPrompt(text)}
              .value=${prompt.text}
              @keydown=${this.#onEditKey}
              @blur=${(event: FocusEvent) => this.#commitEdit(event.target as HTMLInputElement)}
            />`
          : html`<button
              class="pick"
              aria-keyshortcuts="F2 Delete"
              title=${prompt.message ?? strings.chipHint}
              @click=${() => this.#selectHits(prompt.id)}
              @dblclick=${() => this.#edit(prompt.id)}
            >
              ${prompt.phase === 'failed' ? icons.warning : html`<span class="dot ${isTarget ? '' : 'hollow'}" ${styleProperties({ '--_c': promptColor(prompt.color) })}></span>`}
              <span class="text">${text}</span
              >${count === null ? nothing : html`<small aria-hidden="true">${count}</small><span class="visually-hidden">${strings.hits(count)}</span>`}
            </button>`
      }
      ${actionButton({
        label: strings.removePrompt(text),
        icon: icons.close,
        look: 'remove',
        skipped: true,
        act: () => this.#remove(prompt.id),
      })}
    </li>`;
  }

  readonly #onFieldClick = (event: MouseEvent): void => {
    if (event.target === event.currentTarget) this.focus();
  };

  readonly #onFieldKey = (event: KeyboardEvent): void => {
    const field = event.target as HTMLInputElement;
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#ask(field.value);
    } else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && field.selectionEnd === 0) {
      const last = this.#chips().at(-1);
      if (last === undefined) return;
      event.preventDefault();
      last.focus();
    } else if (event.key === 'Escape') {
      field.value = '';
    }
  };

  #ask(input: string): void {
    const parts = parseQuery(input);
    if (parts.length === 0) return;
    this.#asked = parts.map(({ text }) => text);
    for (const { text, polarity } of parts) this.dispatch({ type: 'prompt-add', text, polarity });
    this.requestUpdate();
  }

  #chips(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.pick')];
  }

  readonly #onChipKey = (event: KeyboardEvent): void => {
    const origin = event.composedPath()[0] as HTMLElement;
    const id = origin.closest<HTMLElement>('.chip')?.dataset['id'];
    if (id === undefined || origin instanceof HTMLInputElement) return;
    const chips = this.#chips();
    const index = chips.findIndex((chip) => chip === origin);
    if (event.key === 'F2') this.#edit(id);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(id);
    else if (event.key === 'ArrowLeft') chips[Math.max(0, index - 1)]?.focus();
    else if (event.key === 'ArrowRight') (chips[index + 1] ?? this.field)?.focus();
    else return;
    event.preventDefault();
  };

  #selectHits(promptId: string): void {
    const hits = this.earmark?.getState().regions.filter((region) => region.promptId === promptId) ?? [];
    if (hits.length > 0) this.dispatch({ type: 'select', ids: hits.map(({ id }) => id), active: hits[0]!.id });
  }

  #remove(id: string): void {
    this.dispatch({ type: 'prompt-remove', id });
    this.focus();
  }

  #edit(id: string): void {
    this.editing = id;
    void this.updateComplete.then(() => {
      const field = this.renderRoot.querySelector<HTMLInputElement>('.edit');
      field?.focus();
      field?.select();
    });
  }

  readonly #onEditKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Enter') this.#commitEdit(event.target as HTMLInputElement);
    else if (event.key === 'Escape') this.editing = null;
    else return;
    event.preventDefault();
    this.focus();
  };

  #commitEdit(field: HTMLInputElement): void {
    const id = this.editing;
    if (id === null) return;
    this.editing = null;
    const text = field.value.trim();
    const before = this.#prompts.find((prompt) => prompt.id === id);
    if (before !== undefined && text !== '' && text !== before.text) this.dispatch({ type: 'prompt-edit', id, text });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-search-field': SearchFieldElement;
  }
}
