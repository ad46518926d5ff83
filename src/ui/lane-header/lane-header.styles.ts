import { css } from 'lit';

/** `stacked`: one line above the lane. On touch screens the slider reaches beyond its line without making it taller. */
export const laneHeaderStyles = css`
  :host {
    container-type: inline-size;
    min-width: 0;
  }
  .header {
    display: grid;
    align-content: center;
    padding: 4px 12px;
  }
  .header > * {
    min-width: 0;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 7px;
    font-weight: 550;
  }
  .text,
  .note {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .text {
    flex: 1;
  }
  .count {
    color: var(--_muted);
    font-weight: 400;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .note span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .note.warning {
    color: var(--_warning);
  }
  .note.error {
    color: var(--_danger);
    white-space: normal;
  }
  .note .icon {
    width: 12px;
    height: 12px;
  }
  .note button.link {
    flex: none;
    padding: 0;
    font-size: 12px;
  }
  input[type='range'] {
    appearance: none;
    width: 100%;
    height: 18px;
    margin: 0;
    background: none;
    cursor: pointer;
    touch-action: pan-y;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--_c) var(--_fill), var(--_control-line) var(--_fill));
  }
  input[type='range']::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: var(--_control-line);
  }
  input[type='range']::-moz-range-progress {
    height: 4px;
    border-radius: 2px;
    background: var(--_c);
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 14px;
    height: 14px;
    margin-top: -5px;
    border: 2px solid var(--_surface);
    border-radius: 50%;
    background: var(--_c);
    box-shadow: 0 0 0 1px var(--_c);
  }
  input[type='range']::-moz-range-thumb {
    width: 10px;
    height: 10px;
    border: 2px solid var(--_surface);
    border-radius: 50%;
    background: var(--_c);
    box-shadow: 0 0 0 1px var(--_c);
  }
  input[type='range']:focus-visible {
    border-radius: 4px;
    outline-offset: 0;
  }
  @media (pointer: coarse) {
    input[type='range'] {
      height: 44px;
      margin-block: -12px;
    }
  }
  @media (forced-colors: active) {
    input[type='range'] {
      forced-color-adjust: none;
    }
  }
  :host([stacked]) .header {
    grid-template-columns: minmax(0, 220px) minmax(0, 180px) minmax(0, 1fr);
    align-items: center;
    column-gap: 14px;
    padding-block: 5px 3px;
  }
  :host([stacked]) .text {
    flex: initial;
  }
  :host([stacked]) .note:nth-child(2) {
    grid-column: 2 / -1;
  }
  @container (max-width: 520px) {
    :host([stacked]) .header {
      grid-template-columns: minmax(0, 1fr) minmax(96px, 45%);
    }
    :host([stacked]) .note:nth-child(n) {
      grid-column: 1 / -1;
    }
  }
`;
