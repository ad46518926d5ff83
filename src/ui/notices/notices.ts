import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EarmarkRequest } from '../../plugin/requests.js';
import type { EarmarkState, Notice } from '../../plugin/state.js';
import { actionButton } from '../action-button.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { NetworkController } from '../network-controller.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';

type FailedAnalysis = Extract<EarmarkState['analysis'], { readonly phase: 'failed' }>;

/** What went wrong or should be known, with what to do about it; a failed analysis offers to try again. */
export class NoticesElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      .list {
        display: grid;
        gap: 6px;
      }
      .notice {
        --_tone: var(--_accent);
        display: flex;
        align-items: start;
        gap: 10px;
        padding: 7px 7px 7px 12px;
        border: 1px solid color-mix(in srgb, var(--_tone) 40%, var(--_line));
        border-radius: 10px;
        background: color-mix(in srgb, var(--_tone) 8%, var(--_surface));
      }
      .notice.warning {
        --_tone: var(--_warning);
      }
      .notice.error {
        --_tone: var(--_danger);
      }
      .notice > .icon {
        margin: 7px 0;
        color: var(--_tone);
      }
      .message {
        flex: 1;
        min-width: 0;
        margin: 5px 0;
        overflow-wrap: anywhere;
      }
      .message b {
        font-weight: 600;
      }
    `,
  ];

  readonly #network = new NetworkController(this);
  readonly #store = new StoreController(this, ({ notices, analysis, model, source }) => ({
    notices,
    failure: analysis.phase === 'failed' ? analysis : null,
    failed: source === null ? strings.openingFailed : model.phase === 'failed' ? strings.loadingFailed : strings.failed,
  }));

  protected override updated(): void {
    const view = this.#store.value;
    this.hidden = view === null || (view.failure === null && view.notices.length === 0);
  }

  protected override render() {
    const { notices, failure, failed } = this.#store.value ?? { notices: [], failure: null, failed: '' };
    return html`<div class="list">
      ${failure === null ? nothing : this.#failure(failure, failed)}
      ${repeat(
        // The failure itself is told once, with its way out.
        notices.filter(({ message }) => message !== failure?.message),
        ({ id }) => id,
        (notice) => this.#notice(notice),
      )}
    </div>`;
  }

  #failure({ message, code }: FailedAnalysis, failed: string) {
    const title = this.#network.isOffline ? strings.failedOffline : failed;
    const button = (text: string, request: EarmarkRequest) =>
      html`<button @click=${() => this.dispatch(request)}>${text}</button>`;
    return this.#box(
      'error',
      html`<b>${title}.</b> ${message}`,
      code === 'model-incomplete'
        ? html`${button(strings.getMissing, { type: 'model-offer' })}${button(strings.usePocket, {
            type: 'model-use',
            model: 'pocket',
          })}`
        : button(strings.retry, { type: 'restart-analysis' }),
    );
  }

  #notice({ id, level, message }: Notice) {
    return this.#box(
      level,
      message,
      actionButton({
        label: strings.dismiss,
        icon: icons.close,
        look: 'square plain',
        act: () => this.dispatch({ type: 'dismiss-notice', id }),
      }),
    );
  }

  #box(level: Notice['level'], message: string | TemplateResult, action: TemplateResult) {
    return html`<div class="notice ${level}" part="notice" role=${level === 'error' ? 'alert' : 'status'}>
      ${level === 'info' ? icons.info : icons.warning}
      <p class="message">${message}</p>
      ${action}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-notices': NoticesElement;
  }
}
