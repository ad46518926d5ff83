import { css, html, nothing, type CSSResultGroup } from 'lit';
import type { AnalysisState } from '../../plugin/state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { styleProperties } from '../style-properties.js';
import { theme } from '../theme.styles.js';

type Running = Extract<AnalysisState, { readonly phase: 'running' }>['progress'];

/** How far the analysis has come, with its stage, what is left of it and Cancel; how to go on when it stopped. */
export class ProgressElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      .row {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 28px;
        color: var(--_muted);
        white-space: nowrap;
      }
      .track {
        width: 96px;
        height: 4px;
        border-radius: 2px;
        overflow: hidden;
        background: var(--_control-line);
        forced-color-adjust: none;
      }
      .track i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--_accent);
        transition: width 150ms linear;
      }
      .track.waiting i {
        animation: wait 1.1s ease-in-out infinite alternate;
      }
      @keyframes wait {
        to {
          transform: translateX(186%);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .track i {
          animation: none !important;
          transition: none;
        }
      }
    `,
  ];

  readonly #store = new StoreController(this, ({ analysis }) => ({ analysis }));

  protected override render() {
    const analysis = this.#store.value?.analysis;
    switch (analysis?.phase) {
      case 'opening':
        return html`<div class="row"><span>${strings.opening}</span>${this.#bar(strings.opening, null)}</div>`;
      case 'running':
        return this.#running(analysis.progress);
      case 'cancelled':
        return html`<div class="row">
          <span>${strings.cancelled(analysis.fraction)}</span>
          <button class="link" @click=${() => this.dispatch({ type: 'restart-analysis' })}>${strings.resume}</button>
        </div>`;
      default:
        return nothing;
    }
  }

  #running({ stage, fraction, etaSeconds, continuedAt }: Running) {
    // What reads and loads does not say how far it is.
    const share = fraction > 0 ? fraction : null;
    const words = [
      continuedAt === undefined ? strings.stage[stage] : strings.continuedAt(continuedAt),
      ...(share === null ? [] : [strings.percent(share)]),
      ...(etaSeconds === null ? [] : [strings.timeLeft(etaSeconds)]),
    ];
    return html`<div class="row">
      <span>${words.join(' · ')}</span>
      ${this.#bar(strings.stage[stage], share)}
      <button class="link" @click=${() => this.dispatch({ type: 'cancel-analysis' })}>${strings.cancel}</button>
    </div>`;
  }

  #bar(label: string, fraction: number | null) {
    return html`<span
      class="track ${fraction === null ? 'waiting' : ''}"
      part="progress"
      role="progressbar"
      aria-label=${label}
      aria-valuenow=${fraction === null ? nothing : Math.round(fraction * 100)}
      ><i ${styleProperties({ width: `${(fraction ?? 0.35) * 100}%` })}></i
    ></span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-progress': ProgressElement;
  }
}
