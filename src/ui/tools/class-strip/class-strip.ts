import { css, html, nothing, type CSSResultGroup, type PropertyValues } from 'lit';
import { query, state } from 'lit/decorators.js';
import { PALETTE } from '../../../plugin/palette.js';
import type { SplitSegment, SplitState } from '../../../plugin/split.js';
import { colorProbes, colorProbeStyles, resolvedColors } from '../../canvas-colors.js';
import { CanvasController } from '../../canvas-controller.js';
import { controls } from '../../control.styles.js';
import { define } from '../../define.js';
import { EarmarkElement } from '../../earmark-element.js';
import { listenToHost } from '../../host-listener.js';
import { StoreController } from '../../store-controller.js';
import { styleProperties } from '../../style-properties.js';
import { promptColor, theme } from '../../theme.styles.js';
import { timeToX, visibleScale, xToTime, type TimeScale } from '../../time-scale.js';
import { splitStrings } from '../split/split-strings.js';
import { initialsOf } from './class-look.js';
import { bandOf, paintStrip } from './strip-painter.js';

/** The palette, the text and the accent. */
const COLORS = [...PALETTE.map((_, index) => promptColor(index)), 'var(--_text)', 'var(--_accent)'];

/** Height of one line of segments, CSS pixels. */
const LINE = 28;
/** … where each class has its own. */
const NARROW_LINE = 16;

/**
 * The split of the whole recording at a glance, whatever part of it is on screen. A click goes there; the arrows go from
 * segment to segment, Enter plays the one they are at.
 */
export class ClassStripElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    controls,
    colorProbeStyles,
    css`
      :host {
        container-type: inline-size;
        padding: 8px 12px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 14px;
        margin-bottom: 6px;
        color: var(--_muted);
        font-size: 12px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      .readout {
        flex: 1;
        justify-content: end;
        min-width: 12em;
        color: var(--_text);
      }
      .strip {
        position: relative;
        height: var(--_height);
        border-radius: 4px;
        background: color-mix(in srgb, var(--_text) 6%, transparent);
        overflow: hidden;
        cursor: pointer;
        touch-action: pan-y;
      }
      /* Under the waveform, where lanes have their headers beside them. */
      @container (min-width: 640px) {
        .strip {
          margin-inline: calc(var(--earmark-side-width, 204px) - 12px) -12px;
          border-start-end-radius: 0;
          border-end-end-radius: 0;
        }
      }
      canvas {
        position: absolute;
        inset: 0;
        display: block;
        width: 100%;
        height: 100%;
        forced-color-adjust: none;
      }
      .playhead {
        position: absolute;
        inset-block: 0;
        inset-inline-start: 0;
        width: 1px;
        background: var(--_text);
        pointer-events: none;
        will-change: transform;
      }
    `,
  ];

  /** The segment that the keyboard is at. */
  @state() private current: SplitSegment | null = null;
  /** The segment under the pointer. */
  @state() private pointed: SplitSegment | null = null;
  @query('.playhead') private readonly playhead!: HTMLElement;

  readonly #store = new StoreController(this, ({ split, source }) => ({ split, duration: source?.duration ?? 0 }));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));

  constructor() {
    super();
    listenToHost(
      this,
      { viewchange: () => this.#canvas.invalidate(), timeupdate: (time) => this.#movePlayhead(time) },
      (host) => void this.updateComplete.then(() => this.#movePlayhead(host.getTime())),
    );
  }

  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('.strip')?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const shown = this.#shown();
    if (this.current !== null && !shown.includes(this.current)) {
      const { classId, start } = this.current;
      this.current = shown.find((one) => one.classId === classId && Math.abs(one.start - start) < 0.5) ?? null;
    }
    if (this.pointed !== null && !shown.includes(this.pointed)) this.pointed = null;
  }

  protected override render() {
    const split = this.#store.value?.split ?? null;
    if (split === null) return nothing;
    const shown = this.#shown();
    const initials = initialsOf(split.classes);
    const lines = split.classes.filter(({ hidden }) => !hidden).length;
    const height = split.mode === 'exclusive' ? LINE : Math.max(LINE, lines * NARROW_LINE);
    const told = this.pointed ?? this.current;
    return html`<div class="legend">
        ${split.classes.map(({ label, color, hidden }, i) =>
          hidden
            ? nothing
            : html`<span
                ><i class="dot" ${styleProperties({ '--_c': promptColor(color) })}></i
                ><b>${initials[i]}</b> ${label}</span
              >`,
        )}
        <span class="readout" aria-hidden="true">${told ? this.#describe(split, told) : ''}</span>
      </div>
      <div
        class="strip"
        role="slider"
        tabindex="0"
        aria-label=${splitStrings.strip}
        aria-description=${splitStrings.stripHint}
        aria-valuemin="0"
        aria-valuemax=${shown.length}
        aria-valuenow=${this.current === null ? 0 : shown.indexOf(this.current) + 1}
        aria-valuetext=${this.current === null ? this.#summary(shown.length) : this.#describe(split, this.current)}
        title=${told ? this.#describe(split, told) : nothing}
        ${styleProperties({ '--_height': `${height}px` })}
        @keydown=${this.#onKeyDown}
        @click=${this.#onClick}
        @dblclick=${this.#onDoubleClick}
        @pointermove=${this.#onPointerMove}
        @pointerleave=${() => (this.pointed = null)}
      >
        <canvas aria-hidden="true"></canvas>
        <div class="playhead" ?hidden=${this.earmark?.host == null}></div>
        ${colorProbes(COLORS, () => this.#canvas.invalidate())}
      </div>`;
  }

  #shown(): readonly SplitSegment[] {
    const split = this.#store.value?.split;
    if (!split) return [];
    const hidden = new Set(split.classes.filter((one) => one.hidden).map(({ id }) => id));
    return hidden.size === 0 ? split.segments : split.segments.filter(({ classId }) => !hidden.has(classId));
  }

  #summary(count: number): string {
    return count === 0 ? splitStrings.noSegments : splitStrings.segments(count);
  }

  #describe(split: SplitState, { classId, start, end, score }: SplitSegment): string {
    const label = split.classes.find(({ id }) => id === classId)?.label ?? '';
    return splitStrings.segment(label, start, end, score);
  }

  #scale(): TimeScale {
    return { start: 0, end: Math.max(this.#store.value?.duration ?? 0, 0.001), width: Math.max(1, this.#canvas.width) };
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const split = this.#store.value?.split;
    if (!split) return;
    const resolved = resolvedColors(this.renderRoot);
    paintStrip(
      context,
      split,
      { ...this.#scale(), width },
      {
        height,
        colors: split.classes.map(({ color }) => resolved[color]!),
        text: resolved.at(-2)!,
        accent: resolved.at(-1)!,
        fontFamily: getComputedStyle(this).fontFamily,
        current: this.current,
        visible: visibleScale(this.earmark, width),
      },
    );
    const host = this.earmark?.host;
    if (host) this.#movePlayhead(host.getTime());
  }

  #movePlayhead(time: number): void {
    this.playhead?.style.setProperty('transform', `translateX(${timeToX(this.#scale(), time)}px)`);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const shown = this.#shown();
    const at = this.current === null ? -1 : shown.indexOf(this.current);
    const next: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at < 0 ? shown.length - 1 : at - 1,
      ArrowUp: at < 0 ? shown.length - 1 : at - 1,
      Home: 0,
      End: shown.length - 1,
    };
    if (event.key in next) {
      const segment = shown[next[event.key]!];
      if (segment) this.#goTo(segment);
    } else if (event.key === 'Enter' && this.current !== null) this.#play(this.current);
    else return;
    event.preventDefault();
  };

  #goTo(segment: SplitSegment): void {
    this.current = segment;
    this.#seek(segment.start);
  }

  #seek(time: number): void {
    this.dispatch({ type: 'seek', time });
    this.earmark?.host?.scrollTo(time);
  }

  #play({ start, end }: SplitSegment): void {
    // Playback that is stopped before it has begun is no failure.
    this.earmark?.host?.play(start, end).catch(() => undefined);
  }

  readonly #onClick = (event: MouseEvent): void => {
    this.current = this.#under(event);
    const { left } = this.#canvasBox();
    const { end } = this.#scale();
    this.#seek(Math.min(end, Math.max(0, xToTime(this.#scale(), event.clientX - left))));
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const segment = this.#under(event);
    if (segment !== null) this.#play(segment);
  };

  readonly #onPointerMove = (event: PointerEvent): void => {
    this.pointed = this.#under(event);
  };

  #canvasBox(): DOMRect {
    return this.renderRoot.querySelector('canvas')!.getBoundingClientRect();
  }

  /** The segment at a point; of those that are less than a pixel wide, the nearest to it. */
  #under({ clientX, clientY }: MouseEvent): SplitSegment | null {
    const split = this.#store.value?.split;
    if (!split) return null;
    const { left, top } = this.#canvasBox();
    const scale = this.#scale();
    const from = xToTime(scale, clientX - left - 1);
    const to = xToTime(scale, clientX - left + 1);
    const isInBand = ({ classId }: SplitSegment): boolean => {
      const index = split.classes.findIndex(({ id }) => id === classId);
      const band = bandOf(split, index, this.#canvas.height);
      return band !== null && clientY - top >= band.y && clientY - top < band.y + band.height;
    };
    return split.segments.find((one) => one.end > from && one.start < to && isInBand(one)) ?? null;
  }
}

define('earmark-class-strip', ClassStripElement);

declare global {
  interface HTMLElementTagNameMap {
    'earmark-class-strip': ClassStripElement;
  }
}
