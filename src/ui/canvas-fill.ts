const TILE = 6;

/** A fill of thin diagonal lines, `TILE` CSS pixels apart, for what must differ by more than its colour. */
export function hatch(context: CanvasRenderingContext2D, color: string): CanvasPattern {
  const ratio = context.getTransform().a;
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.max(1, Math.round(TILE * ratio));
  const pen = tile.getContext('2d')!;
  pen.strokeStyle = color;
  pen.lineWidth = ratio;
  pen.beginPath();
  // Three strokes, so that the lines meet at the corners of neighbouring tiles.
  for (const shift of [-tile.width, 0, tile.width]) {
    pen.moveTo(shift, tile.height);
    pen.lineTo(shift + tile.width, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat')!;
  pattern.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}

export function fillPath(context: CanvasRenderingContext2D, path: Path2D, color: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = color;
  context.fill(path);
  context.globalAlpha = 1;
}

/**
 * Bars of one height, added from left to right. Bars that touch become one: thousands of hits cost no more than there
 * are pixels, and their shades do not add up to a wall of colour.
 */
export class Bars {
  readonly #spans: { readonly start: number; end: number }[] = [];

  /** Top and height in CSS pixels. */
  constructor(
    private readonly y: number,
    private readonly height: number,
  ) {}

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  /** Left edge and width in CSS pixels. */
  add(x: number, width: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && x <= last.end) last.end = Math.max(last.end, x + width);
    else this.#spans.push({ start: x, end: x + width });
  }

  fill(context: CanvasRenderingContext2D, style: string | CanvasPattern, alpha: number): void {
    context.globalAlpha = alpha;
    context.fillStyle = style;
    // Rectangles one by one are much faster to rasterise than as one path.
    for (const { start, end } of this.#spans) context.fillRect(start, this.y, end - start, this.height);
    context.globalAlpha = 1;
  }
}
