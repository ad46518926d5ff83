import type { LitElement, ReactiveController } from 'lit';

/** Paints `width × height` CSS pixels; the context is scaled and cleared. */
export type Paint = (context: CanvasRenderingContext2D, width: number, height: number) => void;

/**
 * Keeps the `<canvas>` of an element as sharp as the screen and paints it when asked to, at most once a frame.
 * Nothing is painted while the element is out of the document.
 */
export class CanvasController implements ReactiveController {
  readonly #observer = new ResizeObserver((entries) => this.#resize(entries.at(-1)!));
  #canvas: HTMLCanvasElement | null = null;
  #frame = 0;
  #width = 0;
  #height = 0;

  constructor(
    private readonly host: LitElement,
    private readonly paint: Paint,
  ) {
    host.addController(this);
  }

  /** Width in CSS pixels. */
  get width(): number {
    return this.#width;
  }

  /** Height in CSS pixels. */
  get height(): number {
    return this.#height;
  }

  hostConnected(): void {
    if (this.#canvas !== null) this.#observer.observe(this.#canvas);
  }

  hostUpdated(): void {
    if (this.#canvas === null) {
      this.#canvas = this.host.renderRoot.querySelector('canvas');
      if (this.#canvas !== null && this.host.isConnected) this.#observer.observe(this.#canvas);
    }
    this.invalidate();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Asks for a repaint with the next frame. */
  invalidate(): void {
    if (this.#frame !== 0 || this.#width === 0 || !this.host.isConnected) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#repaint();
    });
  }

  #resize(entry: ResizeObserverEntry): void {
    const canvas = this.#canvas!;
    this.#width = entry.contentRect.width;
    this.#height = entry.contentRect.height;
    // Safari does not tell device pixels.
    const device = entry.devicePixelContentBoxSize?.[0];
    canvas.width = device?.inlineSize ?? Math.round(this.#width * devicePixelRatio);
    canvas.height = device?.blockSize ?? Math.round(this.#height * devicePixelRatio);
    // A resized canvas is blank, and observers run after this frame's callbacks: paint now or it flickers.
    this.#repaint();
  }

  #repaint(): void {
    const canvas = this.#canvas;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined || this.#width === 0) return;
    context.setTransform(canvas.width / this.#width, 0, 0, canvas.height / this.#height, 0, 0);
    context.clearRect(0, 0, this.#width, this.#height);
    this.paint(context, this.#width, this.#height);
  }
}
