import { firstAfter, type GainEnvelope } from '../../dsp/gain-envelope.js';
import type { TimeScale } from '../time-scale.js';

/** CSS pixels between the line and the waveform's edges. */
const MARGIN = 6;

/** Where a gain lies on a waveform of this height, in CSS pixels from its top: 1 at the top, linear. */
export function gainToY(gain: number, height: number): number {
  return MARGIN + (1 - gain) * (height - 2 * MARGIN);
}

/** The gain at a height, 0…1. */
export function yToGain(y: number, height: number): number {
  return Math.min(1, Math.max(0, 1 - (y - MARGIN) / (height - 2 * MARGIN)));
}

/** Draws a gain envelope as a line, full gain at the top; dashed while it is passed by. */
export function paintEnvelope(
  context: CanvasRenderingContext2D,
  envelope: GainEnvelope,
  { start, end, width }: TimeScale,
  look: { readonly height: number; readonly color: string; readonly dashed: boolean },
): void {
  const x = (time: number) => ((time - start) / (end - start)) * width;
  const y = (gain: number) => gainToY(gain, look.height);
  const from = Math.max(0, firstAfter(envelope, start) - 1);
  const to = Math.min(envelope.length - 1, firstAfter(envelope, end));
  context.beginPath();
  context.moveTo(0, y(envelope[from]!.gain));
  for (let i = from; i <= to; i += 1) context.lineTo(x(envelope[i]!.time), y(envelope[i]!.gain));
  context.lineTo(width, y(envelope[to]!.gain));
  context.save();
  context.setLineDash(look.dashed ? [3, 4] : []);
  context.strokeStyle = look.color;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.stroke();
  context.restore();
}
