import { css, html, nothing, type CSSResultGroup } from 'lit';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { StoreController } from '../../store-controller.js';
import { theme } from '../../theme.styles.js';
import { channelStrings } from './channel-strings.js';

/** Which of a recording's channels is heard: the mean of all, or one by itself. Nothing for mono. */
export class ChannelPickerElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      label {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--_muted);
        font-size: 12px;
      }
      select {
        min-height: 28px;
        padding: 2px 8px;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_raised);
        color: var(--_text);
        font: inherit;
      }
      @media (pointer: coarse) {
        select {
          min-height: 44px;
        }
      }
    `,
  ];

  readonly #store = new StoreController(this, ({ source, channel }) => ({ count: source?.channelCount ?? 0, channel }));

  protected override render() {
    const { count, channel } = this.#store.value ?? { count: 0, channel: null };
    if (count < 2) return nothing;
    return html`<label
      >${channelStrings.label}
      <select @change=${this.#onChange}>
        <option value="" .selected=${channel === null}>${channelStrings.mean}</option>
        ${Array.from(
          { length: count },
          (_, each) =>
            html`<option value=${each} .selected=${channel === each}>${channelStrings.name(each, count)}</option>`,
        )}
      </select></label
    >`;
  }

  readonly #onChange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.dispatch({ type: 'channel', channel: value === '' ? null : Number(value) });
  };
}

define('earmark-channel-picker', ChannelPickerElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-channel-picker': ChannelPickerElement;
  }
}
