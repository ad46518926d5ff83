import { css, html, nothing, type CSSResultGroup } from 'lit';
import { property } from 'lit/decorators.js';
import { actionButton } from '../action-button.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { StoreController } from '../store-controller.js';
import { theme } from '../theme.styles.js';
import { formatScore, formatTime } from '../time-format.js';
import { weakCandidates } from './weak-boxes.js';
import { weakCandidatesStrings } from './weak-candidates-strings.js';

/** The best places for a prompt that was not found, to listen to and to keep; shown when asked for. */
export class WeakCandidatesElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      :host {
        padding: 6px 12px 8px;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        padding: 0 2px 0 0;
      }
      li button {
        min-height: 26px;
        border: 0;
        background: none;
        border-radius: 999px;
      }
      .keep {
        padding: 2px 6px;
      }
      @media (pointer: coarse) {
        li button {
          min-height: 44px;
          min-width: 44px;
        }
      }
    `,
  ];

  @property({ attribute: 'prompt-id' }) promptId = '';

  readonly #texts = weakCandidatesStrings();

  readonly #store = new StoreController(this, (state) => ({
    prompt: state.prompts.find((prompt) => prompt.id === this.promptId),
  }));

  protected override render() {
    const prompt = this.#store.value?.prompt;
    if (prompt === undefined) return nothing;
    return html`<span class="note">${this.#texts.hint}</span>
      <ul aria-label=${this.#texts.list(prompt.text)}>
        ${weakCandidates(prompt).map(
          ({ start, end, confidence }) =>
            html`<li class="chip">
              <button title=${this.#texts.listenAt(start)} @click=${() => this.#listen(start)}>
                ${formatTime(start, 1)} <span class="muted">${formatScore(confidence)}</span>
              </button>
              ${actionButton({
                label: this.#texts.keep(start),
                icon: icons.plus,
                look: 'keep',
                act: () => this.dispatch({ type: 'region-add', start, end, label: prompt.text }),
              })}
            </li>`,
        )}
      </ul>`;
  }

  #listen(start: number): void {
    this.dispatch({ type: 'seek', time: start });
    if (this.earmark?.host?.isPlaying() === false) this.dispatch({ type: 'play-pause' });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-weak-candidates': WeakCandidatesElement;
  }
}
