import { css, html, type CSSResultGroup } from 'lit';
import { colorProbes, colorProbeStyles, resolvedColors } from '../canvas-colors.js';
import { CanvasController } from '../canvas-controller.js';
import { EarmarkElement } from '../earmark-element.js';
import { Bars, hatch } from '../canvas-fill.js';
import { listenToHost } from '../host-listener.js';
import { StoreController } from '../store-controller.js';
import { PALETTE } from '../../plugin/palette.js';
import { colorLookup } from '../region-prompt.js';
import { promptColor, theme } from '../theme.styles.js';
import { timeToX, visibleScale } from '../time-scale.js';
import { StoreScope } from '../store-scope.js';
import type { paintEnvelope } from './envelope-painter.js';
import { drawOnWaveform } from './overlay-drawing.js';

/** The prompts' colours, one for hits without a prompt, and one for the mask. */
const COLORS = [...PALETTE.map((_, index) => promptColor(index)), 'var(--_muted)', 'var(--_accent)'];

/** Shades the hits over the host's waveform in the colours of their prompts, and draws the mask; to be put there by `host.mountOverlay`. */
export class OverlayElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
    colorProbeStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  readonly #store = new StoreController(this, (state) => ({
    regions: state.regions,
    envelope: state.gainEnvelope,
    isBypassed: state.maskBypassed,
    active: state.activeRegionId,
    selected: state.selectedRegionIds,
    mark: state.mark,
    prompts: state.prompts.map(({ id, text, color }) => `${id} ${text} ${color}`).join('\n'),
  }));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));

  #paintEnvelope: typeof paintEnvelope | null = null;

  constructor() {
    super();
    listenToHost(this, { viewchange: () => this.#canvas.invalidate() });
    void new StoreScope(this, (store) => drawOnWaveform(this, store));
  }

  protected override render() {
    return html`<canvas aria-hidden="true"></canvas>${colorProbes(COLORS, () => this.#canvas.invalidate())}`;
  }

  async #loadPainter(): Promise<void> {
    this.#paintEnvelope = (await import('./envelope-painter.js')).paintEnvelope;
    this.#canvas.invalidate();
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const view = this.#store.value;
    if (view === null) return;
    const resolved = resolvedColors(this.renderRoot);
    const [muted, accent] = resolved.slice(-2) as [string, string];
    const colorOf = colorLookup(this.earmark!.getState().prompts);
    // A host that shows accepted regions itself shades them already.
    const hostShades = this.earmark!.host?.setRegions !== undefined;
    const scale = visibleScale(this.earmark, width);
    const looks = new Map<string, { bars: Bars; style: string | CanvasPattern; alpha: number }>();
    const draw = (style: string | CanvasPattern, alpha: number, x: number, extent: number) => {
      const key = `${typeof style === 'string' ? style : ''} ${alpha}`;
      const look = looks.get(key) ?? { bars: new Bars(0, height), style, alpha };
      looks.set(key, look);
      look.bars.add(x, extent);
    };
    const rejected = hatch(context, muted);
    for (const region of view.regions) {
      if (region.end < scale.start || region.start > scale.end) continue;
      const x = timeToX(scale, region.start);
      const extent = Math.max(2, timeToX(scale, region.end) - x);
      const index = colorOf(region);
      const color = index === undefined ? muted : resolved[index]!;
      if (region.status === 'rejected') {
        draw(rejected, 0.25, x, extent);
        continue;
      }
      const isAccepted = region.status === 'accepted';
      if (!isAccepted || !hostShades) draw(color, view.selected.has(region.id) ? 0.28 : 0.16, x, extent);
      if (isAccepted || region.id === view.active) {
        draw(color, 1, x, 1);
        draw(color, 1, x + extent - 1, 1);
      }
    }
    for (const { bars, style, alpha } of looks.values()) bars.fill(context, style, alpha);
    if (view.mark !== null) paintMark(context, timeToX(scale, view.mark.time), height, view.mark.side, accent);
    if (view.envelope === null) return;
    if (this.#paintEnvelope === null) void this.#loadPainter();
    else this.#paintEnvelope(context, view.envelope, scale, { height, color: accent, dashed: view.isBypassed });
  }
}

/** A line with a flag on the side where the region will be. */
function paintMark(pen: CanvasRenderingContext2D, x: number, height: number, side: 'in' | 'out', color: string): void {
  pen.fillStyle = color;
  pen.fillRect(x - 0.75, 0, 1.5, height);
  const tip = side === 'in' ? 9 : -9;
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x + tip, 5);
  pen.lineTo(x, 10);
  pen.fill();
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-overlay': OverlayElement;
  }
}
