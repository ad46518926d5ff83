import { css, html, nothing, type CSSResultGroup } from 'lit';
import { state } from 'lit/decorators.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { icons } from '../icons.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';
import { formatTime } from '../time-format.js';

/** One press on a zoom button shows this much less or more. */
const ZOOM_STEP = 2;
/** The shortest stretch the zoom buttons show, in seconds. */
const MIN_VISIBLE = 0.25;

/**
 * Playback, stepping through the hits, undo and redo. What the host cannot do is not there.
 *
 * @fires earmark-help - when the list of keys is wanted
 */
export class TransportElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    css`
      :host {
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 8px 12px;
      }
      .time {
        min-width: 100px;
        padding-inline-start: 4px;
        font: 600 15px var(--_mono);
      }
      .group {
        display: inline-flex;
      }
      .group button + button {
        margin-inline-start: -1px;
        border-start-start-radius: 0;
        border-end-start-radius: 0;
      }
      .group button:not(:last-child) {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
      }
      .group button:focus-visible {
        z-index: 1;
      }
      .help {
        font-family: var(--_mono);
        color: var(--_muted);
      }
      @container (max-width: 720px) {
        .keys {
          display: none;
        }
      }
      @container (max-width: 480px) {
        .hit-word {
          display: none;
        }
        .time {
          min-width: 92px;
        }
      }
    `,
  ];

  @state() private time = 0;
  @state() private isPlaying = false;

  readonly #store = new StoreController(this, (state) => ({
    hasSource: state.source !== null,
    duration: state.source?.duration ?? 0,
    hitCount: state.regions.length,
    position: state.regions.findIndex(({ id }) => id === state.activeRegionId) + 1,
    active: state.activeRegionId,
    looping: state.looping,
    undo: state.history.undo,
    redo: state.history.redo,
  }));

  constructor() {
    super();
    listenToHost(
      this,
      {
        timeupdate: (time) => (this.time = time),
        playstate: (isPlaying) => (this.isPlaying = isPlaying),
      },
      (host) => {
        this.time = host.getTime();
        this.isPlaying = host.isPlaying();
      },
    );
  }

  protected override render() {
    const view = this.#store.value;
    const canPlay = view?.hasSource ?? false;
    const hasHits = (view?.hitCount ?? 0) > 0;
    return html`<div class="bar" role="group" aria-label=${strings.transport}>
      ${this.earmark?.host == null ? nothing : this.#playback(canPlay)}
      <span class="group">
        <button
          title=${strings.previousHit}
          aria-label=${strings.previousHit}
          aria-keyshortcuts="["
          ?disabled=${!hasHits}
          @click=${() => this.dispatch({ type: 'step-region', direction: -1 })}
        >
          ${icons.previous}<span class="hit-word">${strings.hit}</span>
        </button>
        <button
          title=${strings.nextHit}
          aria-label=${strings.nextHit}
          aria-keyshortcuts="]"
          ?disabled=${!hasHits}
          @click=${() => this.dispatch({ type: 'step-region', direction: 1 })}
        >
          <span class="hit-word">${strings.hit}</span>${icons.next}
        </button>
      </span>
      ${this.earmark?.host == null ? nothing : this.#loop(view?.active ?? null, view?.looping ?? false)}
      ${this.earmark?.host == null ? nothing : html`<span class="time" role="timer" aria-live="off">${formatTime(this.time)}</span>`}
      ${
        view !== null && view.position > 0
          ? html`<span class="note"
              >${strings.position(view.position, view.hitCount)}<span class="keys">
                · ${strings.positionKeys}</span
              ></span
            >`
          : nothing
      }
      <span class="grow"></span>
      ${canPlay && this.earmark?.host?.setVisibleRange !== undefined ? this.#zoom(view?.duration ?? 0) : nothing}
      <span class="group">
        ${this.#historyButton('undo', view?.undo ?? null)}${this.#historyButton('redo', view?.redo ?? null)}
      </span>
      <button
        class="square help"
        title=${strings.keyboardHelp}
        aria-label=${strings.keyboardHelp}
        aria-keyshortcuts="?"
        @click=${() => this.dispatchEvent(new CustomEvent('earmark-help'))}
      >
        ?
      </button>
    </div>`;
  }

  #playback(canPlay: boolean) {
    const label = this.isPlaying ? strings.pause : strings.play;
    return html`<button
      class="square"
      part="play"
      title=${label}
      aria-label=${label}
      aria-keyshortcuts="Space"
      ?disabled=${!canPlay}
      @click=${() => this.dispatch({ type: 'play-pause' })}
    >
      ${this.isPlaying ? icons.pause : icons.play}
    </button>`;
  }

  #loop(active: string | null, looping: boolean) {
    return html`<button
      class="square"
      title=${strings.loop}
      aria-label=${strings.loop}
      aria-keyshortcuts="L"
      aria-pressed=${looping}
      ?disabled=${active === null}
      @click=${() => this.dispatch({ type: 'loop-region', id: looping ? null : active })}
    >
      ${icons.loop}
    </button>`;
  }

  #historyButton(direction: 'undo' | 'redo', edit: string | null) {
    const label = strings[direction](edit);
    return html`<button
      class="square"
      title=${label}
      aria-label=${label}
      aria-keyshortcuts=${direction === 'undo' ? 'Control+Z Meta+Z' : 'Control+Shift+Z Meta+Shift+Z Control+Y'}
      ?disabled=${edit === null}
      @click=${() => this.dispatch({ type: direction })}
    >
      ${icons[direction]}
    </button>`;
  }

  #zoom(duration: number) {
    const zoom = (factor: number) => {
      const host = this.earmark!.host!;
      const { start, end } = host.getVisibleRange();
      const length = Math.min(duration, Math.max(MIN_VISIBLE, (end - start) * factor));
      // Around the playhead while it is on screen, so that what is heard stays in sight.
      const time = host.getTime();
      const centre = time >= start && time <= end ? time : (start + end) / 2;
      const from = Math.min(duration - length, Math.max(0, centre - ((centre - start) / (end - start)) * length));
      host.setVisibleRange!(from, from + length);
    };
    return html`<span class="group">
      <button class="square" title=${strings.zoomOut} aria-label=${strings.zoomOut} @click=${() => zoom(ZOOM_STEP)}>
        ${icons.minus}
      </button>
      <button class="square" title=${strings.zoomIn} aria-label=${strings.zoomIn} @click=${() => zoom(1 / ZOOM_STEP)}>
        ${icons.plus}
      </button>
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-transport': TransportElement;
  }
}
