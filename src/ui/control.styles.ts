import { css } from 'lit';

/** Buttons alone and joined, chips, dots and key caps, the same in every element. */
export const controls = css`
  button,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 30px;
    margin: 0;
    padding: 4px 11px;
    border: 1px solid var(--_control-line);
    border-radius: var(--_radius);
    background: var(--_raised);
    cursor: pointer;
    touch-action: manipulation;
    user-select: none;
  }
  button:hover:not(:disabled, [aria-pressed='true']) {
    background: color-mix(in srgb, var(--_text) 6%, var(--_raised));
  }
  button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  button[aria-pressed='true'] {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button.primary:enabled {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button.primary:enabled:hover {
    background: color-mix(in srgb, var(--_text) 14%, var(--_accent));
  }
  button.square {
    min-width: 34px;
    padding: 4px 8px;
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  button.link {
    min-height: 0;
    padding: 2px 4px;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--_accent);
  }
  .joined {
    display: inline-flex;
  }
  .joined button + button {
    margin-inline-start: -1px;
    border-start-start-radius: 0;
    border-end-start-radius: 0;
  }
  .joined button:not(:last-child) {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }
  .joined button:focus-visible {
    z-index: 1;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-height: 28px;
    padding: 3px 11px;
    border: 1px solid var(--_control-line);
    border-radius: 999px;
    background: var(--_surface);
  }
  .dot {
    flex: none;
    width: 9px;
    height: 9px;
    border-radius: 50%;
    background: var(--_c, var(--_muted));
    forced-color-adjust: none;
  }
  .dot.hollow {
    border: 2px solid var(--_c, var(--_muted));
    background: none;
  }
  .muted,
  .note {
    color: var(--_muted);
  }
  .note {
    font-size: 12px;
  }
  .grow {
    flex: 1;
  }
  kbd {
    padding: 1px 5px;
    border: 1px solid var(--_control-line);
    border-radius: 4px;
    color: var(--_muted);
    font: 11px/1.35 var(--_mono);
  }
  @media (pointer: coarse) {
    button,
    .chip {
      min-height: 44px;
    }
    button.square {
      min-width: 44px;
    }
    button.link {
      min-height: 44px;
      padding-inline: 10px;
    }
  }
  @media (forced-colors: active) {
    button[aria-pressed='true'],
    button.primary:enabled {
      border-color: Highlight;
      forced-color-adjust: none;
    }
  }
`;
