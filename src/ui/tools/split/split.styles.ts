import { css } from 'lit';

export const splitStyles = css`
  :host {
    container-type: inline-size;
    display: grid;
    gap: 10px;
  }
  .ask,
  .how,
  .end,
  .save,
  fieldset {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .how {
    gap: 8px 24px;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    gap: 4px 14px;
  }
  legend {
    float: left;
    padding: 0;
  }
  .how label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  input:not([type='checkbox'], [type='radio']),
  select {
    min-width: 0;
    min-height: 30px;
    padding: 4px 8px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  input[type='checkbox'],
  input[type='radio'] {
    margin: 0;
    vertical-align: middle;
    accent-color: var(--_accent);
  }
  select {
    max-width: 190px;
  }
  #names {
    flex: 1 1 220px;
  }
  #cost {
    width: 72px;
    font-family: var(--_mono);
  }
  p {
    margin: 0;
  }
  .scroll {
    max-height: 296px;
    overflow: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--_surface);
    color: var(--_muted);
    font-size: 12px;
    font-weight: 400;
    text-align: start;
  }
  th,
  td {
    height: 34px;
    padding: 0 8px;
    border-bottom: 1px solid var(--_line);
  }
  .narrow {
    width: 56px;
    text-align: center;
  }
  .number {
    width: 86px;
    text-align: end;
    white-space: nowrap;
  }
  .name {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .name input {
    width: 100%;
    min-width: 76px !important;
    max-width: 220px;
    border-color: transparent !important;
    background: none !important;
  }
  .name input:hover,
  .name input:focus {
    border-color: var(--_control-line) !important;
  }
  .name .other {
    padding: 0 9px;
  }
  .known {
    max-width: 0;
    width: 40%;
    overflow: hidden;
    color: var(--_muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .known.failed {
    color: var(--_danger);
    white-space: normal;
  }
  .hidden-class .name,
  .hidden-class .number {
    color: var(--_muted);
  }
  #preset-name {
    width: 170px;
  }
  @media (pointer: coarse) {
    input:not([type='checkbox'], [type='radio']),
    select,
    th,
    td {
      min-height: 44px;
      height: 44px;
    }
    input[type='checkbox'],
    input[type='radio'] {
      width: 24px;
      height: 24px;
    }
  }
  @container (max-width: 520px) {
    .known,
    th:nth-child(3) {
      display: none;
    }
    .number {
      width: auto;
    }
  }
`;
