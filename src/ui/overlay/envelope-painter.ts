import { firstAfter, type GainEnvelope } from '../../dsp/gain-envelope.js';
import type { TimeScale } from '../time-scale.js';

/** CSS pixels between the line and the waveform's edges. */
const MARGIN = 6;

/** Draws a gain envelope as a line, full gain at the top; dashed while it is passed by. */
export function paintEnvelope(
  context: CanvasRenderingContext2D,
  envelope: GainEnvelope,
  { start, end, width }: TimeScale,
  look: { readonly height: number; readonly color: string; readonly dashed: boolean },
): void {
  const x = (time: number) => ((time - start) / (end - start)) * width;
  const y = (gain: number) => MARGIN + (1 - gain) * (look.height - 2 * MARGIN);
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
