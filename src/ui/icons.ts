import { html, svg, type SVGTemplateResult } from 'lit';

const stroked = (content: SVGTemplateResult) =>
  html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${content}
  </svg>`;
const filled = (content: SVGTemplateResult) =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor">
    ${content}
  </svg>`;

export const icons = {
  search: stroked(svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.3 10.3 3.2 3.2"/>`),
  play: filled(svg`<path d="m4.5 2 10 6-10 6Z"/>`),
  pause: filled(svg`<path d="M3.5 2.5h3v11h-3ZM9.5 2.5h3v11h-3Z"/>`),
  previous: filled(svg`<path d="M11.5 3v10L3.5 8Z"/>`),
  next: filled(svg`<path d="M4.5 3v10l8-5Z"/>`),
  loop: stroked(svg`<path d="M3 8.5V7a3 3 0 0 1 3-3h7M11 2l2 2-2 2M13 7.5V9a3 3 0 0 1-3 3H3M5 14l-2-2 2-2"/>`),
  undo: stroked(svg`<path d="M5.5 3 2.5 6l3 3M2.5 6h7a3.75 3.75 0 0 1 0 7.5H6"/>`),
  redo: stroked(svg`<path d="m10.5 3 3 3-3 3M13.5 6h-7a3.75 3.75 0 0 0 0 7.5H10"/>`),
  close: stroked(svg`<path d="m4 4 8 8M12 4l-8 8"/>`),
  check: stroked(svg`<path d="m3 8.5 3.3 3.3L13 4.7"/>`),
  plus: stroked(svg`<path d="M8 3v10M3 8h10"/>`),
  minus: stroked(svg`<path d="M3 8h10"/>`),
  warning: stroked(svg`<path d="M8 2 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.1"/>`),
  info: stroked(svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.3v3.7M8 5v.1"/>`),
  chevron: stroked(svg`<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>`),
};
