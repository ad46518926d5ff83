import { css } from 'lit';

export const identifyStyles = css`
  :host {
    container-type: inline-size;
    display: grid;
    gap: 10px;
  }
  .ask {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  input,
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
  select {
    max-width: 220px;
  }
  input {
    flex: 1 1 220px;
  }
  p,
  ol {
    margin: 0;
  }
  ol {
    display: grid;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: minmax(120px, 220px) 48px minmax(40px, 1fr) auto;
    align-items: center;
    gap: 4px 12px;
    min-height: 34px;
    border-bottom: 1px solid var(--_line);
  }
  li.unlikely {
    color: var(--_muted);
  }
  .label {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .number {
    text-align: end;
    font-family: var(--_mono);
  }
  .bar {
    height: 6px;
    border-radius: 3px;
    background: var(--_line);
  }
  .bar i {
    display: block;
    width: calc(var(--_part) * 100%);
    height: 100%;
    border-radius: inherit;
    background: var(--_accent);
  }
  li.unlikely .bar i {
    background: var(--_muted);
  }
  .acts {
    display: flex;
    gap: 4px;
  }
  .acts button {
    min-height: 26px;
    padding: 1px 9px;
  }
  @media (pointer: coarse) {
    input,
    select,
    .acts button {
      min-height: 44px;
    }
  }
  @media (forced-colors: active) {
    .bar {
      border: 1px solid CanvasText;
    }
    .bar i {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
  @container (max-width: 520px) {
    li {
      grid-template-columns: 1fr 48px auto;
    }
    .bar {
      display: none;
    }
  }
`;
