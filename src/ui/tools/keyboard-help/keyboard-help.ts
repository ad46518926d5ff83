import { css, html, type CSSResultGroup } from 'lit';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { popovers } from '../../popover.styles.js';
import { strings } from '../../strings.js';
import { theme } from '../../theme.styles.js';
import { keyboardHelpStrings } from './keyboard-help-strings.js';

/** The list of keys, to stand in a popover. */
export class KeyboardHelpElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    popovers,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 6px 18px;
        align-items: baseline;
        margin: 0 0 12px;
      }
      dd,
      p {
        margin: 0;
      }
    `,
  ];

  readonly #texts = keyboardHelpStrings();

  protected override render() {
    const { keys, scope } = this.#texts;
    return html`<h2>${strings.keyboardHelp}</h2>
      <dl>
        ${keys.map(
          ([names, meaning]) =>
            html`<dt>${names.split(' ').map((name) => html`<kbd>${name}</kbd> `)}</dt>
              <dd>${meaning}</dd>`,
        )}
      </dl>
      <p class="note">${scope}</p>`;
  }
}

define('earmark-keyboard-help', KeyboardHelpElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-keyboard-help': KeyboardHelpElement;
  }
}
