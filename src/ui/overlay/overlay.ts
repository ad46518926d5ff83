import { css, html, type CSSResultGroup } from 'lit';
import { CanvasController } from '../canvas-controller.js';
import { EarmarkElement } from '../earmark-element.js';
import { fillPath, hatch } from '../canvas-fill.js';
import { listenToHost } from '../host-listener.js';
import { StoreController } from '../store-controller.js';
import { PALETTE } from '../../plugin/palette.js';
import { colorLookup } from '../region-prompt.js';
import { styleProperties } from '../style-properties.js';
import { promptColor, theme } from '../theme.styles.js';
import { timeToX, visibleScale } from '../time-scale.js';

/** Shades the hits over the host's waveform in the colours of their prompts; to be put there by `host.mountOverlay`. */
export class OverlayElement extends EarmarkElement {
  static override styles: CSSResultGroup = [
    theme,
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
      i {
        position: absolute;
        visibility: hidden;
        transition: color 1ms;
        forced-color-adjust: none;
      }
    `,
  ];

  readonly #store = new StoreController(this, (state) => ({
    regions: state.regions,
    active: state.activeRegionId,
    selected: state.selectedRegionIds,
    prompts: state.prompts.map(({ id, text, color }) => `${id} ${text} ${color}`).join('\n'),
  }));
  readonly #canvas = new CanvasController(this, (context, width, height) => this.#paint(context, width, height));

  constructor() {
    super();
    listenToHost(this, { viewchange: () => this.#canvas.invalidate() });
  }

  protected override render() {
    const changed = () => this.#canvas.invalidate();
    const probes = [...PALETTE.map((_, index) => promptColor(index)), 'var(--_muted)'];
    return html`<canvas aria-hidden="true"></canvas
      >${probes.map((color) => html`<i ${styleProperties({ color })} @transitionend=${changed}></i>`)}`;
  }

  #paint(context: CanvasRenderingContext2D, width: number, height: number): void {
    const view = this.#store.value;
    if (view === null || view.regions.length === 0) return;
    const resolved = [...this.renderRoot.querySelectorAll('i')].map((probe) => getComputedStyle(probe).color);
    const muted = resolved.at(-1)!;
    const colorOf = colorLookup(this.earmark!.getState().prompts);
    // A host that shows accepted regions itself shades them already.
    const hostShades = this.earmark!.host?.setRegions !== undefined;
    const scale = visibleScale(this.earmark, width);
    // One path a look: where hits lie closer than pixels, the shade must not add up to a wall of colour.
    const looks = new Map<string, { path: Path2D; style: string | CanvasPattern; alpha: number }>();
    const draw = (style: string | CanvasPattern, alpha: number, x: number, extent: number) => {
      const key = `${typeof style === 'string' ? style : ''} ${alpha}`;
      const look = looks.get(key) ?? { path: new Path2D(), style, alpha };
      looks.set(key, look);
      look.path.rect(x, 0, extent, height);
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
    for (const { path, style, alpha } of looks.values()) fillPath(context, path, style, alpha);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'earmark-overlay': OverlayElement;
  }
}
