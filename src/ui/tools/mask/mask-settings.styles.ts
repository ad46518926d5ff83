import { css } from 'lit';

export const maskSettingsStyles = css`
  :host {
    container-type: inline-size;
  }
  .rows {
    display: grid;
    gap: 14px;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    align-items: start;
    gap: 8px 16px;
    min-width: 0;
    margin: 0;
    padding: 0;
    padding-inline-start: 100px;
    border: 0;
  }
  legend {
    float: left;
    width: 84px;
    margin-inline-start: -100px;
    line-height: 30px;
    padding: 0;
    color: var(--_muted);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 30px;
  }
  input[type='radio'],
  input[type='checkbox'] {
    width: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--_accent);
  }
  input[type='number'] {
    width: 72px;
    min-height: 30px;
    padding: 4px 8px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_raised);
    font: 13px var(--_mono);
  }
  input[aria-invalid] {
    border-color: var(--_danger);
  }
  .apart {
    padding-inline-start: 16px;
    border-inline-start: 1px solid var(--_line);
  }
  .chips {
    display: flex;
    flex-basis: 100%;
    flex-wrap: wrap;
    gap: 6px;
  }
  .chip[aria-pressed] {
    color: var(--_text);
    background: var(--_surface);
  }
  .chip[aria-pressed='true'] {
    border-color: var(--_accent);
    background: color-mix(in srgb, var(--_accent) 10%, var(--_surface));
  }
  .field {
    display: inline-grid;
  }
  .problem {
    display: flex;
    align-items: center;
    gap: 4px;
    color: var(--_danger);
    font-size: 12px;
  }
  .lowered {
    min-width: 190px;
    line-height: 30px;
  }
  .buttons {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  p {
    flex-basis: 100%;
    margin: 0;
  }
  @media (pointer: coarse) {
    label,
    input[type='number'] {
      min-height: 44px;
    }
    legend,
    .lowered {
      line-height: 44px;
    }
  }
  @container (width < 560px) {
    fieldset {
      padding: 0;
    }
    legend {
      width: 100%;
      margin: 0;
      line-height: inherit;
    }
  }
`;
