import { css, html, nothing, type CSSResultGroup } from 'lit';
import type { EarmarkState } from '../../../plugin/state.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { popovers } from '../../popover.styles.js';
import { StoreController } from '../../store-controller.js';
import { strings } from '../../strings.js';
import { theme } from '../../theme.styles.js';
import { modelDetailsStrings } from './model-details-strings.js';
import { ModelPickerElement } from './model-picker.js';

/** Which model runs on what and why, with a way to change that; to stand in a popover. */
export class ModelDetailsElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    popovers,
    css`
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      earmark-model-picker {
        margin-top: 14px;
      }
    `,
  ];

  readonly #texts = modelDetailsStrings();

  readonly #store = new StoreController(this, ({ model }) => ({ model }));

  protected override render() {
    const model = this.#store.value?.model;
    if (model === undefined) return nothing;
    const { descriptor, choice } = model;
    return html`${
        descriptor === null
          ? nothing
          : html`<h2>${descriptor.name}</h2>
              <p>
                ${[strings.bytes(descriptor.bytes), descriptor.licence, this.#texts.revision(descriptor.revision)].join(' · ')}
              </p>`
      }
      <h2>${strings.backendTitle}</h2>
      ${
        choice === null
          ? nothing
          : html`<p>${strings.backends[choice.backend]}, ${this.#texts.workers(choice.workers)}. ${choice.reason}</p>`
      }
      ${choice?.sentTo ? nothing : this.#choices(choice)}`;
  }

  /** Where a server hears, it has one model, and nothing here can be chosen. */
  #choices(choice: EarmarkState['model']['choice']) {
    const { useAuto, useBackend } = this.#texts;
    return html`<div class="choices">
        ${(['auto', 'webgpu', 'wasm'] as const).map(
          (name) =>
            html`<button
              aria-pressed=${name !== 'auto' && choice?.backend === name}
              @click=${() => this.dispatch({ type: 'backend', backend: name })}
            >
              ${name === 'auto' ? useAuto : useBackend(strings.backends[name])}
            </button>`,
        )}
      </div>
      <earmark-model-picker .earmark=${this.earmark}></earmark-model-picker>`;
  }
}

define('earmark-model-picker', ModelPickerElement);
define('earmark-model-details', ModelDetailsElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-model-details': ModelDetailsElement;
  }
}
