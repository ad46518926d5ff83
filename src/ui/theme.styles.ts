import { css, unsafeCSS } from 'lit';
import { PALETTE } from '../plugin/palette.js';

/** `--_color-1` … `--_color-8`. */
const palette = unsafeCSS(PALETTE.map((color, index) => `--_color-${index + 1}: ${color};`).join('\n'));

/** The CSS colour of a prompt, to be used below an element that has {@link theme}. */
export function promptColor(index: number): string {
  return `var(--_color-${(index % PALETTE.length) + 1})`;
}

/**
 * The tokens. A page sets `--earmark-*` anywhere above; the elements read them through private `--_*` names, so that
 * a value of the page is never covered by a default. Light or dark follows the `color-scheme` of the surroundings.
 */
export const theme = css`
  :host {
    --_surface: var(--earmark-surface, light-dark(#ffffff, #181b20));
    --_raised: var(--earmark-raised, light-dark(#ffffff, #20242a));
    --_line: var(--earmark-line, light-dark(#e1e4e9, #2a2f37));
    --_control-line: var(--earmark-control-line, light-dark(#cdd2da, #3a414b));
    --_text: var(--earmark-text, light-dark(#1a1d21, #e8eaed));
    --_muted: var(--earmark-muted, light-dark(#5f6772, #949da9));
    --_accent: var(--earmark-accent, light-dark(#2f5fd0, #7da2ff));
    --_on-accent: var(--earmark-on-accent, light-dark(#ffffff, #0b1020));
    --_good: var(--earmark-good, light-dark(#0e7a6c, #3cc4b0));
    --_warning: var(--earmark-warning, light-dark(#8f5200, #f0b35a));
    --_danger: var(--earmark-danger, light-dark(#b3261e, #ff9a90));
    --_radius: var(--earmark-radius, 8px);
    --_font: var(--earmark-font, 13px/1.45 Inter, system-ui, 'Segoe UI', Roboto, sans-serif);
    --_mono: var(--earmark-font-mono, ui-monospace, 'SF Mono', Menlo, Consolas, monospace);
    ${palette}

    box-sizing: border-box;
    display: block;
    color: var(--_text);
    font: var(--_font);
    font-variant-numeric: tabular-nums;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  .icon {
    display: block;
    flex: none;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  @media (prefers-contrast: more) {
    :host {
      --_line: var(--earmark-line, light-dark(#6d7480, #8b94a1));
      --_control-line: var(--earmark-control-line, light-dark(#4a515b, #aab2bd));
      --_muted: var(--earmark-muted, light-dark(#3c434c, #c3c9d1));
    }
  }
  @media (forced-colors: active) {
    :host {
      --_surface: Canvas;
      --_raised: ButtonFace;
      --_line: CanvasText;
      --_control-line: ButtonBorder;
      --_text: CanvasText;
      --_muted: CanvasText;
      --_accent: Highlight;
      --_on-accent: HighlightText;
      --_good: CanvasText;
      --_warning: CanvasText;
      --_danger: CanvasText;
    }
  }
`;
