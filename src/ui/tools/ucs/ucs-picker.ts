import { css, html, LitElement, nothing, type CSSResultGroup, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { UCS_ENTRIES, type UcsEntry } from '../../../plugin/ucs.js';
import { controls } from '../../control.styles.js';
import { theme } from '../../theme.styles.js';
import { searchUcs } from './ucs-search.js';
import { ucsStrings } from './ucs-strings.js';

/** Detail of the event `ucs-pick`: the CatID that was chosen; null: none any more. */
export type UcsPick = CustomEvent<string | null>;

/**
 * A field that finds UCS entries by CatID, Category or SubCategory; suggestions come first. Arrows move, Enter chooses,
 * Enter in the empty field takes the category back, Escape closes.
 *
 * @fires ucs-pick - another CatID was chosen
 */
export class UcsPickerElement extends LitElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      input {
        width: 100%;
        min-height: 30px;
        padding: 4px 9px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
      }
      input::placeholder {
        color: var(--_muted);
        opacity: 1;
      }
      .list {
        position: relative;
        max-height: 264px;
        margin-top: 4px;
        padding: 4px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
        overflow: auto;
      }
      .title,
      .none {
        padding: 5px 8px 3px;
        color: var(--_muted);
        font-size: 12px;
      }
      .option {
        display: flex;
        align-items: baseline;
        gap: 10px;
        padding: 4px 8px;
        border-radius: 5px;
        cursor: pointer;
      }
      .option:hover {
        background: color-mix(in srgb, var(--_text) 6%, var(--_raised));
      }
      .option.active {
        background: color-mix(in srgb, var(--_accent) 12%, var(--_raised));
        outline: 2px solid var(--_accent);
        outline-offset: -2px;
      }
      .option[aria-selected='true'] b {
        color: var(--_accent);
      }
      b {
        flex: none;
        min-width: 96px;
        font-weight: 600;
      }
      .names {
        color: var(--_muted);
        font-size: 12px;
      }
      @media (pointer: coarse) {
        input,
        .option {
          min-height: 44px;
          align-items: center;
        }
      }
    `,
  ];

  /** Accessible name of the field. */
  @property() label = '';
  /** The CatID to show; null for none. A choice is told, and shown when this changes. */
  @property({ attribute: false }) value: string | null = null;
  /** Shown while there is no value. */
  @property() placeholder = ucsStrings.placeholder;
  @property({ attribute: false }) suggestions: readonly UcsEntry[] = [];

  @state() private isOpen = false;
  /** What has been typed since the list was opened. */
  @state() private typed = '';
  /** Index of the option that Enter takes; −1: none. */
  @state() private active = -1;
  @query('input') private readonly field!: HTMLInputElement;

  #options: readonly UcsEntry[] = [];

  override focus(): void {
    this.field.focus();
  }

  protected override willUpdate(): void {
    if (!this.isOpen) this.#options = [];
    else if (this.typed.trim() !== '') this.#options = searchUcs(this.typed);
    else this.#options = [...this.suggestions, ...UCS_ENTRIES];
    this.active = Math.min(this.active, this.#options.length - 1);
  }

  protected override render() {
    const hasGroups = this.typed.trim() === '' && this.suggestions.length > 0;
    const first = hasGroups ? this.suggestions.length : 0;
    return html`<input
        role="combobox"
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-expanded=${this.isOpen}
        aria-controls="list"
        aria-activedescendant=${this.active >= 0 ? `option-${this.active}` : nothing}
        placeholder=${this.placeholder}
        @click=${() => this.#open()}
        @input=${this.#onInput}
        @keydown=${this.#onKeyDown}
        @blur=${() => this.#close()}
      />
      <div
        id="list"
        class="list"
        role="listbox"
        aria-label=${this.label}
        ?hidden=${!this.isOpen}
        @pointerdown=${(event: Event) => event.preventDefault()}
        @mousedown=${(event: Event) => event.preventDefault()}
      >
        ${hasGroups ? this.#group(ucsStrings.suggested, this.#options.slice(0, first), 0) : nothing}
        ${hasGroups ? this.#group(ucsStrings.all, this.#options.slice(first), first) : this.#optionsFrom(this.#options, 0)}
        ${
          this.isOpen && this.#options.length === 0
            ? html`<div class="none" role="option" aria-disabled="true" aria-selected="false">
                ${ucsStrings.noMatch}
              </div>`
            : nothing
        }
      </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('value') && !this.isOpen) this.field.value = this.value ?? '';
    this.#showActive();
  }

  #group(title: string, entries: readonly UcsEntry[], first: number) {
    return html`<div role="group" aria-label=${title}>
      <div class="title" aria-hidden="true">${title}</div>
      ${this.#optionsFrom(entries, first)}
    </div>`;
  }

  #optionsFrom(entries: readonly UcsEntry[], first: number) {
    return entries.map((entry, i) => {
      const index = first + i;
      return html`<div
        id="option-${index}"
        class="option ${index === this.active ? 'active' : ''}"
        role="option"
        aria-selected=${entry.catId === this.value}
        @click=${() => this.#pick(entry.catId)}
      >
        <b>${entry.catId}</b><span class="names">${ucsStrings.names(entry)}</span>
      </div>`;
    });
  }

  /** Scrolls the list alone: the page stays where it is. */
  #showActive(): void {
    const list = this.renderRoot.querySelector<HTMLElement>('.list')!;
    const option = list.querySelector<HTMLElement>('.active');
    if (option === null) return;
    const { offsetTop: top, offsetHeight: height } = option;
    if (top < list.scrollTop) list.scrollTop = this.active === 0 ? 0 : top;
    else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
  }

  #open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.typed = '';
    this.active = -1;
    this.field.select();
  }

  #close(): void {
    this.isOpen = false;
    this.active = -1;
    this.field.value = this.value ?? '';
  }

  #pick(catId: string | null): void {
    this.#close();
    if (catId !== this.value) this.dispatchEvent(new CustomEvent('ucs-pick', { detail: catId }));
  }

  readonly #onInput = (): void => {
    this.isOpen = true;
    this.typed = this.field.value;
    this.active = this.typed.trim() === '' ? -1 : 0;
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || !this.#key(event.key)) return;
    event.preventDefault();
  };

  /** Returns whether the key meant something. */
  #key(key: string): boolean {
    const last = this.#options.length - 1;
    switch (key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (!this.isOpen) this.#open();
        else if (key === 'ArrowDown') this.active = Math.min(last, this.active + 1);
        else this.active = Math.max(0, this.active - 1);
        return true;
      case 'Enter':
        if (!this.isOpen) this.#open();
        else if (this.active >= 0) this.#pick(this.#options[this.active]!.catId);
        else if (this.field.value.trim() === '') this.#pick(null);
        return true;
      case 'Escape':
        if (!this.isOpen) return false;
        this.#close();
        return true;
      default:
        return false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-ucs-picker': UcsPickerElement;
  }
}
