import { css, html } from 'lit';
import { styleProperties } from './style-properties.js';

/**
 * Canvases cannot read `var()` or `light-dark()`. Invisible elements let the browser resolve them, and their
 * transitions tell of every change of theme, whatever caused it: a media query, a class, a property set by the page.
 */
export const colorProbeStyles = css`
  .color-probe {
    position: absolute;
    visibility: hidden;
    transition: color 1ms;
    forced-color-adjust: none;
  }
`;

/** Probes for CSS colours; `changed` is called whenever one of them resolves to something else. */
export function colorProbes(colors: readonly string[], changed: () => void) {
  return colors.map(
    (color) => html`<i class="color-probe" ${styleProperties({ color })} @transitionend=${changed}></i>`,
  );
}

/** What the probes of an element resolve to now, in their order. */
export function resolvedColors(root: ParentNode): string[] {
  return [...root.querySelectorAll('.color-probe')].map((probe) => getComputedStyle(probe).color);
}
