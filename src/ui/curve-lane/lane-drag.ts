import type { EarmarkRequest } from '../../plugin/requests.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A request that follows a pointer. */
export type DragRequest = Extract<EarmarkRequest, { readonly type: 'sensitivity' | 'region-move' | 'mask-draw' }>;

interface Drag {
  readonly from: Point;
  readonly original: DragRequest;
  readonly follow: (point: Point) => DragRequest;
  latest: DragRequest | null;
  /** Whether anything was changed on the way. */
  hasChanged: boolean;
}

/** Movement in CSS pixels below which a press is a click. */
const SLOP = 3;

/**
 * One drag: transient requests while the pointer moves, a final one when it is lifted. Escape, or anything that ends
 * the gesture from outside, takes it back.
 */
export class LaneDrag {
  #drag: Drag | null = null;
  /** Escape ended the gesture, and the pointer is still down. */
  #isAborted = false;

  constructor(private readonly dispatch: (request: EarmarkRequest) => void) {}

  start(from: Point, original: DragRequest, follow: (point: Point) => DragRequest): void {
    this.cancel();
    this.#drag = { from, original, follow, latest: null, hasChanged: false };
    // Wherever the focus is, Escape belongs to the drag.
    window.addEventListener('keydown', this.#onKeyDown, { capture: true });
  }

  /** Returns whether a drag is going on. */
  move(point: Point): boolean {
    const drag = this.#drag;
    if (drag === null) return false;
    if (drag.latest === null && Math.hypot(point.x - drag.from.x, point.y - drag.from.y) < SLOP) return true;
    drag.latest = drag.follow(point);
    drag.hasChanged ||= JSON.stringify(drag.latest) !== JSON.stringify(drag.original);
    this.dispatch({ ...drag.latest, transient: true });
    return true;
  }

  /** Returns whether the gesture was a drag; otherwise it was a click. */
  end(): boolean {
    const latest = this.#drag?.latest ?? null;
    const isAborted = this.#isAborted;
    this.#isAborted = false;
    this.#stop();
    if (latest !== null) this.dispatch(latest);
    return isAborted || latest !== null;
  }

  /** Takes back what the gesture moved. */
  cancel(): void {
    const drag = this.#drag;
    this.#isAborted = false;
    this.#stop();
    if (drag === null || drag.latest === null) return;
    // Ends the drag, which makes it a step of the history if it changed anything, and takes that step back: asking
    // for the original values would leave a step behind, and count as an edit.
    this.dispatch(drag.latest);
    if (drag.hasChanged) this.dispatch({ type: 'undo' });
  }

  #stop(): void {
    this.#drag = null;
    window.removeEventListener('keydown', this.#onKeyDown, { capture: true });
  }

  #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
    this.#isAborted = true;
  };
}
