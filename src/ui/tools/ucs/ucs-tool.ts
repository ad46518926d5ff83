import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { EarmarkStore } from '../../../plugin/earmark-api.js';
import type { Region } from '../../../plugin/region.js';
import { ucsEntry, type UcsEntry } from '../../../plugin/ucs.js';
import { actionButton } from '../../action-button.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { icons } from '../../icons.js';
import { regionsToEdit } from '../../region-keys.js';
import { StoreController } from '../../store-controller.js';
import { styleProperties } from '../../style-properties.js';
import { promptColor, theme } from '../../theme.styles.js';
import { UcsPickerElement, type UcsPick } from './ucs-picker.js';
import { ucsStrings } from './ucs-strings.js';

/** Suggestions that are offered beside a field; the list has all. */
const OFFERED = 3;

/** What can have a category. */
interface Row {
  readonly name: string;
  /** What suggestions are for. */
  readonly text: string;
  readonly color: number | null;
  readonly value: string | null;
  /** Shown while there is no value. */
  readonly placeholder: string;
  readonly set: (catId: string | null) => void;
}

/** Files the selected hits, each sound and each class of the split under a category of UCS. */
export class UcsToolElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      p.note {
        margin: 0 0 10px;
      }
      .rows {
        display: grid;
        gap: 10px;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(110px, 190px) minmax(160px, 340px) 1fr;
        align-items: start;
        gap: 4px 14px;
      }
      .name,
      .more {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        min-height: 30px;
      }
      .name span:last-child {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .more button {
        min-height: 26px;
        padding: 1px 9px;
      }
      .more button.square {
        min-width: 26px;
        padding: 1px 4px;
      }
      @media (pointer: coarse) {
        .more button,
        .more button.square {
          min-width: 44px;
          min-height: 44px;
        }
      }
      @container (max-width: 560px) {
        .row {
          grid-template-columns: 1fr;
        }
        .name {
          min-height: 0;
        }
      }
    `,
  ];

  /** By text; while a text is being encoded it has none. */
  @state() private suggestions: ReadonlyMap<string, readonly UcsEntry[]> = new Map();
  /** Why there are no suggestions, ready to show. */
  @state() private failure = '';
  @query('earmark-ucs-picker') private readonly firstPicker!: UcsPickerElement | null;

  /** Texts that have been asked about, of one store. */
  #asked: { readonly store: EarmarkStore; readonly texts: Set<string> } | null = null;

  readonly #store = new StoreController(this, (current) => ({
    regions: current.regions,
    selected: current.selectedRegionIds,
    active: current.activeRegionId,
    // Curves grow while the analysis runs; nothing of them is shown here.
    prompts: current.prompts.map(({ id, text, color, ucs = '' }) => [id, text, color, ucs].join('\n')).join('\n\n'),
    classes: current.split?.classes,
  }));

  /** Puts the cursor into the first field. */
  override focus(): void {
    void this.updateComplete.then(() => this.firstPicker?.focus());
  }

  protected override render() {
    const rows = this.#rows();
    return html`<p class="note">${ucsStrings.intro}</p>
      <div class="rows">${rows.map((row) => this.#row(row))}</div>
      ${this.failure === '' ? nothing : html`<p class="note" role="status">${this.failure}</p>`}`;
  }

  protected override updated(): void {
    for (const { text, value } of this.#rows()) if (value === null) void this.#suggest(text);
  }

  #rows(): Row[] {
    const store = this.earmark;
    if (store === null || this.#store.value === null) return [];
    const current = store.getState();
    const selected = regionsToEdit(current);
    const prompts = current.prompts.filter(({ polarity }) => polarity === 'target');
    return [
      ...(selected.length === 0
        ? []
        : [this.#selectionRow(selected, new Map(prompts.map(({ id, ucs }) => [id, ucs])))]),
      ...prompts.map(({ id, text, color, ucs = null }) => ({
        name: text,
        text,
        color,
        value: ucs,
        placeholder: ucsStrings.placeholder,
        set: (catId: string | null) => this.dispatch({ type: 'ucs-set', catId, prompts: [id] }),
      })),
      ...(current.split?.classes ?? [])
        .filter(({ hidden }) => !hidden)
        .map(({ id, label, color, ucs = null }) => ({
          name: label,
          text: label,
          color,
          value: ucs,
          placeholder: ucsStrings.placeholder,
          set: (catId: string | null) => this.dispatch({ type: 'ucs-set', catId, classes: [id] }),
        })),
    ];
  }

  #selectionRow(selected: readonly Region[], ucsOfPrompts: ReadonlyMap<string, string | undefined>): Row {
    const own = commonOf(selected.map(({ ucs }) => ucs));
    const inherited = commonOf(selected.map(({ ucs, promptId = '' }) => ucs ?? ucsOfPrompts.get(promptId)));
    const isMixed = new Set(selected.map(({ ucs }) => ucs)).size > 1;
    return {
      name: ucsStrings.selection(selected.length),
      text: commonOf(selected.map(({ label }) => label)) ?? selected[0]!.label,
      color: null,
      value: own,
      placeholder: isMixed ? ucsStrings.several : (inherited ?? ucsStrings.placeholder),
      set: (catId) => this.dispatch({ type: 'ucs-set', catId, regions: selected.map(({ id }) => id) }),
    };
  }

  #row(row: Row) {
    const { name, text, color, value, placeholder, set } = row;
    const suggestions = this.suggestions.get(text) ?? [];
    return html`<div class="row">
      <div class="name">
        ${color === null ? nothing : html`<span class="dot" ${styleProperties({ '--_c': promptColor(color) })}></span>`}
        <span>${name}</span>
      </div>
      <earmark-ucs-picker
        .label=${ucsStrings.categoryOf(name)}
        .value=${value}
        .placeholder=${placeholder}
        .suggestions=${suggestions}
        @ucs-pick=${({ detail }: UcsPick) => set(detail)}
      ></earmark-ucs-picker>
      <div class="more">${value === null ? this.#offer(suggestions, row) : this.#chosen(value, row)}</div>
    </div>`;
  }

  #offer(suggestions: readonly UcsEntry[], { name, set }: Row) {
    if (suggestions.length === 0) return nothing;
    return html`<span class="note">${ucsStrings.perhaps}</span>${suggestions.slice(0, OFFERED).map((entry) =>
        actionButton({
          label: ucsStrings.use(entry, name),
          icon: nothing,
          text: entry.catId,
          look: '',
          act: () => set(entry.catId),
        }),
      )}`;
  }

  #chosen(catId: string, { name, set }: Row) {
    const entry = ucsEntry(catId);
    return html`<span class="note">${entry === undefined ? catId : ucsStrings.names(entry)}</span>${actionButton({
        label: ucsStrings.remove(name),
        icon: icons.close,
        look: 'square plain',
        act: () => set(null),
      })}`;
  }

  async #suggest(text: string): Promise<void> {
    const store = this.earmark!;
    if (this.#asked?.store !== store) this.#asked = { store, texts: new Set() };
    const { texts } = this.#asked;
    if (texts.has(text)) return;
    texts.add(text);
    try {
      const suggestions = await store.suggestUcs(text);
      this.suggestions = new Map([...this.suggestions, [text, suggestions]]);
      this.failure = '';
    } catch (error) {
      texts.delete(text);
      this.failure = (error as Error).message;
    }
  }
}

/** What all of them are; null if that differs or is nothing. */
function commonOf(values: readonly (string | undefined)[]): string | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

define('earmark-ucs-picker', UcsPickerElement);
define('earmark-ucs', UcsToolElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-ucs': UcsToolElement;
  }
}
