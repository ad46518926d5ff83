import { css, html, type CSSResultGroup } from 'lit';
import { query } from 'lit/decorators.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';

/** The list of keys, in a dialog. */
export class KeyboardHelpElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      dialog {
        width: min(420px, calc(100vw - 24px));
        padding: 0;
        border: 1px solid var(--_control-line);
        border-radius: 14px;
        background: var(--_raised);
        color: var(--_text);
        box-shadow: 0 12px 40px rgb(0 0 0 / 28%);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 32%);
      }
      header {
        display: flex;
        align-items: center;
        padding: 12px 10px 8px 18px;
      }
      h2 {
        flex: 1;
        margin: 0;
        font-size: 14px;
        font-weight: 600;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 6px 18px;
        align-items: baseline;
        margin: 0;
        padding: 0 18px;
      }
      dd {
        margin: 0;
      }
      p {
        margin: 12px 18px 16px;
      }
    `,
  ];

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  show(): void {
    this.dialog.showModal();
  }

  protected override render() {
    return html`<dialog
      aria-labelledby="title"
      @click=${(event: MouseEvent) => {
        // The dialog's own box is the backdrop's; its content is inside other elements.
        if (event.target === this.dialog) this.dialog.close();
      }}
      @keydown=${(event: KeyboardEvent) => event.stopPropagation()}
    >
      <header>
        <h2 id="title">${strings.keyboardHelp}</h2>
        <button
          class="square plain"
          aria-label=${strings.close}
          title=${strings.close}
          @click=${() => this.dialog.close()}
        >
          ${icons.close}
        </button>
      </header>
      <dl>
        ${strings.keys.map(
          ([keys, meaning]) =>
            html`<dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${meaning}</dd>`,
        )}
      </dl>
      <p class="note">${strings.keysScope}</p>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-keyboard-help': KeyboardHelpElement;
  }
}
