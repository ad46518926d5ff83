import { html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PromptState, SourceState } from '../../plugin/state.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';
import { rulerSteps, visibleScale } from '../time-scale.js';
import { timelineStyles } from './timeline.styles.js';

/** Narrower than this, in CSS pixels, the headers stand above their lanes. */
const SIDE_BY_SIDE_WIDTH = 640;

/**
 * Ruler, the host's waveform and one lane a prompt, under each other, so that the same moment has the same place in all.
 * Headers stand beside the lanes when the waveform is slotted and there is room, else above them: lanes without a
 * waveform of their own span the full width, like a waveform elsewhere on the page.
 *
 * @slot waveform - the host's waveform
 * @cssproperty [--earmark-side-width=204px]
 */
export class TimelineElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, controls, timelineStyles];

  @state() private hasWaveform = false;
  @state() private isNarrow = false;
  @state() private weakShown: ReadonlySet<string> = new Set();
  @query('slot') private readonly waveformSlot!: HTMLSlotElement;

  readonly #store = new StoreController(this, ({ source, analysis, model, prompts }) => ({
    source,
    sentTo: model.choice?.sentTo,
    isOpening: analysis.phase === 'opening',
    // Joined, so that a growing curve renders its lane and not the whole timeline.
    promptIds: prompts.map(({ id }) => id).join('\n'),
  }));
  readonly #observer = new ResizeObserver(([entry]) => {
    const isNarrow = entry!.contentRect.width < SIDE_BY_SIDE_WIDTH;
    // Changing the layout at once would resize the lanes' canvases within this round of observations.
    requestAnimationFrame(() => (this.isNarrow = isNarrow));
  });

  constructor() {
    super();
    listenToHost(this, { viewchange: () => this.requestUpdate() });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    this.#observer.disconnect();
    super.disconnectedCallback();
  }

  protected override render() {
    const view = this.#store.value;
    const source = view?.source ?? null;
    const promptIds = source === null || view === null || view.promptIds === '' ? [] : view.promptIds.split('\n');
    const stacked = this.isNarrow || !this.hasWaveform;
    return html`<div class="grid ${stacked ? 'stacked' : ''} ${source === null ? 'closed' : ''}">
      ${
        source === null
          ? nothing
          : html`<div class="side text"><span class="note">${this.#visibleRange()}</span></div>
              <earmark-ruler .earmark=${this.earmark}></earmark-ruler>`
      }
      ${this.hasWaveform && source !== null ? html`<div class="side text">${this.#recording(source)}</div>` : nothing}
      <div class="waveform ${this.hasWaveform ? 'filled' : ''}" part="waveform">
        <slot name="waveform" @slotchange=${this.#onSlotChange}></slot>
      </div>
      ${repeat(
        promptIds,
        (id) => id,
        (id) => this.#lane(id, stacked),
      )}
      ${this.#emptyState(source, promptIds.length, view?.isOpening ?? false, view?.sentTo)}
    </div>`;
  }

  #lane(id: PromptState['id'], stacked: boolean) {
    const weakShown = this.weakShown.has(id);
    return html`<div class="side">
        <earmark-lane-header
          part="lane-header"
          .earmark=${this.earmark}
          .promptId=${id}
          .stacked=${stacked}
          .weakShown=${weakShown}
          @earmark-weak-toggle=${() => this.#toggleWeak(id)}
        ></earmark-lane-header>
      </div>
      <earmark-curve-lane
        part="lane"
        exportparts="curve, playhead, readout"
        .earmark=${this.earmark}
        .promptId=${id}
        .weakShown=${weakShown}
      ></earmark-curve-lane>
      ${
        weakShown
          ? html`<earmark-weak-candidates
              class="wide"
              .earmark=${this.earmark}
              .promptId=${id}
            ></earmark-weak-candidates>`
          : nothing
      }`;
  }

  #recording(source: SourceState) {
    return html`<b>${strings.recording}</b>
      <span class="note" title=${source.name}>${source.name}</span>
      <span class="note">${strings.sourceFacts(source.duration, source.sampleRate, source.channelCount)}</span>`;
  }

  #emptyState(source: SourceState | null, promptCount: number, isOpening: boolean, sentTo: string | undefined) {
    if (isOpening || promptCount > 0) return nothing;
    const [title, hint] =
      source === null
        ? [strings.nothingOpen, strings.nothingOpenHint(strings.privacy(sentTo))]
        : [strings.noPrompts, strings.noPromptsHint];
    return html`<div class="wide empty"><b>${title}</b><span class="muted">${hint}</span></div>`;
  }

  #visibleRange(): string {
    const scale = visibleScale(this.earmark, 1000);
    return strings.visibleRange(scale.start, scale.end, rulerSteps(scale).decimals);
  }

  #toggleWeak(id: string): void {
    const shown = new Set(this.weakShown);
    if (!shown.delete(id)) shown.add(id);
    this.weakShown = shown;
  }

  readonly #onSlotChange = (): void => {
    this.hasWaveform = this.waveformSlot.assignedElements({ flatten: true }).length > 0;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-timeline': TimelineElement;
  }
}
