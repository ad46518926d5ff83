import { css, html, type CSSResultGroup } from 'lit';
import type { Mask, MaskShape } from '../../../plugin/mask.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { theme } from '../../theme.styles.js';
import { maskStrings } from './mask-strings.js';

const TIMES = ['attack', 'hold', 'release', 'padding'] as const;

/** The fades of the mask in milliseconds, and how deep it goes. */
export class MaskSettingsElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 18px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      input {
        width: 76px;
        min-height: 30px;
        padding: 4px 8px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
        font: 13px var(--_mono);
      }
    `,
  ];

  readonly #store = new StoreController(this, ({ mask }) => ({ mask }));

  protected override render() {
    const mask = this.#store.value?.mask ?? null;
    return html`<div class="fields">
      ${TIMES.map(
        (name) =>
          html`<label
            >${maskStrings[name]}
            <input
              type="number"
              min="0"
              step="5"
              .value=${mask === null ? '' : String(Math.round(mask[name] * 1e6) / 1e3)}
              ?disabled=${mask === null}
              @change=${(event: Event) => this.#change(mask, { [name]: this.#number(event) / 1000 })}
            /><span class="muted">${maskStrings.milliseconds}</span></label
          >`,
      )}
      <label
        >${maskStrings.floor}
        <input
          type="number"
          max="0"
          step="1"
          placeholder="−∞"
          .value=${mask === null || mask.floor === -Infinity ? '' : String(mask.floor)}
          ?disabled=${mask === null}
          @change=${(event: Event) => {
            const { value } = event.target as HTMLInputElement;
            this.#change(mask, { floor: value === '' ? -Infinity : Number(value) });
          }}
        /><span class="muted">${maskStrings.decibels}</span></label
      >
    </div>`;
  }

  #number(event: Event): number {
    return Number((event.target as HTMLInputElement).value);
  }

  #change(mask: Mask | null, change: Partial<MaskShape>): void {
    if (mask === null) return;
    this.dispatch({ type: 'mask-set', mode: mask.mode, ...change });
  }
}

define('earmark-mask-settings', MaskSettingsElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-mask-settings': MaskSettingsElement;
  }
}
