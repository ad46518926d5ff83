import type { SplitSegment, SplitState } from '../../../plugin/split.js';
import { timeToX, type TimeScale } from '../../time-scale.js';
import { initialsOf, patternOf, type StripPattern } from './class-look.js';

/** What the strip looks like; colours as a canvas takes them. */
export interface StripLook {
  readonly height: number;
  /** Of each class, in order. */
  readonly colors: readonly string[];
  readonly text: string;
  readonly accent: string;
  readonly fontFamily: string;
  /** The segment that has the keyboard's attention. */
  readonly current: SplitSegment | null;
  /** What is on screen elsewhere, in seconds. */
  readonly visible: { readonly start: number; readonly end: number };
}

/** Where each shown class lies in the strip: all on one line, or each on its own. */
export function bandOf(split: SplitState, classIndex: number, height: number): { y: number; height: number } | null {
  const band = split.classes[classIndex];
  if (!band || band.hidden) return null;
  if (split.mode === 'exclusive') return { y: 0, height };
  const shown = split.classes.filter(({ hidden }) => !hidden).length;
  const above = split.classes.slice(0, classIndex).filter(({ hidden }) => !hidden).length;
  return { y: (above * height) / shown, height: height / shown };
}

const TILE = 6;

function fillFor(context: CanvasRenderingContext2D, pattern: StripPattern, color: string): CanvasPattern | string {
  if (pattern === 'plain') return color;
  const ratio = context.getTransform().a;
  const size = Math.max(2, Math.round(TILE * ratio));
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d')!;
  pen.strokeStyle = pen.fillStyle = color;
  pen.lineWidth = 1.4 * ratio;
  if (pattern === 'dots') {
    pen.beginPath();
    pen.arc(size / 2, size / 2, 1.3 * ratio, 0, 2 * Math.PI);
    pen.fill();
  } else {
    pen.beginPath();
    // Three strokes, so that the lines meet at the corners of neighbouring tiles.
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, pattern === 'rising' ? size : 0);
      pen.lineTo(shift + size, pattern === 'rising' ? 0 : size);
    }
    pen.stroke();
  }
  const fill = context.createPattern(tile, 'repeat')!;
  fill.setTransform(new DOMMatrix().scale(1 / ratio));
  return fill;
}

/** Draws the segments of all classes over the whole recording, the part on screen, and the current segment. */
export function paintStrip(
  context: CanvasRenderingContext2D,
  split: SplitState,
  scale: TimeScale,
  look: StripLook,
): void {
  const indexOf = new Map(split.classes.map(({ id }, i) => [id, i]));
  const initials = initialsOf(split.classes);
  const fills = split.classes.map((_, i) => fillFor(context, patternOf(i), look.colors[i]!));
  context.font = `11px ${look.fontFamily}`;
  context.textBaseline = 'middle';
  for (const segment of split.segments) {
    const index = indexOf.get(segment.classId)!;
    const band = bandOf(split, index, look.height);
    if (band === null) continue;
    const x = timeToX(scale, segment.start);
    const width = Math.max(1, timeToX(scale, segment.end) - x);
    context.fillStyle = look.colors[index]!;
    context.globalAlpha = 0.3;
    context.fillRect(x, band.y, width, band.height - 1);
    if (patternOf(index) !== 'plain') {
      context.fillStyle = fills[index]!;
      context.globalAlpha = 0.55;
      context.fillRect(x, band.y, width, band.height - 1);
    }
    context.globalAlpha = 1;
    context.fillStyle = look.colors[index]!;
    context.fillRect(x, band.y + band.height - 3, width, 2);
    if (band.height < 12) continue;
    const text = [split.classes[index]!.label, initials[index]!].find(
      (one) => context.measureText(one).width + 8 < width,
    );
    if (text === undefined) continue;
    context.fillStyle = look.text;
    context.fillText(text, x + 4, band.y + band.height / 2 - 1);
  }
  paintFrames(context, split, scale, look);
}

function paintFrames(context: CanvasRenderingContext2D, split: SplitState, scale: TimeScale, look: StripLook): void {
  const { current, visible, height } = look;
  const isZoomed = visible.start > scale.start || visible.end < scale.end;
  if (isZoomed) {
    const x = timeToX(scale, visible.start);
    context.strokeStyle = look.text;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, 0.5, Math.max(2, timeToX(scale, visible.end) - x - 1), height - 1);
  }
  if (current === null) return;
  const index = split.classes.findIndex(({ id }) => id === current.classId);
  const band = bandOf(split, index, height);
  if (band === null) return;
  const x = timeToX(scale, current.start);
  context.strokeStyle = look.accent;
  context.lineWidth = 2;
  context.strokeRect(x + 1, band.y + 1, Math.max(2, timeToX(scale, current.end) - x - 2), band.height - 2);
}
