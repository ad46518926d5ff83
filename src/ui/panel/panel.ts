import { html, nothing, type CSSResultGroup } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { EarmarkState } from '../../plugin/state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { hasCommandModifier, historyKey, regionKey } from '../region-keys.js';
import type { SearchFieldElement } from '../search-field/search-field.js';
import { StoreController } from '../store-controller.js';
import { StoreScope } from '../store-scope.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';
import type { TransportElement } from '../transport/transport.js';
import { announcement } from './announcements.js';
import { panelStyles } from './panel.styles.js';

/** A drag changes the counts many times a second; what is said is where it came to rest. */
const ANNOUNCE_AFTER_MS = 400;

/**
 * All of Earmark in one element: search, timeline, hits, status. Give it an Earmark by its `earmark` property; it works
 * before that arrives. Its keys act only while the focus is inside it.
 *
 * @slot waveform - the host's waveform; lanes align under it
 * @csspart card - the surfaces
 * @csspart search - the search field
 * @csspart chip - a prompt
 * @csspart lane - a curve
 * @csspart row - a hit
 * @csspart notice - a message
 * @csspart model - the model chip
 */
export class PanelElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, panelStyles];

  /** Sounds offered under the search field; [] for none. Default: four common ones. */
  @property({ attribute: false }) suggestions: readonly string[] = strings.defaultSuggestions;

  @state() private spoken = '';
  @query('earmark-search-field') private readonly search!: SearchFieldElement;
  @query('earmark-transport') private readonly transport!: TransportElement;

  readonly #store = new StoreController(this, ({ prompts }) => ({ texts: prompts.map(({ text }) => text).join('\n') }));

  constructor() {
    super();
    void new StoreScope(this, (store) => {
      let told = store.getState();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const unsubscribe = store.subscribe(() => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          const now = store.getState();
          this.#say(told, now);
          told = now;
        }, ANNOUNCE_AFTER_MS);
      });
      return () => {
        unsubscribe();
        clearTimeout(timer);
      };
    });
    void new StoreScope(this, (store) => {
      if (store.host?.mountOverlay === undefined) return () => {};
      const overlay = document.createElement('earmark-overlay');
      overlay.earmark = store;
      return store.host.mountOverlay(overlay);
    });
  }

  protected override render() {
    return html`<div class="panel" tabindex="-1" @keydown=${this.#onKeyDown}>
      <earmark-search-field exportparts="search, input, chip" .earmark=${this.earmark}></earmark-search-field>
      <div class="under-search">
        ${this.#suggestions()}
        <span class="grow"></span>
        <earmark-progress exportparts="progress" .earmark=${this.earmark}></earmark-progress>
      </div>
      <earmark-notices exportparts="notice" .earmark=${this.earmark}></earmark-notices>
      <section class="card" part="card" aria-label=${strings.timeline}>
        <earmark-timeline exportparts="lane, lane-header, waveform, curve, playhead, readout" .earmark=${this.earmark}>
          <slot name="waveform" slot="waveform"></slot>
        </earmark-timeline>
        <earmark-transport exportparts="play" .earmark=${this.earmark}></earmark-transport>
        <earmark-tools .earmark=${this.earmark}></earmark-tools>
      </section>
      <section class="card" part="card" aria-label=${strings.hitList}>
        <earmark-region-verbs .earmark=${this.earmark}></earmark-region-verbs>
        <earmark-hit-list exportparts="grid, row" .earmark=${this.earmark}></earmark-hit-list>
      </section>
      <earmark-status exportparts="model" .earmark=${this.earmark}></earmark-status>
      <div class="visually-hidden" role="status">${this.spoken}</div>
    </div>`;
  }

  #suggestions() {
    const known = new Set(this.#store.value?.texts.split('\n'));
    const open = this.suggestions.filter((text) => !known.has(text));
    if (open.length === 0 || this.earmark === null) return nothing;
    return html`<div class="suggestions">
      <span>${strings.try}</span>
      ${open.map(
        (text) =>
          html`<button class="chip" @click=${() => this.dispatch({ type: 'prompt-add', text })}>${text}</button>`,
      )}
    </div>`;
  }

  #say(before: EarmarkState, after: EarmarkState): void {
    const words = announcement(before, after);
    if (words !== '') this.spoken = words;
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const store = this.earmark;
    const origin = event.composedPath()[0];
    if (store === null || event.defaultPrevented || !(origin instanceof Element)) return;
    const typing = origin.matches('input:not([type="range"]), textarea, select, [contenteditable]');
    if (typing) return;
    const pressable = origin.matches('button, a, summary') && (event.key === 'Enter' || event.key === ' ');
    if (pressable) return;
    if (this.#panelKey(event) || historyKey(event, store) || regionKey(event, store)) event.preventDefault();
  };

  #panelKey(event: KeyboardEvent): boolean {
    if (hasCommandModifier(event)) return false;
    if (event.key === '/') this.search.focus();
    else if (event.key === '?') this.transport.showHelp();
    else return false;
    return true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-panel': PanelElement;
  }
}
