import { html, nothing, type CSSResultGroup } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Region } from '../../plugin/region.js';
import { actionButton } from '../action-button.js';
import { clickSelection } from '../click-selection.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { icons } from '../icons.js';
import { colorLookup } from '../region-prompt.js';
import { regionKey, regionsToEdit, toggleStatus } from '../region-keys.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { styleProperties } from '../style-properties.js';
import { promptColor, theme } from '../theme.styles.js';
import { formatLength, formatScore, formatTime } from '../time-format.js';
import { nudge } from '../tools/region-verbs/region-verb.js';
import { nextOrder, sortHits, type HitOrder, type SortKey } from './hit-order.js';
import { hitListStyles } from './hit-list.styles.js';
import { hitListStrings } from './hit-list-strings.js';
import { rowWindow } from './row-window.js';

const COLUMN_COUNT = 5;
const LABEL_COLUMN = 2;
const PAGE_ROWS = 10;

/**
 * The hits as a grid: arrows move, Enter plays, L loops, A accepts, X rejects, F2 renames, Delete removes, Shift and
 * Ctrl select several, Alt+arrows nudge the edges. Fluid with thousands of hits.
 *
 * @csspart row - a hit
 * @cssproperty [--earmark-list-height=368px] - the height from which the list scrolls
 */
export class HitListElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, hitListStyles];

  /** How the list is ordered; by time unless the user chose otherwise. */
  @property({ attribute: false }) order: HitOrder = { key: 'start', descending: false };

  @state() private renaming: string | null = null;
  /** The cell that Tab reaches: a column of the head or of the active row. */
  @state() private column = 0;
  @state() private inHead = false;
  @state() private message = '';
  @query('.grid') private readonly grid!: HTMLElement | null;

  /** Measured at no cost: rows are fixed in height, so that a window of them can be placed without layout. */
  readonly #rowHeight = matchMedia('(pointer: coarse)').matches ? 48 : 33;
  #hits: readonly Region[] = [];
  #sorted: { regions: readonly Region[]; order: HitOrder } | null = null;
  #anchor: string | null = null;
  #scrollTop = 0;
  #shownActive: string | null = null;
  #focusWanted = false;
  #heard = '';
  /** The row that had the focus before it was rendered anew. */
  #focusedRow: number | null = null;

  readonly #texts = hitListStrings();

  readonly #store = new StoreController(this, (state) => ({
    regions: state.regions,
    active: state.activeRegionId,
    selected: state.selectedRegionIds,
    looping: state.looping,
    // Nothing can be said of "no hits" before everything has been heard.
    isSettled: state.prompts.length > 0 && state.analysis.phase === 'done',
    prompts: state.prompts.map(({ id, text, color }) => `${id} ${text} ${color}`).join('\n'),
  }));

  constructor() {
    super();
    listenToHost(this, { timeupdate: (time) => this.#follow(time) });
  }

  protected override render() {
    this.#sort();
    const view = this.#store.value;
    if (view === null || this.#hits.length === 0) return this.#emptyState(view?.isSettled ?? false);
    const active = this.#activeIndex();
    const rows = rowWindow(this.#hits.length, this.#rowHeight, this.#scrollTop, this.grid?.clientHeight ?? 400);
    const indices = Array.from({ length: rows.end - rows.first }, (_, i) => rows.first + i);
    // The row that has the focus must not leave the document.
    if (active < rows.first) indices.unshift(active);
    else if (active >= rows.end) indices.push(active);
    const colorOf = colorLookup(this.earmark!.getState().prompts);
    return html`<div
        class="grid"
        role="grid"
        part="grid"
        aria-label=${strings.hitList}
        aria-multiselectable="true"
        aria-rowcount=${this.#hits.length + 1}
        aria-colcount=${COLUMN_COUNT}
        aria-keyshortcuts="Enter L A X F2 Delete"
        ${styleProperties({ '--_row': `${this.#rowHeight}px` })}
        @scroll=${this.#onScroll}
        @keydown=${this.#onKeyDown}
      >
        <div class="row head" role="row" aria-rowindex="1">
          ${this.#columnHead('start', 0)} ${this.#columnHead('length', 1)} ${this.#columnHead('label', LABEL_COLUMN)}
          ${this.#columnHead('score', 3)}
          <div role="columnheader"><span>${this.#texts.status}</span></div>
        </div>
        <div class="body" role="rowgroup" ${styleProperties({ height: `${this.#hits.length * this.#rowHeight}px` })}>
          ${repeat(
            indices,
            (index) => this.#hits[index]!.id,
            (index) => this.#row(index, index === active, colorOf),
          )}
        </div>
      </div>
      <div class="visually-hidden" role="status">${this.message}</div>`;
  }

  protected override willUpdate(): void {
    const row = this.shadowRoot?.activeElement?.closest<HTMLElement>('.body > .row');
    this.#focusedRow = row ? Number(row.dataset['index']) : null;
  }

  protected override updated(): void {
    const active = this.#store.value?.active ?? null;
    if (active !== this.#shownActive) {
      this.#shownActive = active;
      if (active !== null) this.#reveal(this.#activeIndex());
      // Stepping from elsewhere takes the focus along if it was on a row.
      const focused = this.shadowRoot?.activeElement;
      if (focused !== null && focused !== undefined && focused.closest('.body') !== null && this.renaming === null) {
        this.#focusWanted = true;
      }
    }
    if (this.#focusWanted) {
      this.#focusWanted = false;
      this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    } else if (this.#focusedRow !== null && this.shadowRoot?.activeElement === null) {
      // That row is gone, deleted or undone: the next one takes over, so that keys still reach us.
      if (this.#hits.length > 0) this.#goTo(this.#focusedRow, false);
      else this.renderRoot.querySelector<HTMLElement>('.empty')?.focus();
    }
  }

  #columnHead(key: SortKey, column: number) {
    const sorted = this.order.key === key;
    return html`<div
      role="columnheader"
      class=${key}
      aria-sort=${sorted ? (this.order.descending ? 'descending' : 'ascending') : nothing}
    >
      <button
        tabindex=${this.inHead && this.column === column ? 0 : -1}
        @click=${() => (this.order = nextOrder(this.order, key))}
        @focus=${() => this.#rove(true, column)}
      >
        ${this.#texts[key]} ${sorted ? icons.chevron : nothing}
      </button>
    </div>`;
  }

  #row(index: number, isActive: boolean, colorOf: (hit: Region) => number | undefined) {
    const view = this.#store.value!;
    const hit = this.#hits[index]!;
    const color = colorOf(hit);
    const cell = (column: number) => (isActive && !this.inHead && this.column === column ? 0 : -1);
    return html`<div
      class=${classMap({ row: true, active: hit.id === view.active, [hit.status]: true })}
      role="row"
      part="row"
      data-index=${index}
      aria-rowindex=${index + 2}
      aria-selected=${view.selected.has(hit.id)}
      aria-current=${this.#heard.includes(`\n${hit.id}\n`) ? 'time' : nothing}
      ${styleProperties({
        transform: `translateY(${index * this.#rowHeight}px)`,
        '--_c': color === undefined ? 'var(--_muted)' : promptColor(color),
      })}
      @click=${(event: MouseEvent) => this.#onRowClick(event, index)}
      @dblclick=${(event: MouseEvent) => this.#onRowDoubleClick(event, hit)}
    >
      <div role="gridcell" class="start number" tabindex=${cell(0)}>${formatTime(hit.start)}</div>
      <div role="gridcell" class="length number" tabindex=${cell(1)}>${formatLength(hit.end - hit.start)}</div>
      <div role="gridcell" class="label" tabindex=${cell(LABEL_COLUMN)}>
        <span class="dot"></span
        >${this.renaming === hit.id ? this.#renameField(hit) : html`<span class="name">${hit.label}</span>`}
        ${hit.channel === undefined ? nothing : html`<small>${this.#texts.channel(hit.channel)}</small>`}
      </div>
      <div role="gridcell" class="score" tabindex=${cell(3)}>
        <b>${formatScore(hit.score)}</b><i ${styleProperties({ '--_score': String(hit.score) })}></i>
      </div>
      <div role="gridcell" class="status" tabindex=${cell(4)}>
        ${this.#actions(hit, view.looping && hit.id === view.active)}
      </div>
    </div>`;
  }

  /** What can be done with a hit; what has been decided stays visible. */
  #actions(hit: Region, isLooping: boolean) {
    const { id, label, start, status } = hit;
    const verdict = (wanted: 'accepted' | 'rejected', name: string, word: string, icon: unknown) =>
      actionButton({
        label: name,
        icon,
        text: status === wanted ? this.#texts[wanted] : word,
        look: wanted,
        skipped: true,
        pressed: status === wanted,
        act: () => toggleStatus(this.earmark!, [hit], wanted),
      });
    return html`${verdict('accepted', this.#texts.acceptHit(label, start), this.#texts.accept, icons.check)}
    ${verdict('rejected', this.#texts.rejectHit(label, start), this.#texts.reject, icons.close)}
    ${actionButton({
      label: this.#texts.playHit(label, start),
      icon: isLooping ? icons.loop : icons.play,
      look: isLooping ? 'looping' : '',
      skipped: true,
      act: () => this.dispatch({ type: 'play-region', id }),
    })}`;
  }

  #renameField(hit: Region) {
    return html`<input
      aria-label=${this.#texts.rename}
      .value=${hit.label}
      @keydown=${(event: KeyboardEvent) => this.#onRenameKey(event)}
      @blur=${(event: FocusEvent) => this.#commitRename(event.target as HTMLInputElement)}
      @click=${(event: Event) => event.stopPropagation()}
      @dblclick=${(event: Event) => event.stopPropagation()}
    />`;
  }

  #emptyState(isSettled: boolean) {
    return html`<div class="empty" tabindex="-1">
      <span class="muted">${isSettled ? this.#texts.noHits : this.#texts.hitsAppear}</span>
      ${isSettled ? html`<span class="note">${this.#texts.noHitsHint}</span>` : nothing}
    </div>`;
  }

  #sort(): void {
    const regions = this.#store.value?.regions ?? [];
    if (this.#sorted?.regions === regions && this.#sorted.order === this.order) return;
    this.#sorted = { regions, order: this.order };
    this.#hits = sortHits(regions, this.order);
  }

  #activeIndex(): number {
    const active = this.#store.value?.active ?? null;
    return Math.max(
      0,
      this.#hits.findIndex(({ id }) => id === active),
    );
  }

  #rove(inHead: boolean, column: number): void {
    this.inHead = inHead;
    this.column = column;
  }

  #reveal(index: number): void {
    const grid = this.grid;
    if (grid === null) return;
    const top = index * this.#rowHeight;
    const room = grid.clientHeight - this.#rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + this.#rowHeight > grid.scrollTop + room) grid.scrollTop = top + this.#rowHeight - room;
  }

  /** Makes a row the active one, alone or with the rows between it and the anchor. */
  #goTo(index: number, extend: boolean): void {
    const hit = this.#hits[Math.min(this.#hits.length - 1, Math.max(0, index))];
    if (hit === undefined) return;
    this.inHead = false;
    this.#focusWanted = true;
    this.#select(hit, extend);
    this.requestUpdate();
  }

  #select(hit: Region, extend: boolean): void {
    const anchor = extend ? this.#hits.findIndex(({ id }) => id === this.#anchor) : -1;
    if (anchor === -1) {
      this.#anchor = hit.id;
      this.dispatch({ type: 'select', ids: [hit.id], active: hit.id });
      return;
    }
    const index = this.#hits.indexOf(hit);
    const ids = this.#hits.slice(Math.min(anchor, index), Math.max(anchor, index) + 1).map(({ id }) => id);
    this.dispatch({ type: 'select', ids, active: hit.id });
  }

  #onRowClick(event: MouseEvent, index: number): void {
    const hit = this.#hits[index]!;
    const cells = [...(event.currentTarget as HTMLElement).children];
    const column = cells.findIndex((cell) => event.composedPath().includes(cell));
    this.#rove(false, Math.max(0, column));
    this.#focusWanted = true;
    if (event.shiftKey) {
      this.#select(hit, true);
    } else {
      this.#anchor = hit.id;
      this.dispatch(clickSelection(this.earmark!.getState(), hit.id, event));
    }
    this.requestUpdate();
  }

  #onRowDoubleClick(event: MouseEvent, hit: Region): void {
    const isLabel = event.composedPath().some((node) => node instanceof Element && node.classList.contains('label'));
    if (isLabel) this.#rename(hit.id);
    else this.dispatch({ type: 'play-region', id: hit.id });
  }

  readonly #onScroll = (): void => {
    const before = rowWindow(this.#hits.length, this.#rowHeight, this.#scrollTop, this.grid!.clientHeight);
    this.#scrollTop = this.grid!.scrollTop;
    const after = rowWindow(this.#hits.length, this.#rowHeight, this.#scrollTop, this.grid!.clientHeight);
    if (before.first !== after.first || before.end !== after.end) this.requestUpdate();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const store = this.earmark;
    if (store === null || this.renaming !== null || event.defaultPrevented) return;
    const onButton = event.composedPath()[0] instanceof HTMLButtonElement;
    if (onButton && (event.key === 'Enter' || event.key === ' ')) return;
    if (event.altKey ? this.#edgeKey(event) : this.#moveKey(event) || (!this.inHead && regionKey(event, store))) {
      event.preventDefault();
    }
  };

  #moveKey(event: KeyboardEvent): boolean {
    const index = this.#activeIndex();
    const last = this.#hits.length - 1;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'a') {
      const ids = this.#hits.map(({ id }) => id);
      this.dispatch({ type: 'select', ids, active: this.#hits[index]!.id });
      return true;
    }
    switch (event.key) {
      case 'ArrowDown':
        this.#goTo(this.inHead || this.#store.value!.active === null ? index : index + 1, event.shiftKey);
        return true;
      case 'ArrowUp':
        if (index === 0 || this.inHead) this.#toHead();
        else this.#goTo(index - 1, event.shiftKey);
        return true;
      case 'PageDown':
        this.#goTo(index + PAGE_ROWS, event.shiftKey);
        return true;
      case 'PageUp':
        this.#goTo(index - PAGE_ROWS, event.shiftKey);
        return true;
      case 'Home':
        this.#goTo(0, event.shiftKey);
        return true;
      case 'End':
        this.#goTo(last, event.shiftKey);
        return true;
      case 'ArrowLeft':
      case 'ArrowRight': {
        if (command) return false;
        const columns = this.inHead ? COLUMN_COUNT - 1 : COLUMN_COUNT;
        const column = this.column + (event.key === 'ArrowRight' ? 1 : -1);
        this.#rove(this.inHead, Math.min(columns - 1, Math.max(0, column)));
        this.#focusWanted = true;
        return true;
      }
      case 'F2': {
        const hit = this.#hits[index];
        if (hit === undefined || this.inHead) return false;
        this.#rename(hit.id);
        return true;
      }
      default:
        return false;
    }
  }

  #toHead(): void {
    this.#rove(true, Math.min(COLUMN_COUNT - 2, this.column));
    this.#focusWanted = true;
  }

  /** Nudges an edge of what is selected; says where it has come to when no other key follows. */
  #edgeKey(event: KeyboardEvent): boolean {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return false;
    const store = this.earmark!;
    nudge(store, event.shiftKey ? 'end' : 'start', event.key === 'ArrowRight' ? 1 : -1, () => {
      const { regions, activeRegionId } = store.getState();
      const hit = regions.find(({ id }) => id === activeRegionId);
      if (hit !== undefined) this.message = this.#texts.edges(hit.start, hit.end);
    });
    return true;
  }

  #rename(id: string): void {
    this.#rove(false, LABEL_COLUMN);
    this.renaming = id;
    void this.updateComplete.then(() => {
      const field = this.renderRoot.querySelector<HTMLInputElement>('.label input');
      field?.focus();
      field?.select();
    });
  }

  #onRenameKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Enter') this.#commitRename(event.target as HTMLInputElement);
    else if (event.key === 'Escape') this.renaming = null;
    else return;
    event.preventDefault();
    this.#focusWanted = true;
  }

  #commitRename(field: HTMLInputElement): void {
    const id = this.renaming;
    if (id === null) return;
    this.renaming = null;
    const label = field.value.trim();
    const before = this.#hits.find((hit) => hit.id === id);
    if (before === undefined || label === '' || label === before.label) return;
    const meant = regionsToEdit(this.earmark!.getState()).map((region) => region.id);
    this.dispatch({ type: 'region-rename', ids: meant.includes(id) ? meant : [id], label });
  }

  /** Marks what is heard now, and keeps it in view while nobody is busy in the list. */
  #follow(time: number): void {
    const heard = this.#hits.filter((hit) => time >= hit.start && time < hit.end);
    const key = heard.length === 0 ? '' : `\n${heard.map(({ id }) => id).join('\n')}\n`;
    if (key === this.#heard) return;
    this.#heard = key;
    this.requestUpdate();
    const first = heard[0];
    const isBusy = this.matches(':hover, :focus-within');
    if (first !== undefined && !isBusy && this.earmark?.host?.isPlaying() === true)
      this.#reveal(this.#hits.indexOf(first));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-hit-list': HitListElement;
  }
}
