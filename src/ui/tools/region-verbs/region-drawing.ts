import type { EarmarkStore } from '../../../plugin/earmark-api.js';
import { SHORTEST_REGION } from '../../../plugin/region.js';
import { visibleScale, xToTime } from '../../time-scale.js';
import { verbSettings } from './verb-settings.js';

/** Movement in CSS pixels below which a press is a click. */
const SLOP = 3;

/** What a region is drawn on. */
export interface DrawingSurface {
  /** Spans the visible part of the timeline. */
  readonly frame: HTMLElement;
  /** Where the region shows while it is drawn; the frame, or its shadow root. */
  readonly container: Node;
  /** What it will be called; null where nothing may be drawn. */
  readonly label: () => string | null;
}

/** Draws a region from where a pointer goes down to where it goes up, with Shift or while drawing is on. */
export class RegionDrawing {
  readonly #store: EarmarkStore;
  readonly #surface: DrawingSurface;
  readonly #preview = document.createElement('div');
  #from: PointerEvent | null = null;
  #isDrawn = false;
  /** Escape ended the drawing, and the pointer is still down. */
  #isAborted = false;

  constructor(store: EarmarkStore, surface: DrawingSurface) {
    this.#store = store;
    this.#surface = surface;
    Object.assign(this.#preview.style, {
      position: 'absolute',
      insetBlock: '0',
      background: 'color-mix(in srgb, var(--_accent) 22%, transparent)',
      borderInline: '1px solid var(--_accent)',
      pointerEvents: 'none',
    });
    this.#preview.setAttribute('part', 'draft');
  }

  /** Returns whether the press begins a region. */
  begin(event: PointerEvent): boolean {
    const isMeant = event.shiftKey || verbSettings(this.#store).isDrawing;
    if (!isMeant || event.button !== 0 || !event.isPrimary || this.#surface.label() === null) return false;
    this.cancel();
    this.#from = event;
    this.#isAborted = false;
    window.addEventListener('keydown', this.#onKeyDown, { capture: true });
    return true;
  }

  /** Returns whether a region is being drawn. */
  move(event: PointerEvent): boolean {
    const from = this.#from;
    if (from === null) return false;
    this.#isDrawn ||= Math.abs(event.clientX - from.clientX) >= SLOP;
    if (!this.#isDrawn) return true;
    const left = this.#surface.frame.getBoundingClientRect().left;
    const [start, end] = ordered(from.clientX, event.clientX);
    this.#preview.style.left = `${start - left}px`;
    this.#preview.style.width = `${end - start}px`;
    if (!this.#preview.isConnected) this.#surface.container.appendChild(this.#preview);
    return true;
  }

  /** Returns whether the press was used up; otherwise it was a click. */
  end(event: PointerEvent): boolean {
    const from = this.#from;
    const isDrawn = this.#isDrawn;
    this.cancel();
    const label = this.#surface.label();
    if (from === null || !isDrawn || label === null) return this.#isAborted;
    const [start, end] = ordered(this.#timeAt(from.clientX), this.#timeAt(event.clientX));
    if (end - start >= SHORTEST_REGION) this.#store.dispatch({ type: 'region-add', start, end, label });
    return true;
  }

  /** Draws nothing after all. */
  cancel(): void {
    this.#from = null;
    this.#isDrawn = false;
    this.#preview.remove();
    window.removeEventListener('keydown', this.#onKeyDown, { capture: true });
  }

  /** Inside the recording, in whole milliseconds. */
  #timeAt(clientX: number): number {
    const box = this.#surface.frame.getBoundingClientRect();
    const time = xToTime(visibleScale(this.#store, box.width), clientX - box.left);
    const duration = this.#store.getState().source?.duration ?? 0;
    return Math.min(duration, Math.max(0, Math.round(time * 1000) / 1000));
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#isAborted = true;
    this.cancel();
  };
}

function ordered(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}
