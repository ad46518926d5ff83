import { css } from 'lit';

/** Sideways drags are ours and the page keeps its vertical scrolling; the handles take over on touchstart. */
export const curveLaneStyles = css`
  :host {
    position: relative;
    min-height: var(--earmark-lane-height, 64px);
    overflow: hidden;
    contain: strict;
  }
  .plot {
    position: absolute;
    inset: 0;
    touch-action: pan-y pinch-zoom;
    user-select: none;
    -webkit-user-select: none;
    cursor: default;
  }
  .plot[data-target='edge'] {
    cursor: ew-resize;
  }
  .plot[data-target='line'] {
    cursor: ns-resize;
  }
  .plot[data-target='region'] {
    cursor: pointer;
  }
  canvas {
    position: absolute;
    inset: 0;
    display: block;
    width: 100%;
    height: 100%;
  }
  .playhead {
    position: absolute;
    top: 0;
    bottom: 0;
    left: -1px;
    width: 1.5px;
    background: var(--_text);
    pointer-events: none;
    will-change: transform;
    forced-color-adjust: none;
  }
  .readout {
    position: absolute;
    top: 4px;
    left: 0;
    padding: 1px 6px;
    border: 1px solid var(--_line);
    border-radius: 5px;
    background: var(--_raised);
    color: var(--_text);
    font: 11px/1.4 var(--_mono);
    white-space: pre;
    pointer-events: none;
  }
`;
