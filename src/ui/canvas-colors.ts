import { css, html, type TemplateResult } from 'lit';

/** Colours of the theme as a canvas can take them. */
export interface CanvasColors {
  readonly prompt: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
}

/**
 * Canvases cannot read `var()` or `light-dark()`. This invisible element lets the browser resolve them, and its
 * transitions tell of every change of theme, whatever caused it: a media query, a class, a property set by the page.
 */
export const colorProbeStyles = css`
  .color-probe {
    position: absolute;
    visibility: hidden;
    width: 0;
    height: 0;
    color: var(--_c, var(--_muted));
    caret-color: var(--_text);
    border: 0 solid var(--_line);
    outline-color: var(--_muted);
    background-color: var(--_surface);
    text-decoration-color: var(--_accent);
    transition-property: color, caret-color, border-top-color, outline-color, background-color, text-decoration-color;
    transition-duration: 1ms;
    forced-color-adjust: none;
  }
`;

export function colorProbe(changed: () => void): TemplateResult {
  return html`<span class="color-probe" aria-hidden="true" @transitionend=${changed}></span>`;
}

export function readColors(root: ParentNode): CanvasColors {
  const style = getComputedStyle(root.querySelector('.color-probe')!);
  return {
    prompt: style.color,
    text: style.caretColor,
    muted: style.outlineColor,
    line: style.borderTopColor,
    surface: style.backgroundColor,
    accent: style.textDecorationColor,
  };
}
