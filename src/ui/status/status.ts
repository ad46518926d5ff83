import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { ModelsState } from '../../plugin/models-state.js';
import type { EarmarkState } from '../../plugin/state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { icons } from '../icons.js';
import { NetworkController } from '../network-controller.js';
import { popovers } from '../popover.styles.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';

/** What was analysed and how fast, where the audio stays, and which model runs on what, with a way to change that. */
export class StatusElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    popovers,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 16px;
        min-height: 30px;
        color: var(--_muted);
        font-size: 12px;
      }
      button.chip {
        min-height: 28px;
        padding: 2px 9px 2px 11px;
        border-radius: 999px;
        background: var(--_surface);
        color: var(--_text);
        font-size: 13px;
      }
      button.chip small {
        color: var(--_muted);
        font-size: 12px;
      }
      button.chip .icon {
        width: 12px;
        height: 12px;
        color: var(--_muted);
      }
      .ready {
        --_c: var(--_good);
      }
      .fell-back {
        --_c: var(--_warning);
      }
      .failed {
        --_c: var(--_danger);
      }
      [popover] {
        inset: auto 12px 12px auto;
        width: min(440px, calc(100vw - 24px));
        max-height: calc(100vh - 96px);
        margin: 0;
        overflow-y: auto;
      }
      @supports (position-area: top) {
        [popover] {
          inset: auto;
          margin-block: 8px;
          position-area: block-start span-inline-start;
          position-try-fallbacks: flip-block;
        }
      }
      @media (pointer: coarse) {
        button.chip {
          min-height: 44px;
        }
      }
    `,
  ];

  /** Whether the details have been opened: their code comes then. */
  @state() private isOpened = false;
  @query('button.chip') private readonly chip!: HTMLElement;
  @query('#details') private readonly details!: HTMLElement;
  readonly #network = new NetworkController(this);
  readonly #store = new StoreController(this, ({ source, analysis, model, models }) => ({
    source,
    // A running analysis changes at every step, and nothing of that is shown here.
    analysis: analysis.phase === 'done' ? analysis : null,
    model,
    name: modelName(model, models),
    download: models?.download ?? null,
    isUnlisted: models === null && model.phase === 'loading' && model.asked !== 'pocket',
    isOffering: models !== null && (models.isAsking || models.offer !== null),
  }));
  #wasOffering = false;

  protected override updated(): void {
    const { isOffering = false, isUnlisted = false } = this.#store.value ?? {};
    // Only the list has the name of a model that is not there yet.
    if (isUnlisted) this.dispatch({ type: 'model-list' });
    // What is offered from elsewhere in the panel is shown, once.
    if (isOffering && !this.#wasOffering && !this.details.matches(':popover-open')) this.chip.click();
    this.#wasOffering = isOffering;
  }

  protected override render() {
    const view = this.#store.value;
    return html`<div class="row">
      ${view === null ? nothing : this.#analysed(view)} ${view?.source ? this.#channels(view.source) : nothing}
      <span>${this.#privacy(view?.model)}</span>
      <span class="grow"></span>
      ${view === null ? nothing : this.#model(view)}
    </div>`;
  }

  #privacy(model: EarmarkState['model'] | undefined): string {
    const sentTo = model?.choice?.sentTo;
    return this.#network.isOffline && model?.phase === 'ready' && !sentTo ? strings.offline : strings.privacy(sentTo);
  }

  #analysed({ source, analysis }: { source: EarmarkState['source']; analysis: DoneAnalysis | null }) {
    if (source === null || analysis === null) return nothing;
    const text = analysis.fromCache
      ? strings.analysedBefore(source.duration)
      : `${strings.analysed(source.duration, analysis.elapsedSeconds, analysis.continuedAt)}${analysis.kept ? strings.kept : ''}`;
    return html`<span>${text}</span>`;
  }

  #channels({ channelCount }: NonNullable<EarmarkState['source']>) {
    if (channelCount < 2) return nothing;
    void import('../tools/channel/channel-picker.js');
    return html`<earmark-channel-picker .earmark=${this.earmark}></earmark-channel-picker>`;
  }

  #model({
    model,
    name,
    download,
  }: Pick<EarmarkState, 'model'> & { name: string | null } & Pick<ModelsState, 'download'>) {
    const { descriptor, choice } = model;
    const backend = choice === null ? null : strings.backends[choice.backend];
    const facts =
      model.phase === 'loading'
        ? [strings.modelLoading]
        : model.phase === 'failed'
          ? [strings.modelFailed]
          : [descriptor === null ? null : strings.bytes(descriptor.bytes), descriptor?.licence ?? null, backend];
    const tone = model.phase === 'ready' && choice?.fellBack === true ? 'fell-back' : model.phase;
    return html`<button class="chip" part="model" popovertarget="details" title=${choice?.reason ?? nothing}>
        <span class="dot ${tone}"></span>${name ?? strings.model}
        <small
          >${(download === null
            ? facts
            : [download.name === name ? null : download.name, strings.percent(download.loaded / download.total)]
          )
            .filter((fact) => fact !== null)
            .join(' · ')}</small
        >${icons.chevron}
      </button>
      <div id="details" popover role="dialog" aria-label=${strings.backendTitle} @beforetoggle=${this.#onToggle}>
        ${this.isOpened ? html`<earmark-model-details .earmark=${this.earmark}></earmark-model-details>` : nothing}
      </div>`;
  }

  readonly #onToggle = (): void => {
    this.isOpened = true;
    void import('../tools/model/model-details.js');
  };
}

/** The model that is in use, or that is loading, as far as it is known by name. */
function modelName({ descriptor, asked }: EarmarkState['model'], models: ModelsState | null): string | null {
  if (descriptor !== null) return descriptor.name;
  if (asked === 'pocket') return strings.pocket;
  const key = asked !== null && 'kept' in asked ? asked.kept : models?.current;
  const listed = models && asked && [...models.kept, models.own].find((model) => model?.key === key);
  return listed?.name ?? models?.download?.name ?? null;
}

type DoneAnalysis = Extract<EarmarkState['analysis'], { readonly phase: 'done' }>;

declare global {
  interface HTMLElementTagNameMap {
    'earmark-status': StatusElement;
  }
}
