import { html, nothing, type CSSResultGroup } from 'lit';
import { property } from 'lit/decorators.js';
import type { PromptState } from '../../plugin/state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { EditRun } from '../edit-run.js';
import { icons } from '../icons.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { styleProperties } from '../style-properties.js';
import { promptColor, theme } from '../theme.styles.js';
import { weakCandidates } from '../weak-candidates/weak-boxes.js';
import { laneHeaderStyles } from './lane-header.styles.js';
import { knowsLittle, leadingClasses } from './understanding.js';

/**
 * What belongs to a lane besides its curve: the prompt, its number of hits, the sensitivity, what the model took the
 * prompt for, and what there is to say when it was not found.
 *
 * @fires earmark-weak-toggle - when the weak candidates shall be shown or hidden
 */
export class LaneHeaderElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, laneHeaderStyles];

  @property({ attribute: 'prompt-id' }) promptId = '';
  /** Whether the header stands above its lane, in one line, instead of beside it. */
  @property({ type: Boolean, reflect: true }) stacked = false;
  /** Whether the weak candidates are shown. */
  @property({ type: Boolean, attribute: 'weak-shown' }) weakShown = false;

  readonly #store = new StoreController(this, (state) => ({
    prompt: state.prompts.find((prompt) => prompt.id === this.promptId),
  }));

  readonly #run = new EditRun();
  #byKey = false;

  protected override render() {
    const prompt = this.#store.value?.prompt;
    if (prompt === undefined) return nothing;
    const isTarget = prompt.polarity === 'target';
    const text = isTarget ? prompt.text : strings.butNot(prompt.text);
    return html`<div class="header">
      <div class="title" ${styleProperties({ '--_c': promptColor(prompt.color) })}>
        <span class="dot ${isTarget ? '' : 'hollow'}"></span>
        <span class="text" title=${text}>${text}</span>
        ${
          isTarget && prompt.phase === 'ready' && (prompt.presence !== null || prompt.hitCount > 0)
            ? html`<span class="count"
                ><span aria-hidden="true">${prompt.hitCount}</span
                ><span class="visually-hidden">${strings.hits(prompt.hitCount)}</span></span
              >`
            : nothing
        }
      </div>
      ${isTarget && prompt.phase !== 'failed' ? this.#slider(prompt) : nothing} ${this.#note(prompt)}
    </div>`;
  }

  #slider(prompt: PromptState) {
    const { id } = prompt;
    const onInput = (event: Event) => {
      const value = (event.target as HTMLInputElement).valueAsNumber;
      this.dispatch({ type: 'sensitivity', id, value, transient: true });
    };
    const end = () => {
      // What it is by now: the edit may have been undone meanwhile, its prompt removed.
      const now = this.earmark?.getState().prompts.find((other) => other.id === id);
      if (now !== undefined) this.dispatch({ type: 'sensitivity', id, value: now.sensitivity });
    };
    return html`<input
      type="range"
      part="sensitivity"
      min="0"
      max="1"
      step="0.01"
      ${styleProperties({ '--_c': promptColor(prompt.color), '--_fill': `${prompt.sensitivity * 100}%` })}
      .value=${String(prompt.sensitivity)}
      aria-label=${strings.sensitivity(prompt.text)}
      aria-valuetext=${strings.sensitivityValue(prompt.sensitivity, prompt.hitCount)}
      @keydown=${() => (this.#byKey = true)}
      @pointerdown=${() => (this.#byKey = false)}
      @input=${onInput}
      @change=${() => (this.#byKey ? this.#run.press(id, end) : end())}
    />`;
  }

  #note(prompt: PromptState) {
    if (prompt.phase === 'failed') {
      return html`<div class="note error">${icons.warning}<span>${prompt.message}</span></div>`;
    }
    if (prompt.phase === 'encoding') return html`<div class="note">${strings.encoding}</div>`;
    const labels = leadingClasses(prompt.understood);
    const shares = prompt.understood.map(({ label, share }) => strings.understoodShare(label, share)).join(', ');
    if (knowsLittle(prompt.understood)) {
      return html`<div class="note warning" title="${strings.understoodLittleHint} ${shares}">
        ${icons.warning}<span>${strings.understoodLittle(labels)}</span>
      </div>`;
    }
    if (prompt.polarity === 'contrast') return html`<div class="note"><span>${strings.contrastNote}</span></div>`;
    if (prompt.presence !== null && prompt.hitCount === 0) {
      const weak = weakCandidates(prompt).length;
      const [verdict, more] = prompt.presence.present ? [strings.noneAtSensitivity, ''] : strings.notFound;
      return html`<div class="note" title=${verdict + more}>
        <span>${verdict}${weak > 0 && !this.stacked ? nothing : more}</span>
        ${weak > 0 ? this.#weakToggle(weak) : nothing}
      </div>`;
    }
    if (labels.length === 0) return nothing;
    return html`<div class="note" title=${shares}><span>${strings.understoodAs(labels)}</span></div>`;
  }

  #weakToggle(count: number) {
    return html`<button
      class="link"
      aria-expanded=${this.weakShown}
      @click=${() => this.dispatchEvent(new CustomEvent('earmark-weak-toggle'))}
    >
      ${strings.weakCandidates(count)}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-lane-header': LaneHeaderElement;
  }
}
