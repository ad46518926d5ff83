import type { SoundEventBox } from '../../detection/sound-event-box.js';
import type { Region } from '../../plugin/region.js';
import type { PromptState } from '../../plugin/state.js';
import { Bars, fillPath, hatch } from '../canvas-fill.js';
import { timeToX, type TimeScale } from '../time-scale.js';
import { curveColumns, type CurveColumns } from './curve-columns.js';

const TOP = 8;
const BOTTOM = 7;
const HIT_BAR = 4;
/** Shortest drawn hit in CSS pixels: what is there must be seen at any zoom. */
const MIN_WIDTH = 3;

/** Where a score of 0…1 lies in a lane of `height` CSS pixels. */
export function scoreToY(score: number, height: number): number {
  return height - BOTTOM - score * (height - TOP - BOTTOM);
}

export function yToScore(y: number, height: number): number {
  return (height - BOTTOM - y) / (height - TOP - BOTTOM);
}

/** CSS colours that a canvas can take. */
export interface LaneColors {
  readonly prompt: string;
  readonly muted: string;
  readonly line: string;
}

export interface LanePicture {
  readonly prompt: PromptState;
  /** The prompt's regions, sorted by start. */
  readonly regions: readonly Region[];
  readonly selected: ReadonlySet<string>;
  readonly activeId: string | null;
  /** Boxes are drawn in full although the prompt was not found. */
  readonly weakShown: boolean;
  readonly scale: TimeScale;
  readonly height: number;
  readonly colors: LaneColors;
}

/** Draws one lane; every visible thing is visited once. */
export function paintLane(context: CanvasRenderingContext2D, picture: LanePicture): void {
  const columns = picture.prompt.curve === null ? null : curveColumns(picture.prompt.curve, picture.scale);
  paintPending(context, picture, columns);
  if (picture.prompt.polarity === 'target') paintRegions(context, picture);
  if (columns !== null) paintCurve(context, picture, columns);
  if (picture.prompt.polarity === 'target') {
    paintBoxes(context, picture);
    paintSensitivity(context, picture);
  }
}

/** The parts that nothing is known of yet. */
function paintPending(context: CanvasRenderingContext2D, picture: LanePicture, columns: CurveColumns | null): void {
  const { scale, height, colors } = picture;
  const pending = new Bars(0, height);
  if (columns === null) pending.add(0, scale.width);
  else columns.highest.forEach((value, x) => Number.isNaN(value) && pending.add(x, 1));
  if (!pending.isEmpty) pending.fill(context, hatch(context, colors.line), 1);
}

function paintCurve(context: CanvasRenderingContext2D, picture: LanePicture, columns: CurveColumns): void {
  const { colors, height, prompt } = picture;
  const { lowest, highest } = columns;
  const contrast = prompt.polarity === 'contrast';
  context.strokeStyle = colors.prompt;
  context.lineJoin = 'round';
  context.lineWidth = 1.6;
  context.setLineDash(contrast ? [5, 4] : []);
  for (let x = 0; x < highest.length; x += 1) {
    if (Number.isNaN(highest[x]!)) continue;
    const from = x;
    const line = new Path2D();
    for (; x < highest.length && !Number.isNaN(highest[x]!); x += 1)
      line.lineTo(x + 0.5, scoreToY(highest[x]!, height));
    const area = new Path2D(line);
    area.lineTo(x, height);
    area.lineTo(from, height);
    fillPath(context, area, colors.prompt, contrast ? 0.05 : 0.1);
    // A column that holds many frames shows how far down they reach, too.
    const reach = new Path2D(line);
    for (let back = x - 1; back >= from; back -= 1) reach.lineTo(back + 0.5, scoreToY(lowest[back]!, height));
    fillPath(context, reach, colors.prompt, 0.2);
    context.stroke(line);
  }
  context.setLineDash([]);
}

/** The hits: shaded over the whole height, with a bar at the foot; rejected ones hatched and struck through. */
function paintRegions(context: CanvasRenderingContext2D, picture: LanePicture): void {
  const { regions, scale, height, colors, selected, activeId } = picture;
  const shade = new Bars(0, height);
  const candidates = new Bars(height - HIT_BAR - 1, HIT_BAR);
  const accepted = new Bars(height - HIT_BAR - 2, HIT_BAR + 2);
  const rails = new Bars(0, height);
  const rejected = new Bars(0, height);
  const strikes = new Bars(height - HIT_BAR, 1.5);
  for (const region of regions) {
    if (region.end < scale.start || region.start > scale.end) continue;
    const x = timeToX(scale, region.start);
    const width = Math.max(MIN_WIDTH, timeToX(scale, region.end) - x);
    if (region.status === 'rejected') {
      rejected.add(x, width);
      strikes.add(x, width);
    } else {
      shade.add(x, width);
      (region.status === 'accepted' ? accepted : candidates).add(x, width);
    }
    if (region.status === 'accepted') {
      // These edges can be dragged.
      rails.add(x, 1.5);
      rails.add(x + width - 1.5, 1.5);
    }
    if (!selected.has(region.id)) continue;
    context.fillStyle = colors.prompt;
    context.globalAlpha = 0.1;
    context.fillRect(x, 0, width, height);
    context.globalAlpha = 1;
    if (region.id !== activeId) continue;
    context.strokeStyle = colors.prompt;
    context.lineWidth = 1;
    context.strokeRect(Math.round(x) - 0.5, 0.5, Math.round(width) + 1, height - 1);
  }
  shade.fill(context, colors.prompt, 0.13);
  candidates.fill(context, colors.prompt, 0.85);
  accepted.fill(context, colors.prompt, 1);
  rails.fill(context, colors.prompt, 1);
  if (!rejected.isEmpty) rejected.fill(context, hatch(context, colors.muted), 0.3);
  strikes.fill(context, colors.muted, 1);
}

/** Every box as a lid at the height of its confidence, so that the sensitivity line visibly cuts between them. */
function paintBoxes(context: CanvasRenderingContext2D, picture: LanePicture): void {
  const { prompt, scale, height, colors, weakShown } = picture;
  const passing = prompt.hitCount > 0 ? 1 - prompt.sensitivity : Infinity;
  let last = { x: -1, confidence: 0 };
  for (const box of visibleBoxes(prompt.boxes, scale)) {
    const x = timeToX(scale, box.start);
    // Of those that share a pixel the strongest is seen.
    if (x - last.x < 1 && box.confidence <= last.confidence) continue;
    last = { x, confidence: box.confidence };
    const width = Math.max(MIN_WIDTH, timeToX(scale, box.end) - x);
    const isStrong = weakShown || box.confidence >= passing;
    context.fillStyle = isStrong ? colors.prompt : colors.muted;
    context.globalAlpha = isStrong ? 0.9 : 0.5;
    context.fillRect(x, scoreToY(box.confidence, height) - 1, width, 2);
  }
  context.globalAlpha = 1;
}

/** Boxes are sorted and do not overlap, so the visible ones are one slice. */
function visibleBoxes(boxes: readonly SoundEventBox[], scale: TimeScale): readonly SoundEventBox[] {
  const first = lowerBound(boxes, (box) => box.end >= scale.start);
  return boxes.slice(
    first,
    lowerBound(boxes, (box) => box.start > scale.end),
  );
}

function lowerBound<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function paintSensitivity(context: CanvasRenderingContext2D, picture: LanePicture): void {
  const { prompt, scale, height, colors } = picture;
  const y = Math.round(scoreToY(1 - prompt.sensitivity, height)) + 0.5;
  context.strokeStyle = colors.muted;
  context.lineWidth = 1;
  context.globalAlpha = 0.75;
  context.setLineDash([3, 4]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(scale.width, y);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}
