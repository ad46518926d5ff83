import { css, html, type CSSResultGroup } from 'lit';
import { query, state } from 'lit/decorators.js';
import { gainAt } from '../../../dsp/gain-envelope.js';
import type { GainPoint } from '../../../plugin/mask.js';
import { colorProbes, colorProbeStyles, resolvedColors } from '../../canvas-colors.js';
import { CanvasController } from '../../canvas-controller.js';
import { LaneDrag, type DragRequest } from '../../curve-lane/lane-drag.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { listenToHost } from '../../host-listener.js';
import { gainToY, yToGain } from '../../overlay/envelope-painter.js';
import { StoreController } from '../../store-controller.js';
import { theme } from '../../theme.styles.js';
import { formatTime } from '../../time-format.js';
import { timeToX, visibleScale, xToTime, type TimeScale } from '../../time-scale.js';
import {
  envelopeTarget,
  movePoint,
  raiseLine,
  stretchOf,
  stretchWithNewPoint,
  stretchWithoutPoint,
  type EnvelopeTarget,
  type MovedPoints,
} from './envelope-points.js';
import { maskStrings } from './mask-strings.js';

/** CSS pixels around a point or the line in which a pointer takes hold of it. */
const REACH = { mouse: 8, touch: 22 };

/** Fewer CSS pixels than this for each point, and single points can no longer be told apart. */
const PIXELS_PER_POINT = 6;

/** What an arrow key moves a point by: seconds and decibels, with Shift the second. */
const STEPS = { time: [0.01, 0.1], level: [1, 6] } as const;

/** Below this level, in dB, a point is silent. */
const QUIETEST = -60;

/**
 * Edits the mask's envelope over the host's waveform: points and lines are dragged, or moved by keys. Put there by
 * `host.mountOverlay`, over the overlay that draws the line.
 *
 * @fires earmark-envelope-close - Escape was pressed
 */
export class EnvelopeEditorElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    colorProbeStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: auto;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
        pointer-events: none;
      }
      .surface {
        position: absolute;
        inset: 0;
        overflow: hidden;
      }
      .surface[data-target='point'] {
        cursor: move;
      }
      .surface[data-target='line'] {
        cursor: ns-resize;
      }
      .point {
        position: absolute;
        top: 0;
        left: 0;
        width: 16px;
        height: 16px;
        margin: -8px;
        border-radius: 50%;
        pointer-events: none;
      }
      .readout {
        position: absolute;
        top: 0;
        left: 0;
        padding: 1px 6px;
        border: 1px solid var(--_line);
        border-radius: 4px;
        background: var(--_surface);
        font: 11px/1.5 var(--_mono);
        white-space: nowrap;
        pointer-events: none;
      }
    `,
  ];

  readonly #store = new StoreController(this, ({ mask, gainEnvelope, source }) => ({
    drawn: mask?.drawn ?? [],
    envelope: gainEnvelope,
    duration: source?.duration ?? 0,
  }));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));
  readonly #drag = new LaneDrag((request) => this.dispatch(request));
  /** The point that keys act on. The envelope is derived anew with every change, so it is known by where it is. */
  @state() private chosen: GainPoint = { time: 0, gain: 1 };
  @state() private isDense = false;
  @query('.surface') private readonly surface!: HTMLElement;
  @query('.point') private readonly point!: HTMLElement;
  @query('.readout') private readonly readout!: HTMLElement;
  /** Whether the press that is going on has hold of something; then it is no click on the waveform. */
  #isHolding = false;
  /** The last of a run of key presses, until the key is up: one run is one step of the history. */
  #keyed: DragRequest | null = null;

  constructor() {
    super();
    listenToHost(this, { viewchange: () => this.#canvas.invalidate() });
    // Before the browser takes the gesture for a scroll; only what was hit is taken from it.
    this.addEventListener('touchstart', (event) => this.#onTouchStart(event), { passive: false });
  }

  override disconnectedCallback(): void {
    this.#drag.cancel();
    this.#endKeys();
    super.disconnectedCallback();
  }

  override focus(): void {
    const { start, end } = this.#scale;
    const visible = this.#points.find(({ time }) => time >= start && time <= end);
    if (visible) this.chosen = visible;
    this.point.focus();
  }

  /** Adds a point between the chosen one and the next. */
  addPoint(): void {
    const points = this.#points;
    const index = Math.min(this.#chosenIndex, points.length - 2);
    const [from, to] = [points[index]!, points[index + 1]!];
    this.#insert(index, { time: (from.time + to.time) / 2, gain: (from.gain + to.gain) / 2 });
  }

  /** Deletes the chosen point; the first and the last stay. */
  deletePoint(): void {
    const points = this.#points;
    const index = this.#chosenIndex;
    const stretch = stretchWithoutPoint(points, index);
    if (stretch === null) return;
    this.chosen = points[index - 1]!;
    this.dispatch({ type: 'mask-draw', points: stretch });
  }

  protected override render() {
    const points = this.#points;
    const index = this.#chosenIndex;
    const { time, gain } = points[index]!;
    return html`<div
      class="surface"
      @pointerdown=${this.#onPointerDown}
      @pointermove=${this.#onPointerMove}
      @pointerup=${this.#onPointerUp}
      @pointercancel=${() => this.#drag.cancel()}
      @click=${this.#onClick}
      @dblclick=${this.#onDoubleClick}
    >
      <canvas></canvas>
      <div
        class="point"
        role="slider"
        tabindex="0"
        aria-label=${maskStrings.point}
        aria-orientation="vertical"
        aria-valuemin="0"
        aria-valuemax="1"
        aria-valuenow=${gain.toFixed(3)}
        aria-valuetext=${maskStrings.pointAt(index + 1, points.length, time, maskStrings.gain(gain))}
        @keydown=${this.#onKeyDown}
        @keyup=${() => this.#endKeys()}
        @blur=${() => this.#endKeys()}
      ></div>
      <span class="readout" aria-hidden="true"
        >${this.isDense ? maskStrings.zoomIn : `${formatTime(time)}  ${maskStrings.gain(gain)}`}</span
      >
      ${colorProbes(['var(--_accent)', 'var(--_surface)'], () => this.#canvas.invalidate())}
    </div>`;
  }

  /** At least two: an envelope that is the same everywhere has one, which counts for both ends. */
  get #points(): readonly GainPoint[] {
    const { envelope = null, duration = 0 } = this.#store.value ?? {};
    const [first = { time: 0, gain: 1 }, ...others] = envelope ?? [];
    return others.length > 0 ? [first, ...others] : [first, { time: Math.max(duration, first.time), gain: first.gain }];
  }

  get #chosenIndex(): number {
    const points = this.#points;
    const { time, gain } = this.chosen;
    const farness = (point: GainPoint) => Math.abs(point.time - time) + 1e-3 * Math.abs(point.gain - gain);
    return points.reduce((best, point, i) => (farness(point) < farness(points[best]!) ? i : best), 0);
  }

  get #scale(): TimeScale {
    return visibleScale(this.earmark, this.#canvas.width);
  }

  /** Whether the points on screen are so many that none can be told from the next. */
  #isTooDense(scale: TimeScale): boolean {
    const visible = this.#points.filter(({ time }) => time >= scale.start && time <= scale.end).length;
    return visible * PIXELS_PER_POINT > scale.width;
  }

  #targetAt(event: { clientX: number; clientY: number }, pointerType: string): EnvelopeTarget | null {
    const scale = this.#scale;
    if (this.#isTooDense(scale)) return null;
    const reach = pointerType === 'mouse' ? REACH.mouse : REACH.touch;
    return envelopeTarget(this.#points, this.#place(event), { scale, height: this.#canvas.height, reach });
  }

  #place(event: { clientX: number; clientY: number }): { x: number; y: number } {
    const box = this.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #insert(index: number, point: GainPoint): void {
    const stretch = stretchWithNewPoint(this.#points, index, point);
    if (stretch === null) return;
    this.chosen = point;
    this.dispatch({ type: 'mask-draw', points: stretch });
  }

  #onTouchStart(event: TouchEvent): void {
    const touch = event.touches[0];
    if (touch !== undefined && event.touches.length === 1 && this.#targetAt(touch, 'touch') !== null) {
      event.preventDefault();
    }
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    this.#isHolding = false;
    if (event.button !== 0 || !event.isPrimary) return;
    const target = this.#targetAt(event, event.pointerType);
    if (target === null) return;
    // Else the host would seek, or drag its playhead.
    event.stopPropagation();
    this.#isHolding = true;
    this.surface.setPointerCapture(event.pointerId);
    const points = this.#points;
    const scale = this.#scale;
    const height = this.#canvas.height;
    const from = this.#place(event);
    const point = points[target.index]!;
    // What has been pushed once is drawn for as long as the drag lasts, or it would not go back with the pointer.
    let widest = { from: target.index, to: target.index };
    const request = (moved: MovedPoints): DragRequest => {
      widest = { from: Math.min(widest.from, moved.from), to: Math.max(widest.to, moved.to) };
      this.chosen = moved.points[target.index]!;
      return { type: 'mask-draw', points: stretchOf({ ...moved, ...widest }) };
    };
    if (target.kind === 'point') {
      this.point.focus();
      const grip = { x: from.x - timeToX(scale, point.time), y: from.y - gainToY(point.gain, height) };
      this.#drag.start(from, request(movePoint(points, target.index, point)), ({ x, y }) => {
        const to = { time: xToTime(scale, x - grip.x), gain: yToGain(y - grip.y, height) };
        return request(movePoint(points, target.index, to));
      });
    } else {
      const louder = (y: number) => yToGain(y, height) - yToGain(from.y, height);
      this.#drag.start(from, request(raiseLine(points, target.index, 0)), ({ y }) =>
        request(raiseLine(points, target.index, louder(y))),
      );
    }
  };

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (this.#isHolding) event.stopPropagation();
    if (this.#drag.move(this.#place(event)) || event.pointerType !== 'mouse') return;
    this.surface.dataset['target'] = this.#targetAt(event, event.pointerType)?.kind ?? '';
  };

  readonly #onPointerUp = (event: PointerEvent): void => {
    if (this.#isHolding) event.stopPropagation();
    this.#drag.end();
  };

  readonly #onClick = (event: Event): void => {
    if (this.#isHolding) event.stopPropagation();
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const target = this.#targetAt(event, 'mouse');
    if (target === null) return;
    event.stopPropagation();
    const points = this.#points;
    if (target.kind === 'point') {
      this.chosen = points[target.index]!;
      return this.deletePoint();
    }
    const time = Math.round(1000 * xToTime(this.#scale, this.#place(event).x)) / 1000;
    this.#insert(target.index, { time, gain: gainAt(points, time) });
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#key(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Does what a key says; returns whether it says anything. */
  #key(key: string, isLarge: boolean): boolean {
    const size = isLarge ? 1 : 0;
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        this.#nudge(({ time, gain }) => ({ time: time + (key === 'ArrowLeft' ? -1 : 1) * STEPS.time[size], gain }));
        return true;
      case 'ArrowUp':
      case 'ArrowDown':
        this.#nudge(({ time, gain }) => ({
          time,
          gain: louder(gain, (key === 'ArrowUp' ? 1 : -1) * STEPS.level[size]),
        }));
        return true;
      case 'PageUp':
        this.#choose(this.#chosenIndex - 1);
        return true;
      case 'PageDown':
        this.#choose(this.#chosenIndex + 1);
        return true;
      case 'Home':
        this.#choose(0);
        return true;
      case 'End':
        this.#choose(this.#points.length - 1);
        return true;
      case 'Enter':
      case 'Insert':
        this.addPoint();
        return true;
      case 'Delete':
      case 'Backspace':
        this.deletePoint();
        return true;
      case 'Escape':
        this.dispatchEvent(new CustomEvent('earmark-envelope-close'));
        return true;
      default:
        return false;
    }
  }

  #nudge(move: (point: GainPoint) => GainPoint): void {
    const points = this.#points;
    const index = this.#chosenIndex;
    const moved = movePoint(points, index, move(points[index]!));
    this.chosen = moved.points[index]!;
    this.#keyed = { type: 'mask-draw', points: stretchOf(moved) };
    this.dispatch({ ...this.#keyed, transient: true });
  }

  #endKeys(): void {
    const keyed = this.#keyed;
    this.#keyed = null;
    if (keyed !== null) this.dispatch(keyed);
  }

  #choose(index: number): void {
    const points = this.#points;
    this.chosen = points[Math.min(points.length - 1, Math.max(0, index))]!;
    const { start, end } = this.#scale;
    if (this.chosen.time < start || this.chosen.time > end) this.earmark?.host?.scrollTo(this.chosen.time);
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const [accent, surface] = resolvedColors(this.renderRoot) as [string, string];
    const scale = visibleScale(this.earmark, width);
    const chosen = this.#chosenIndex;
    const points = this.#points;
    const isDense = this.#isTooDense(scale);
    context.lineWidth = 1.5;
    context.strokeStyle = accent;
    points.forEach(({ time, gain }, index) => {
      if (time < scale.start || time > scale.end || (isDense && index !== chosen)) return;
      context.beginPath();
      context.arc(timeToX(scale, time), gainToY(gain, height), index === chosen ? 5.5 : 4, 0, 2 * Math.PI);
      // What was drawn by hand is filled, what follows the regions is hollow.
      context.fillStyle = this.#isDrawn(time) ? accent : surface;
      context.fill();
      context.stroke();
    });
    this.#placePoint(points[chosen]!, scale, height, isDense);
  }

  #isDrawn(time: number): boolean {
    return this.#store.value!.drawn.some((stretch) => stretch[0].time <= time && stretch.at(-1)!.time >= time);
  }

  /** Puts the focusable point and what is written beside it where the chosen point is. */
  #placePoint({ time, gain }: GainPoint, scale: TimeScale, height: number, isDense: boolean): void {
    const [x, y] = [timeToX(scale, time), gainToY(gain, height)];
    this.point.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    const { offsetWidth, offsetHeight } = this.readout;
    const left = x + 14 + offsetWidth < scale.width ? x + 12 : x - 12 - offsetWidth;
    const top = Math.min(height - offsetHeight - 2, Math.max(2, y - offsetHeight / 2));
    this.readout.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
    this.isDense = isDense;
  }
}

/** A gain made louder by some decibels; silence is below the quietest step. */
function louder(gain: number, decibels: number): number {
  if (gain === 0) return decibels > 0 ? 10 ** (QUIETEST / 20) : 0;
  const next = Math.round((20 * Math.log10(gain) + decibels) * 10) / 10;
  return next < QUIETEST ? 0 : Math.min(1, 10 ** (next / 20));
}

define('earmark-envelope-editor', EnvelopeEditorElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-envelope-editor': EnvelopeEditorElement;
  }
}
