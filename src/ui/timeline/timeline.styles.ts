import { css } from 'lit';

/** `closed`: nothing is open, and the hint lies on the empty waveform. */
export const timelineStyles = css`
  :host {
    container-type: inline-size;
  }
  .grid {
    display: grid;
    grid-template-columns: var(--earmark-side-width, 204px) minmax(0, 1fr);
  }
  .grid > * {
    border-bottom: 1px solid var(--_line);
  }
  .side {
    display: grid;
    align-content: center;
    min-width: 0;
    border-inline-end: 1px solid var(--_line);
  }
  .side.text {
    padding: 5px 12px;
  }
  .side b {
    font-weight: 550;
  }
  .side .note {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .waveform {
    position: relative;
    min-width: 0;
  }
  .waveform:not(.filled) {
    display: none;
  }
  .wide {
    grid-column: 1 / -1;
  }
  .empty {
    display: grid;
    gap: 2px;
    padding: 30px 20px;
    justify-items: center;
    text-align: center;
  }
  .empty b {
    font-weight: 550;
    font-size: 14px;
  }
  .closed > * {
    grid-area: 1 / 1 / 2 / -1;
    border-bottom: 0;
  }
  .closed .empty {
    align-content: center;
    pointer-events: none;
  }
  .grid.stacked {
    grid-template-columns: minmax(0, 1fr);
  }
  .stacked .side {
    border-inline-end: 0;
  }
  .stacked .side.text {
    display: none;
  }
  .stacked earmark-lane-header {
    border-bottom: 0;
  }
`;
