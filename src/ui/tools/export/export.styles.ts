import { css } from 'lit';

export const exportStyles = css`
  :host {
    container-type: inline-size;
  }
  form {
    display: grid;
    gap: 12px;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    float: left;
    width: 68px;
    padding: 0;
    color: var(--_muted);
    line-height: 30px;
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 30px;
  }
  label.off {
    opacity: 0.55;
  }
  input[type='radio'],
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--_accent);
  }
  select,
  input[type='number'],
  input[type='text'] {
    min-height: 30px;
    padding: 4px 8px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: inherit;
    font: inherit;
  }
  input[type='number'] {
    width: 72px;
    font: 13px var(--_mono);
  }
  input[type='text'] {
    flex: 1 1 220px;
    min-width: 0;
    font: 13px var(--_mono);
  }
  input[aria-invalid='true'] {
    border-color: var(--_danger);
  }
  .places {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 4px;
  }
  .places button {
    min-height: 26px;
    padding: 1px 8px;
    font-size: 12px;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 14px;
  }
  .line {
    flex-basis: 100%;
    margin: 0;
    padding-inline-start: 84px;
    overflow-wrap: anywhere;
  }
  .problem {
    color: var(--_danger);
  }
  @media (pointer: coarse) {
    label,
    select,
    input[type='number'],
    input[type='text'],
    .places button {
      min-height: 44px;
    }
  }
  @container (width < 560px) {
    legend {
      width: 100%;
    }
    .line {
      padding-inline-start: 0;
    }
  }
`;
