import { css, html, type CSSResultGroup } from 'lit';
import { CanvasController } from '../canvas-controller.js';
import { colorProbes, colorProbeStyles, resolvedColors } from '../canvas-colors.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { StoreController } from '../store-controller.js';
import { theme } from '../theme.styles.js';
import { formatTime } from '../time-format.js';
import { rulerSteps, timeToX, visibleScale, xToTime } from '../time-scale.js';

/** Marks the times over the lanes; a click or drag seeks. */
export class RulerElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    colorProbeStyles,
    css`
      :host {
        position: relative;
        height: 28px;
        contain: strict;
        touch-action: pan-y;
      }
      canvas {
        position: absolute;
        inset: 0;
        display: block;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  readonly #duration = new StoreController(this, ({ source }) => ({ seconds: source?.duration ?? 0 }));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));

  constructor() {
    super();
    listenToHost(this, { viewchange: () => this.#canvas.invalidate() });
    this.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.setPointerCapture(event.pointerId);
      this.#seek(event);
    });
    this.addEventListener('pointermove', (event) => {
      if (this.hasPointerCapture(event.pointerId)) this.#seek(event);
    });
  }

  protected override render() {
    return html`${colorProbes(['var(--_muted)'], () => this.#canvas.invalidate())}<canvas aria-hidden="true"></canvas>`;
  }

  #seek(event: PointerEvent): void {
    const duration = this.#duration.value?.seconds ?? 0;
    if (duration === 0) return;
    const x = event.clientX - this.getBoundingClientRect().left;
    const time = xToTime(visibleScale(this.earmark, this.#canvas.width), x);
    this.dispatch({ type: 'seek', time: Math.min(duration, Math.max(0, time)) });
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const duration = this.#duration.value?.seconds ?? 0;
    if (duration === 0) return;
    const scale = visibleScale(this.earmark, width);
    const { major, minor, decimals } = rulerSteps(scale);
    context.fillStyle = resolvedColors(this.renderRoot)[0]!;
    context.font = `11px ${getComputedStyle(this).fontFamily}`;
    const every = Math.round(major / minor);
    const last = Math.min(scale.end, duration);
    for (let mark = Math.ceil(scale.start / minor); mark * minor <= last; mark += 1) {
      const x = Math.round(timeToX(scale, mark * minor));
      const isMajor = mark % every === 0;
      context.fillRect(x, height - (isMajor ? 7 : 4), 1, isMajor ? 7 : 4);
      if (isMajor && x + 34 < width) context.fillText(formatTime(mark * minor, decimals), x + 4, height - 10);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-ruler': RulerElement;
  }
}
