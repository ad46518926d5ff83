import { html, type CSSResultGroup } from 'lit';
import { property, query } from 'lit/decorators.js';
import { secondsToFrame } from '../../detection/frame-grid.js';
import type { Region } from '../../plugin/region.js';
import type { EarmarkState, PromptState } from '../../plugin/state.js';
import { CanvasController } from '../canvas-controller.js';
import { colorProbes, colorProbeStyles, resolvedColors } from '../canvas-colors.js';
import { EarmarkElement } from '../earmark-element.js';
import { listenToHost } from '../host-listener.js';
import { clickSelection } from '../click-selection.js';
import { moveEdge } from '../region-edges.js';
import { belongsTo } from '../region-prompt.js';
import { StoreController } from '../store-controller.js';
import { strings } from '../strings.js';
import { styleProperties } from '../style-properties.js';
import { promptColor, theme } from '../theme.styles.js';
import { formatScore, formatTime } from '../time-format.js';
import { timeToX, visibleScale, xToTime } from '../time-scale.js';
import type { RegionDrawing } from '../tools/region-verbs/region-drawing.js';
import { curveLaneStyles } from './curve-lane.styles.js';
import { LaneDrag } from './lane-drag.js';
import { hitTest, reachOf, type LaneTarget } from './lane-hit-test.js';
import { paintLane, scoreToY, yToScore } from './lane-painter.js';

/** In the order of {@link LaneColors}. */
const COLORS = ['var(--_c)', 'var(--_muted)', 'var(--_line)'];

/** How many hits the summary for screen readers names. */
const SUMMARY_HITS = 5;

/**
 * One prompt along the timeline: its score curve, its boxes and hits, and the sensitivity line that chooses among them.
 *
 * A click seeks, a click on a hit selects it, a double click plays it; the edges of accepted hits and the sensitivity
 * line can be dragged, with Shift a region is drawn; Escape takes a drag back. The keyboard path is the hit list and the slider of `earmark-lane-header`.
 *
 * @cssproperty [--earmark-lane-height=64px]
 */
export class CurveLaneElement extends EarmarkElement {
  static override styles: CSSResultGroup = [theme, colorProbeStyles, curveLaneStyles];

  /** Which prompt of the store to show. */
  @property({ attribute: 'prompt-id' }) promptId = '';
  /** Whether to draw the boxes in full although the prompt was not found. */
  @property({ type: Boolean, attribute: 'weak-shown' }) weakShown = false;

  @query('.plot') private readonly plot!: HTMLElement;
  @query('.playhead') private readonly playhead!: HTMLElement;
  @query('.readout') private readonly readout!: HTMLElement;

  #regions: readonly Region[] = [];
  readonly #store = new StoreController(this, (state) => this.#select(state));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));
  readonly #drag = new LaneDrag((request) => this.dispatch(request));
  /** Whether the pointer went down here: one that is only let go here has dragged something else. */
  #isPressed = false;
  #Drawing: typeof RegionDrawing | null = null;
  #drawing: RegionDrawing | null = null;

  constructor() {
    super();
    listenToHost(this, {
      viewchange: () => {
        this.#canvas.invalidate();
        this.#placePlayhead();
      },
      timeupdate: () => this.#placePlayhead(),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadDrawing();
  }

  override disconnectedCallback(): void {
    this.#onPointerCancel();
    super.disconnectedCallback();
  }

  protected override render() {
    const prompt = this.#store.value?.prompt;
    return html`<div
      class="plot"
      ${styleProperties({ '--_c': prompt === undefined ? '' : promptColor(prompt.color) })}
      @pointerdown=${this.#onPointerDown}
      @pointermove=${this.#onPointerMove}
      @pointerup=${this.#onPointerUp}
      @pointercancel=${this.#onPointerCancel}
      @pointerleave=${this.#onPointerLeave}
      @dblclick=${this.#onDoubleClick}
      @touchstart=${{ handleEvent: this.#onTouchStart, passive: false }}
    >
      ${colorProbes(COLORS, () => this.#canvas.invalidate())}
      <canvas
        part="curve"
        role="img"
        aria-label=${prompt === undefined ? strings.timeline : this.#summary(prompt)}
      ></canvas>
      <div class="playhead" part="playhead" hidden></div>
      <div class="readout" part="readout" aria-hidden="true" hidden></div>
    </div>`;
  }

  protected override updated(): void {
    this.#placePlayhead();
  }

  #select(state: EarmarkState) {
    const prompt = state.prompts.find(({ id }) => id === this.promptId);
    const regions = prompt === undefined ? [] : state.regions.filter((region) => belongsTo(region, prompt));
    const same = regions.length === this.#regions.length && regions.every((region, i) => region === this.#regions[i]);
    if (!same) this.#regions = regions;
    const isMine = (id: string | null) => id !== null && this.#regions.some((region) => region.id === id);
    return {
      prompt,
      regions: this.#regions,
      duration: state.source?.duration ?? 0,
      active: isMine(state.activeRegionId) ? state.activeRegionId : null,
      // Ids joined, so that a selection in another lane is no change here.
      selected: this.#regions
        .filter(({ id }) => state.selectedRegionIds.has(id))
        .map(({ id }) => id)
        .join('\n'),
    };
  }

  #summary(prompt: PromptState): string {
    if (prompt.polarity === 'contrast') return strings.contrastSummary(prompt.text);
    const hits = this.#regions.filter((region) => region.status !== 'rejected');
    return strings.laneSummary(
      prompt.text,
      hits.length,
      hits.slice(0, SUMMARY_HITS).map((hit) => hit.start),
    );
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const view = this.#store.value;
    if (view?.prompt === undefined) return;
    this.#placePlayhead();
    const [own, muted, line] = resolvedColors(this.renderRoot) as [string, string, string];
    paintLane(context, {
      prompt: view.prompt,
      regions: view.regions,
      selected: new Set(view.selected.split('\n')),
      activeId: view.active,
      weakShown: this.weakShown,
      scale: visibleScale(this.earmark, width),
      height,
      colors: { prompt: own, muted, line },
    });
  }

  #placePlayhead(): void {
    const host = this.earmark?.host;
    if (!this.hasUpdated || this.playhead === null) return;
    const width = this.#canvas.width;
    const x = host == null || width === 0 ? -1 : timeToX(visibleScale(this.earmark, width), host.getTime());
    this.playhead.hidden = !(x >= 0 && x <= width);
    this.playhead.style.transform = `translateX(${x.toFixed(2)}px)`;
  }

  #targetAt(event: { clientX: number; clientY: number }, pointerType: string): LaneTarget {
    const prompt = this.#store.value?.prompt;
    if (prompt === undefined) return { kind: 'empty' };
    const { x, y } = this.#point(event);
    return hitTest(x, y, {
      scale: visibleScale(this.earmark, this.#canvas.width),
      regions: this.#regions,
      lineY: prompt.polarity === 'target' ? scoreToY(1 - prompt.sensitivity, this.#canvas.height) : null,
      reach: reachOf(pointerType),
    });
  }

  #point(event: { clientX: number; clientY: number }): { x: number; y: number } {
    const box = this.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #timeAt(event: { clientX: number; clientY: number }): number {
    const duration = this.#store.value?.duration ?? 0;
    const time = xToTime(visibleScale(this.earmark, this.#canvas.width), this.#point(event).x);
    return Math.min(duration, Math.max(0, time));
  }

  #onTouchStart = (event: TouchEvent): void => {
    const touch = event.touches[0];
    if (touch === undefined || event.touches.length > 1) return;
    const { kind } = this.#targetAt(touch, 'touch');
    if (this.#drawing !== null || kind === 'edge' || kind === 'line') event.preventDefault();
  };

  /** A region drawn in a lane belongs to its prompt. */
  #beginDrawing(event: PointerEvent): boolean {
    const store = this.earmark;
    if (this.#Drawing === null || store === null) return false;
    const label = (): string | null => {
      const prompt = this.#store.value?.prompt;
      return prompt?.polarity === 'target' ? prompt.text : null;
    };
    const drawing = new this.#Drawing(store, { frame: this, container: this.plot, label });
    if (!drawing.begin(event)) return false;
    this.#drawing = drawing;
    return true;
  }

  async #loadDrawing(): Promise<void> {
    this.#Drawing ??= (await import('../tools/region-verbs/region-drawing.js')).RegionDrawing;
  }

  readonly #onPointerDown = (event: PointerEvent): void => {
    const prompt = this.#store.value?.prompt;
    if (event.button !== 0 || !event.isPrimary || prompt === undefined) return;
    this.#isPressed = true;
    this.plot.setPointerCapture(event.pointerId);
    if (this.#beginDrawing(event)) return;
    const target = this.#targetAt(event, event.pointerType);
    const from = this.#point(event);
    if (target.kind === 'line') {
      const { id, sensitivity } = prompt;
      const height = this.#canvas.height;
      const grip = from.y - scoreToY(1 - sensitivity, height);
      this.#drag.start(from, { type: 'sensitivity', id, value: sensitivity }, ({ y }) => {
        const value = Math.round((1 - yToScore(y - grip, height)) * 100) / 100;
        return { type: 'sensitivity', id, value: Math.min(1, Math.max(0, value)) };
      });
    } else if (target.kind === 'edge') {
      const { region, side } = target;
      const { id, start, end } = region;
      const duration = this.#store.value!.duration;
      const scale = visibleScale(this.earmark, this.#canvas.width);
      const secondsPerPixel = (scale.end - scale.start) / scale.width;
      this.#drag.start(from, { type: 'region-move', id, start, end }, ({ x }) => ({
        type: 'region-move',
        id,
        ...moveEdge(region, side, (x - from.x) * secondsPerPixel, duration),
      }));
    }
  };

  readonly #onPointerMove = (event: PointerEvent): void => {
    if (this.#drawing?.move(event) || this.#drag.move(this.#point(event))) this.#showReadout(event);
    else if (event.pointerType === 'mouse') {
      this.plot.dataset['target'] = this.#targetAt(event, event.pointerType).kind;
      this.#showReadout(event);
    }
  };

  readonly #onPointerUp = (event: PointerEvent): void => {
    if (event.button !== 0 || !event.isPrimary) return;
    const wasPressed = this.#isPressed;
    this.#isPressed = false;
    const isDrawn = this.#drawing?.end(event);
    this.#drawing = null;
    if (this.#drag.end() || isDrawn || !wasPressed) return;
    const target = this.#targetAt(event, event.pointerType);
    if (target.kind === 'region' || target.kind === 'edge') {
      this.dispatch(clickSelection(this.earmark!.getState(), target.region.id, event));
    } else {
      this.dispatch({ type: 'seek', time: this.#timeAt(event) });
    }
  };

  readonly #onPointerCancel = (): void => {
    this.#isPressed = false;
    this.#drawing?.cancel();
    this.#drawing = null;
    this.#drag.cancel();
  };

  readonly #onPointerLeave = (): void => {
    this.readout.hidden = true;
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const target = this.#targetAt(event, 'mouse');
    if (target.kind === 'region' || target.kind === 'edge')
      this.dispatch({ type: 'play-region', id: target.region.id });
  };

  #showReadout(event: PointerEvent): void {
    const time = this.#timeAt(event);
    const curve = this.#store.value?.prompt?.curve;
    const score = curve == null ? undefined : curve.values[Math.floor(secondsToFrame(curve.grid, time))];
    const known = score !== undefined && !Number.isNaN(score);
    this.readout.textContent = known ? `${formatTime(time, 2)}  ${formatScore(score)}` : formatTime(time, 2);
    this.readout.hidden = false;
    const { x } = this.#point(event);
    const roomOnTheRight = x + 12 + this.readout.offsetWidth < this.#canvas.width;
    this.readout.style.transform = `translateX(${roomOnTheRight ? x + 10 : x - 10 - this.readout.offsetWidth}px)`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-curve-lane': CurveLaneElement;
  }
}
