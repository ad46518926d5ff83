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

export function fillPath(
  context: CanvasRenderingContext2D,
  path: Path2D,
  style: string | CanvasPattern,
  alpha: number,
): void {
  context.globalAlpha = alpha;
  context.fillStyle = style;
  context.fill(path);
  context.globalAlpha = 1;
}
