import { css, html, nothing, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { TimelineHost } from '../../plugin/host/timeline-host.js';
import { actionButton } from '../action-button.js';
import { controls } from '../control.styles.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { icons } from '../icons.js';
import { popovers } from '../popover.styles.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { theme } from '../theme.styles.js';
import { formatTime } from '../time-format.js';

/** One press on a zoom button shows this much less or more. */
const ZOOM_STEP = 2;
/** The shortest stretch the zoom buttons show, in seconds. */
const MIN_VISIBLE = 0.25;

const NOTHING = { duration: 0, hitCount: 0, active: null, looping: false };

/**
 * Playback, stepping through the hits, undo and redo. What the host cannot do is not there.
 */
export class TransportElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    popovers,
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
        min-width: 92px;
        padding-inline-start: 4px;
        font: 600 15px var(--_mono);
      }
      .end {
        display: flex;
        gap: 8px;
        margin-inline-start: auto;
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
      }
    `,
  ];

  @state() private time = 0;
  @state() private isPlaying = false;
  @query('#help') private readonly help!: HTMLElement;

  readonly #store = new StoreController(this, (state) => ({
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

  /** Opens the list of keys; its code comes with the first time. */
  showHelp(): void {
    void import('../tools/keyboard-help/keyboard-help.js');
    this.help.showPopover();
  }

  protected override render() {
    const view = this.#store.value;
    const host = this.earmark?.host ?? null;
    return html`<div class="bar" role="group" aria-label=${strings.transport}>
      ${host === null ? nothing : this.#playback()}
      ${
        view !== null && view.position > 0
          ? html`<span class="note"
              >${strings.position(view.position, view.hitCount)}<span class="keys">
                · ${strings.positionKeys}</span
              ></span
            >`
          : nothing
      }
      <div class="end">
        ${view !== null && view.duration > 0 && host?.setVisibleRange !== undefined ? this.#zoom(host, view.duration) : nothing}
        <span class="joined">
          ${(['undo', 'redo'] as const).map((direction) =>
            actionButton({
              label: strings[direction](view?.[direction] ?? null),
              icon: icons[direction],
              keys: direction === 'undo' ? 'Control+Z Meta+Z' : 'Control+Shift+Z Meta+Shift+Z Control+Y',
              disabled: view === null || view[direction] === null,
              act: () => this.dispatch({ type: direction }),
            }),
          )}
        </span>
        ${actionButton({
          label: strings.keyboardHelp,
          icon: '?',
          keys: '?',
          look: 'square help',
          act: () => this.showHelp(),
        })}
      </div>
      <div id="help" popover role="dialog" aria-label=${strings.keyboardHelp}>
        <earmark-keyboard-help></earmark-keyboard-help>
      </div>
    </div>`;
  }

  #playback() {
    const { duration, hitCount, active, looping } = this.#store.value ?? NOTHING;
    const word = html`<span class="hit-word">${strings.hit}</span>`;
    return html`${actionButton({
        label: this.isPlaying ? strings.pause : strings.play,
        icon: this.isPlaying ? icons.pause : icons.play,
        keys: 'Space',
        part: 'play',
        disabled: duration === 0,
        act: () => this.dispatch({ type: 'play-pause' }),
      })}
      <span class="joined">
        ${actionButton({
          label: strings.previousHit,
          icon: html`${icons.previous}${word}`,
          keys: '[',
          disabled: hitCount === 0,
          act: () => this.dispatch({ type: 'step-region', direction: -1 }),
        })}${actionButton({
          label: strings.nextHit,
          icon: html`${word}${icons.next}`,
          keys: ']',
          disabled: hitCount === 0,
          act: () => this.dispatch({ type: 'step-region', direction: 1 }),
        })}
      </span>
      ${actionButton({
        label: strings.loop,
        icon: icons.loop,
        keys: 'L',
        pressed: looping,
        disabled: active === null,
        act: () => this.dispatch({ type: 'loop-region', id: looping ? null : active }),
      })}
      <span class="time" role="timer" aria-live="off">${formatTime(this.time)}</span>`;
  }

  #zoom(host: TimelineHost, duration: number) {
    const zoom = (factor: number) => {
      const { start, end } = host.getVisibleRange();
      const length = Math.min(duration, Math.max(MIN_VISIBLE, (end - start) * factor));
      const { regions, activeRegionId } = this.earmark!.getState();
      const hit = regions.find(({ id }) => id === activeRegionId && !this.isPlaying);
      // What is worked on stays in sight: the hit in hand, else the playhead.
      const places = [hit?.start ?? -1, host.getTime()];
      const centre = places.find((time) => time >= start && time <= end) ?? (start + end) / 2;
      const from = Math.min(duration - length, Math.max(0, centre - ((centre - start) / (end - start)) * length));
      host.setVisibleRange?.(from, from + length);
    };
    return html`<span class="joined">
      ${actionButton({ label: strings.zoomOut, icon: icons.minus, act: () => zoom(ZOOM_STEP) })}
      ${actionButton({ label: strings.zoomIn, icon: icons.plus, act: () => zoom(1 / ZOOM_STEP) })}
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-transport': TransportElement;
  }
}
